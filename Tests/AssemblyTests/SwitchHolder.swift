import HTTP
import Synchronization
import TestSupport

/// The switch of the process that runs now: each next one brings its own.
final class SwitchHolder: Sendable {
    private let held: Mutex<KillSwitch>

    init(_ killSwitch: KillSwitch) { held = Mutex(killSwitch) }

    var value: KillSwitch {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}

/// A network whose user may end before and after each request.
struct SwitchedHTTPClient: HTTPClient {
    private let base: any HTTPClient
    private let holder: SwitchHolder

    init(_ base: any HTTPClient, _ holder: SwitchHolder) {
        self.base = base
        self.holder = holder
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try holder.value.moment()
        let response = try await base.send(request)
        try holder.value.moment()
        return response
    }
}
