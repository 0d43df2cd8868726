import CurlHTTP
import Foundation
import Logging
import Rollout
import TestSupport
import Testing

/// The handshake with the protocol's own server, over real HTTP.
@Suite(.enabled(if: MCPServer.python != nil, "no python3 with mcp: run `make setup`"))
struct MCPServerTests {
    @Test(arguments: [[], ["json"], ["stateless"]])
    func theHandshakeSucceeds(_ options: [String]) async throws {
        let server = try MCPServer(options)
        defer { server.stop() }
        let http = CurlHTTPClient(environment: [:], logger: Logger(label: "tests"))
        #expect(try await MCPHandshake(http, url: server.url + "/mcp").shake() == .reached)
        let other = try await MCPHandshake(http, url: server.url + "/elsewhere").shake()
        #expect(
            other == .waiting("\(server.url)/elsewhere answers 404: \u{201C}Not Found\u{201D}"))
    }
}

/// The Python SDK's server on a loopback port.
private struct MCPServer {
    static let python: String? = {
        let tool = ExternalTool("python3")
        let check = "import importlib.util as u, sys; sys.exit(not u.find_spec('mcp'))"
        guard tool.isInstalled, (try? tool.complaint(["-c", check])) == .some(nil) else {
            return nil
        }
        return tool.path
    }()

    let url: String
    private let process = Process()
    private let input = Pipe()

    /// It ends when its input does.
    init(_ options: [String]) throws {
        let output = Pipe()
        process.executableURL = Self.python.map { URL(filePath: $0) }
        process.arguments = ["-c", Self.script] + options
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.runAlone()
        let greeting = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(greeting.split(whereSeparator: \.isWhitespace).last)
        url = "http://127.0.0.1:\(port)"
    }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private static let script = """
        import os, socket, sys, threading
        import uvicorn
        from mcp.server import MCPServer

        app = MCPServer("tools", version="1.2.3").streamable_http_app(
            json_response="json" in sys.argv, stateless_http="stateless" in sys.argv)
        door = socket.socket()
        door.bind(("127.0.0.1", 0))
        door.listen()
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        print(f"ready {door.getsockname()[1]}", flush=True)
        uvicorn.Server(uvicorn.Config(app, log_level="critical")).run(sockets=[door])
        """
}
