import HTTP

import CCurl

/// One request under way.
///
/// Its fields belong to the loop's thread from the moment it is posted there, and nobody else
/// touches them: that makes `@unchecked Sendable` true.
final class Transfer: @unchecked Sendable {
    typealias Continuation = CheckedContinuation<HTTPResponse, any Error>

    let request: HTTPRequest
    let origin: Origin
    /// Set while libcurl has it.
    var handle: EasyHandle?
    var isCancelled = false
    /// What went wrong on this side; it explains the code that libcurl ends with.
    private(set) var failure: HTTPError?

    private let bodyLimit: Int
    private var head = ResponseHead()
    private var body: [UInt8] = []
    private var timesSent = 0
    private var bytesSent = 0
    private var continuation: Continuation?

    /// - Throws: `HTTPError` when the request cannot be sent as it is.
    init(_ request: HTTPRequest, bodyLimit: Int) throws(HTTPError) {
        self.request = request
        self.bodyLimit = bodyLimit
        origin = try Origin(ofURL: request.url)
        for header in request.headers where !header.isWellFormed {
            throw HTTPError(
                .other, origin: origin.text,
                detail: "the header \"\(header.name.prefix { $0.isASCII && !$0.isNewline })\" "
                    + "holds a line break or has no name")
        }
    }

    /// True once a byte of the request may have reached the server.
    var mayHaveBeenSent: Bool { timesSent > 0 }

    func willResume(_ continuation: Continuation) { self.continuation = continuation }

    func finish(_ result: Result<HTTPResponse, any Error>) {
        continuation?.resume(with: result)
        continuation = nil
    }

    /// What came back, while libcurl still has the handle.
    var response: HTTPResponse {
        var response = HTTPResponse(
            status: head.status, reason: head.reason, headers: head.headers, body: body)
        if request.asksForCertificate { response.certificateExpiry = handle?.certificateExpiry }
        return response
    }

    // MARK: What libcurl calls

    func receiveHead(_ line: UnsafeRawBufferPointer) { head.take(line) }

    /// Returns false when it is too much.
    func receiveBody(_ piece: UnsafeRawBufferPointer) -> Bool {
        guard body.count + piece.count <= bodyLimit else {
            failure = HTTPError(
                .other, origin: origin.text,
                detail: "the answer has more than \(bodyLimit) bytes")
            return false
        }
        body += piece
        return true
    }

    /// Fills `buffer` with what comes next and returns how much; `nil` when that fails.
    func provideBody(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let length = request.body.length
        let limit = min(buffer.count, length - bytesSent)
        guard limit > 0 else { return 0 }
        do {
            let piece = try request.body.piece(at: bytesSent, limit: limit)
            guard !piece.isEmpty, piece.count <= limit else {
                throw HTTPError(
                    .other, origin: origin.text,
                    detail: "the request's body ends at \(bytesSent) of \(length) bytes")
            }
            buffer.copyBytes(from: piece)
            bytesSent += piece.count
            return piece.count
        } catch {
            failure =
                error as? HTTPError
                ?? HTTPError(
                    .other, origin: origin.text,
                    detail: "the request's body could not be read: \(error)")
            return nil
        }
    }

    /// libcurl sends again, by itself, what it sent on a kept connection that the server closed.
    /// Even a `PUT` must not happen twice unseen: with a condition, the second one fails by the
    /// first one's effect.
    func maySend() -> Bool {
        timesSent += 1
        if timesSent == 1 || request.method == .get || request.method == .head { return true }
        failure = HTTPError(
            .interrupted, origin: origin.text,
            detail: "the server closed the connection before it answered")
        return false
    }
}

extension HTTPHeader {
    fileprivate var isWellFormed: Bool {
        let forbidden: Set<UInt8> = [0x00, 0x0A, 0x0D]
        return !name.isEmpty && !name.contains(":") && forbidden.isDisjoint(with: name.utf8)
            && forbidden.isDisjoint(with: value.utf8)
    }
}

extension HTTPBody {
    var length: Int {
        switch self {
        case .none: 0
        case .bytes(let bytes): bytes.count
        case .stream(let length, _): length
        }
    }

    func piece(at offset: Int, limit: Int) throws -> ArraySlice<UInt8> {
        switch self {
        case .none: []
        case .bytes(let bytes): bytes[offset..<min(offset + limit, bytes.count)]
        case .stream(_, let read): try read(offset, limit)[...]
        }
    }
}
