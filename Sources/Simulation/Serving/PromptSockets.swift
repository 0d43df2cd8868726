import FlyingSocks

import Foundation

/// A pool whose sockets send each piece at once (`TCP_NODELAY`, tcp(7)).
///
/// The server writes an answer's head and body apart. Without the option the body waits until the
/// client's delayed acknowledgement of the head arrives, which takes about 40 ms.
struct PromptSockets: AsyncSocketPool {
    let pool: any AsyncSocketPool

    func prepare() async throws { try await pool.prepare() }
    func run() async throws { try await pool.run() }

    /// The listening socket waits here before any connection, and those that it accepts inherit
    /// the option.
    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        let noDelay = BoolSocketOption(level: Int32(IPPROTO_TCP), name: Int32(TCP_NODELAY))
        try socket.setValue(true, for: noDelay)
        try await pool.suspendSocket(socket, untilReadyFor: events)
    }
}
