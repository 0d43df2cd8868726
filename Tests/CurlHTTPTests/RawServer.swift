import Foundation
import Synchronization

/// A server on loopback that does, on each connection in turn, exactly what the test says.
final class RawServer: Sendable {
    typealias Script = @Sendable (RawConnection) -> Void

    let port: UInt16
    private let listener: CInt
    private let accepted = Count()

    var origin: String { "http://127.0.0.1:\(port)" }
    /// Connections so far.
    var connections: Int { accepted.value.withLock { $0 } }

    /// - Parameter scripts: one for each connection; a further one is closed at once.
    init(_ scripts: Script...) throws {
        (listener, port) = try Self.listen()
        Thread { [listener, accepted] in
            for number in 0... {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else { return }
                accepted.value.withLock { $0 += 1 }
                let connection = RawConnection(socket)
                guard number < scripts.count else { continue }
                Thread { scripts[number](connection) }.start()
            }
        }.start()
    }

    deinit {
        shutdown(listener, CInt(SHUT_RDWR))
        close(listener)
    }

    /// A port that nobody listens on.
    static func freePort() throws -> UInt16 {
        let (socket, port) = try listen()
        close(socket)
        return port
    }

    private final class Count: Sendable {
        let value = Mutex(0)
    }

    private static func listen() throws -> (CInt, UInt16) {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, size) == 0 && Glibc.listen(listener, 64) == 0
                    && getsockname(listener, pointer, &size) == 0
            }
        }
        guard status else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return (listener, UInt16(bigEndian: address.sin_port))
    }
}

/// One connection to a `RawServer`; it closes when it is let go.
final class RawConnection: Sendable {
    private let socket: CInt

    init(_ socket: CInt) { self.socket = socket }

    deinit { close(socket) }

    /// Everything up to and with the empty line; shorter when the client hangs up.
    @discardableResult func readHead() -> String {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]), let byte = read(1).first {
            head.append(byte)
        }
        return String(decoding: head, as: UTF8.self)
    }

    func read(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let received = recv(socket, &bytes[filled], count - filled, 0)
            guard received > 0 else { break }
            filled += received
        }
        return Array(bytes.prefix(filled))
    }

    /// Returns when the client hangs up.
    func waitForEnd() { while !read(1).isEmpty {} }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        _ = Glibc.send(socket, bytes, bytes.count, CInt(MSG_NOSIGNAL))
    }

    /// Answers 200 with `body` and keeps the connection.
    func answer(_ body: String = "") {
        send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
}
