/// How the state is written as JSON: sorted keys, times as RFC 3339 in UTC with milliseconds.
package enum StateCoding {
    /// - Throws: `EncodingError` for a secret or an unknown value.
    package static func bytes(of document: some JSONCodable) throws -> [UInt8] {
        try document.json.jsonBytes()
    }

    /// - Throws: `JSONMismatch` for what is not such a document.
    package static func read<Document: JSONCodable>(
        _ type: Document.Type = Document.self, from bytes: [UInt8]
    ) throws -> Document {
        guard let json = Value(json: bytes) else { throw JSONMismatch("is not JSON") }
        return try Document(json: json)
    }

    /// Reads what is, or holds, a state document of this format or an older one.
    /// - Throws: `StateError.corrupt` and `.newerFormat` at `location`.
    package static func read<Document: JSONCodable>(
        _ type: Document.Type, from bytes: [UInt8], location: String
    ) throws -> Document {
        do {
            return try read(from: bytes)
        } catch let mismatch as JSONMismatch {
            throw StateError.corrupt(location: location, detail: mismatch.description)
        } catch let newer as StateDocument.NewerFormat {
            throw StateError.newerFormat(
                location: location, found: newer.found, supported: StateDocument.currentFormat)
        }
    }
}
