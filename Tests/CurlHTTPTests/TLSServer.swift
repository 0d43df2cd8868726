import Foundation

/// An HTTPS server on loopback with a certificate of its own making.
///
/// It tells what it saw, and ends when it is let go.
final class TLSServer {
    static let isPossible = ["openssl", "python3"].allSatisfy { tool($0) != nil }

    let origin: String
    /// The certificate, which is its own authority.
    let certificate: String
    /// Its SHA-256 as openssl prints it: `AB:CD:…`.
    let fingerprint: String
    private let folder: URL
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init() throws {
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
        process.executableURL = Self.tool("python3")
        process.arguments = ["-c", Self.program, certificate, key]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
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

    private static let program = """
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

    private static func run(_ name: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = tool(name)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = Pipe()
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func tool(_ name: String) -> URL? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .map { URL(filePath: "\($0)/\(name)") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path()) }
    }
}
