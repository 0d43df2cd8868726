import HTTP
import Resources

import Synchronization

/// Where machines get the runner: GitHub offers a repository the newest one alone, with a
/// checksum.
///
/// <https://docs.github.com/en/rest/actions/self-hosted-runners#list-runner-applications-for-a-repository>
final class RunnerArchives: Sendable {
    struct Offer: Hashable, Sendable {
        let version: String
        /// For each processor three words: `x64`, the archive's SHA-256, its address.
        let words: String
    }

    private let api: GitHubAPI
    private let current = Mutex<Offer?>(nil)
    private let turnstile = Turnstile()

    init(_ api: GitHubAPI) { self.api = api }

    /// What is offered; one run asks once, so that all its machines get the same.
    func offer(for purpose: Purpose) async throws -> Offer {
        try await turnstile.pass {
            if let offer = current.withLock({ $0 }) { return offer }
            let answer = try await api.send(
                .get, "/repos/\(purpose.repository)/actions/runners/downloads")
            let archives = (answer.list ?? []).compactMap(RunnerArchive.init)
            guard let version = archives.first?.version else {
                throw purpose.error(
                    .unavailable, "no runner for Linux with a checksum is offered",
                    remedy: "Look at https://www.githubstatus.com, and run it again.")
            }
            let offer = Offer(
                version: version,
                words: archives.map { "\($0.processor) \($0.digest) \($0.address)" }
                    .joined(separator: " "))
            current.withLock { $0 = offer }
            return offer
        }
    }
}

/// One archive, for a processor that machines have. What their script would not take as it stands
/// is refused.
private struct RunnerArchive {
    let processor: String
    let version: String
    let digest: String
    let address: String

    init?(_ value: Value) {
        guard value["os"] == "linux", let processor = value["architecture"]?.string,
            ["x64", "arm64"].contains(processor),
            let file = value["filename"]?.string, let address = value["download_url"]?.string,
            let digest = value["sha256_checksum"]?.string?.lowercased(),
            let version = file.wholeMatch(
                of: /actions-runner-linux-([a-z0-9]+)-([0-9.]+)\.tar\.gz/),
            version.1 == processor, digest.wholeMatch(of: /[0-9a-f]{64}/) != nil,
            address.wholeMatch(of: /https:\/\/[A-Za-z0-9_.:\/~%?=&+-]+/) != nil
        else { return nil }
        self.processor = processor
        self.version = String(version.2)
        self.digest = digest
        self.address = address
    }
}
