import Foundation

/// What a seed says about the runner to register.
struct RunnerSettings: Hashable {
    let url: String
    let token: String
    let name: String
    let labels: [String]

    /// `owner/name`, or the organisation.
    var repository: String {
        let afterScheme = url.range(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return afterScheme.split(separator: "/").dropFirst().joined(separator: "/")
    }

    /// Finds the settings in a seed as its first bytes ask to read it.
    ///
    /// Understood are a script (`#!`) and cloud-config whose body is JSON, as Launch writes it;
    /// see `cloud-init`'s user-data formats.
    /// - Returns: `nil` when the seed registers no runner.
    init?(seed: [UInt8]) {
        let text = String(decoding: seed, as: UTF8.self)
        let firstLine = text.prefix { !$0.isNewline }
        if firstLine.hasPrefix("#!") {
            self.init(file: text)
        } else if firstLine.trimmingCharacters(in: .whitespaces) == "#cloud-config" {
            let body = Data(text.utf8.dropFirst(firstLine.utf8.count))
            guard let config = try? JSONDecoder().decode(CloudConfig.self, from: body) else {
                return nil
            }
            let found = config.writeFiles?.lazy.compactMap { Self(file: $0.content ?? "") }.first
            guard let found else { return nil }
            self = found
        } else {
            return nil
        }
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

    private struct CloudConfig: Decodable {
        struct File: Decodable { let content: String? }

        let writeFiles: [File]?

        private enum CodingKeys: String, CodingKey { case writeFiles = "write_files" }
    }
}
