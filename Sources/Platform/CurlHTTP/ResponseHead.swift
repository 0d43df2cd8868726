import HTTP

/// The status line and headers of the final response, taken in line by line.
struct ResponseHead {
    private(set) var status = 0
    private(set) var reason = ""
    private(set) var headers: [HTTPHeader] = []
    private var isComplete = false

    /// An interim response (100 to 199) is dropped when the next one starts; trailers are dropped.
    mutating func take(_ line: some Collection<UInt8>) {
        guard !isComplete else { return }
        let line = line.reversed().drop { $0 == 0x0A || $0 == 0x0D }.reversed()
        if line.isEmpty {
            isComplete = status >= 200
        } else if line.starts(with: Array("HTTP/".utf8)) {
            takeStatus(String(decoding: line, as: UTF8.self))
        } else if let colon = line.firstIndex(of: 0x3A) {
            headers.append(
                HTTPHeader(text(line[..<colon]), text(line[line.index(after: colon)...])))
        }
    }

    /// `HTTP/1.1 404 Not Found`; HTTP/2 has no words.
    private mutating func takeStatus(_ line: String) {
        let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        status = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        reason = parts.count > 2 ? String(parts[2]) : ""
        headers = []
    }

    private func text(_ bytes: some BidirectionalCollection<UInt8>) -> String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let trimmed = bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        return String(decoding: Array(trimmed), as: UTF8.self)
    }
}
