import Services

/// What a spec file holds, as text.
enum SpecText {
    /// Without a byte order mark.
    /// - Throws: the diagnostic of where it stops to be UTF-8.
    static func decoded(_ bytes: [UInt8], file: String) throws(InvalidRepository) -> String {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = bytes.starts(with: byteOrderMark) ? Array(bytes.dropFirst(3)) : bytes
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let valid = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\u{FFFD}" }
            throw InvalidRepository(file, Place(after: valid), "the file is not UTF-8 text")
        }
        return text
    }
}

extension InvalidRepository {
    init(_ file: String, _ place: Place, _ message: String) {
        self.init([Diagnostic(file: file, place: place, message: message)])
    }
}

extension Place {
    init(after text: Substring) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        self.init(line: lines.count, column: (lines.last?.unicodeScalars.count ?? 0) + 1)
    }
}
