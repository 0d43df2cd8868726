import Foundation
import TestSupport

/// An HTTPS server on loopback with a certificate of its own making.
///
/// It tells what it saw, and ends when it is let go.
final class TLSServer {
    enum Version: String {
        case http1 = "python3"
        case http2 = "node"

        /// True when the programs that it needs are installed.
        var isPossible: Bool { ["openssl", rawValue].allSatisfy { tool($0) != nil } }
    }

    let origin: String
    /// The certificate, which is its own authority.
    let certificate: String
    /// Its SHA-256 as openssl prints it: `AB:CD:…`.
    let fingerprint: String
    private let folder: URL
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(_ version: Version = .http1) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let key = folder.appending(path: "key.pem").path()
        certificate = folder.appending(path: "certificate.pem").path()
        _ = try Self.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "2", "-subj", "/CN=launch test", "-addext",
                "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ])
        fingerprint =
            try Self.run(
                "openssl", ["x509", "-in", certificate, "-noout", "-fingerprint", "-sha256"]
            ).split(separator: "=").last.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            ?? ""
        process.executableURL = tool(version.rawValue)
        process.arguments =
            switch version {
            case .http1: ["-c", Self.pythonProgram, certificate, key]
            case .http2: ["-e", Self.nodeProgram, certificate, key]
            }
        process.standardInput = input
        process.standardOutput = output
        try process.runAlone()
        var port: [UInt8] = []
        while port.last != 10 {
            let byte = output.fileHandleForReading.readData(ofLength: 1)
            guard let byte = byte.first else { throw CocoaError(.fileReadUnknown) }
            port.append(byte)
        }
        origin = "https://127.0.0.1:" + String(decoding: port.dropLast(), as: UTF8.self)
    }

    deinit {
        try? input.fileHandleForWriting.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Stops the server; returns a line for each connection, handshake, refusal and request.
    func stop() throws -> [String] {
        try input.fileHandleForWriting.close()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static let pythonProgram = """
        import os, socket, ssl, sys, threading
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        listener = socket.create_server(("127.0.0.1", 0))
        def say(line): os.write(1, (line + "\\n").encode())
        def serve(plain):
            try:
                peer = context.wrap_socket(plain, server_side=True)
            except OSError:
                return say("refused")
            say("handshake")
            data = b""
            while True:
                try:
                    piece = peer.recv(65536)
                except OSError:
                    return say("refused")
                if not piece:
                    return
                data += piece
                if data.endswith(b"\\r\\n\\r\\n"):
                    say("request")
                    data = b""
                    peer.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
        def listen():
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
        say(str(listener.getsockname()[1]))
        threading.Thread(target=listen, daemon=True).start()
        sys.stdin.read()
        os._exit(0)
        """

    private static let nodeProgram = """
        const fs = require("fs"), http2 = require("http2")
        const say = line => fs.writeSync(1, line + "\\n")
        const [certificate, key] = process.argv.slice(1).map(file => fs.readFileSync(file))
        const server = http2.createSecureServer({ cert: certificate, key: key })
        server.on("session", () => say("handshake"))
        server.on("stream", (stream, headers) => {
            let count = 0
            stream.on("data", piece => { count += piece.length })
            stream.on("end", () => {
                say(`request ${headers[":method"]} ${headers[":path"]} ${count}`)
                stream.respond({ ":status": 201, "x-a": "b" })
                stream.end("ok")
            })
        })
        server.listen(0, "127.0.0.1", () => say(`${server.address().port}`))
        process.stdin.resume()
        process.stdin.on("end", () => process.exit(0))
        """

    private static func run(_ name: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = tool(name)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = Pipe()
        try process.runAlone()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Where a program is installed; `nil` when it is not.
private func tool(_ name: String) -> URL? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { URL(filePath: "\($0)/\(name)") }
        .first { FileManager.default.isExecutableFile(atPath: $0.path()) }
}
