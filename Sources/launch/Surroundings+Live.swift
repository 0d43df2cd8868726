import Assembly
import Cryptography
import CurlHTTP
import Foundation
import Logging
import Resources

/// The clock on the wall.
struct SystemClock: TimeSource {
    func now() -> Date { Date() }
    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}

/// The clock on another wall.
struct ShiftedClock: TimeSource {
    let offset: Duration

    func now() -> Date { Date().addingTimeInterval(offset / .seconds(1)) }
    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}

extension Surroundings {
    /// The real world.
    static func live(logger: Logger) -> Surroundings {
        let environment = ProcessInfo.processInfo.environment
        return Surroundings(
            http: CurlHTTPClient(environment: environment, logger: logger), time: SystemClock(),
            random: SystemRandom(), environment: environment,
            host: LocalHost(environment))
    }
}

extension LeaseHolder {
    /// This process, which works on a repository's folder.
    static func current(in folder: String) -> LeaseHolder {
        let process = ProcessInfo.processInfo
        let environment = process.environment
        return LeaseHolder(
            user: environment["USER"] ?? environment["LOGNAME"] ?? process.userName,
            host: process.hostName, pid: Int(process.processIdentifier),
            runURL: runURL(environment),
            commit: environment["GITHUB_SHA"] ?? WorkingCopy(around: folder)?.commit)
    }

    private static func runURL(_ environment: [String: String]) -> String? {
        guard let server = environment["GITHUB_SERVER_URL"],
            let repository = environment["GITHUB_REPOSITORY"],
            let run = environment["GITHUB_RUN_ID"]
        else { return nil }
        let page = "\(server)/\(repository)/actions/runs/\(run)"
        return environment["GITHUB_RUN_ATTEMPT"].map { "\(page)/attempts/\($0)" } ?? page
    }
}
