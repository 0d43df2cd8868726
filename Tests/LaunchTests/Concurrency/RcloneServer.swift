import Foundation
import TestSupport
import Testing

/// rclone's S3 (<https://rclone.org/commands/rclone_serve_s3/>) on a loopback port: folders are
/// its buckets, and it ignores `If-Match` and `If-None-Match`.
final class RcloneServer: Sendable {
    private static let tool = ExternalTool("rclone")
    static var isInstalled: Bool { tool.isInstalled }

    let endpoint: String
    /// The credentials, as those of the state's bucket.
    let environment = [
        "LAUNCH_STATE_ACCESS_KEY_ID": "launch", "LAUNCH_STATE_SECRET_ACCESS_KEY": "secret",
    ]
    private let process = Process()
    private let input = Pipe()

    /// Starts one on a free port; it ends when its input does.
    init(serving folder: URL, log: URL) async throws {
        let log = log.appending(path: "rclone.log")
        try Data().write(to: log)
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c", #""$0" "$@" & cat; kill $!; wait"#, try #require(Self.tool.path), "serve", "s3",
            "--addr", "127.0.0.1:0", "--auth-key", "launch,secret", "--config", "/dev/null",
            folder.path,
        ]
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: log)
        try process.runAlone()
        var url: Substring?
        try await until { [process] in
            let text = try String(contentsOf: log, encoding: .utf8)
            url = text.firstMatch(of: /\[(http:\/\/127\.0\.0\.1:\d+)\/\]/)?.1
            return url != nil || !process.isRunning
        }
        endpoint = String(try #require(url))
    }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
