import Foundation
import TestSupport

/// A server with a certificate that nobody vouches for.
final class SelfSignedServer: Sendable {
    static let isPossible = ExternalTool("openssl").isInstalled

    let origin: String
    private let process = Process()

    init(in folder: URL) async throws {
        let (key, certificate) = ("\(folder.path)/key.pem", "\(folder.path)/certificate.pem")
        if let complaint = try ExternalTool("openssl").complaint([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
            "-out", certificate,
        ]) {
            throw Impossible(reason: complaint)
        }
        let output = folder.appending(path: "server.out")
        try Data().write(to: output)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate,
            "-www",
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        try process.runAlone()
        var port: Substring?
        try await until { [process] in
            guard process.isRunning else { throw Impossible(reason: "openssl has ended") }
            port = try String(contentsOf: output, encoding: .utf8)
                .firstMatch(of: /ACCEPT .*:(\d+)\n/)?.1
            return port != nil
        }
        origin = "https://127.0.0.1:\(port ?? "")"
    }

    func stop() { process.terminate() }

    private struct Impossible: Error { let reason: String }
}
