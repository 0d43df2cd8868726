import Foundation

/// What a seed says about the runner to register.
struct RunnerSettings: Hashable {
    let url: String
    let token: String
    let name: String
    let labels: [String]
    /// Of the archive that the seed names; `nil` when it names none.
    private(set) var version: String?
    private(set) var isEphemeral = false

    /// `owner/name`, or the organisation.
    var repository: String {
        let afterScheme = url.range(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return afterScheme.split(separator: "/").dropFirst().joined(separator: "/")
    }

    /// - Returns: `nil` when the seed registers no runner.
    init?(seed: SeedScript) {
        guard let found = seed.texts.lazy.compactMap({ Self(file: $0) }).first else { return nil }
        self = found
        isEphemeral = seed.isEphemeral
        version =
            seed.texts.lazy.compactMap { text in
                text.firstRange(of: "/actions-runner-linux-x64-").map { range in
                    String(text[range.upperBound...].prefix { $0.isNumber || $0 == "." })
                        .trimmingCharacters(in: .punctuationCharacters)
                }
            }.first
    }

    private init?(file text: String) {
        var inputs: [Substring: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].hasPrefix(Self.prefix) else { continue }
            inputs[parts[0].dropFirst(Self.prefix.count)] =
                parts[1].trimmingCharacters(in: CharacterSet(charactersIn: "'\""))
        }
        guard let url = inputs["URL"], let token = inputs["TOKEN"], let name = inputs["NAME"]
        else { return nil }
        self.url = url
        self.token = token
        self.name = name
        labels = inputs["LABELS"]?.split(separator: ",").map(String.init) ?? []
    }

    private static let prefix = "ACTIONS_RUNNER_INPUT_"
}
