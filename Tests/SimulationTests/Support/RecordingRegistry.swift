import Simulation

/// Remembers what guests do to their runners.
final class RecordingRegistry: RunnerRegistry {
    var events: [String] = []
    private let validToken: String

    init(validToken: String) { self.validToken = validToken }

    func register(
        url: String, token: String, name: String, labels: [String], version: String?,
        isEphemeral: Bool
    ) -> Bool {
        guard token == validToken else { return false }
        events.append("register \(name) at \(url) as \(labels.joined(separator: ","))")
        return true
    }

    func setOnline(name: String, repository: String, online: Bool) {
        events.append("\(name) of \(repository) \(online ? "online" : "offline")")
    }
}
