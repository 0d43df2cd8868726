import FlyingSocks

/// A body that fails at its first byte, which makes the server close the connection.
struct CutConnection: AsyncBufferedSequence {
    struct Iterator: AsyncBufferedIteratorProtocol {
        mutating func next() async throws -> UInt8? { throw SocketError.disconnected }
        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            throw SocketError.disconnected
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator() }
}
