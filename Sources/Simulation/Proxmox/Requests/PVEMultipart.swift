import Foundation

/// The body of an upload: text fields first, the file last.
struct PVEMultipart {
    private(set) var fields = PVEArguments()
    private(set) var file: [UInt8]?

    /// - Parameter contentType: `multipart/form-data; boundary=…`.
    /// - Throws: `PVEFailure` for a body that the server would misread: the fields have to stand in
    ///   the order `content`, `checksum-algorithm`, `checksum`, `filename`.
    init(_ body: [UInt8], contentType: String) throws {
        let parameter = contentType.components(separatedBy: "boundary=").dropFirst().first
        guard let boundary = parameter?.trimmingCharacters(in: ["\"", " "]), !boundary.isEmpty
        else {
            throw PVEFailure(501, "multipart/form-data without boundary")
        }
        let order = ["content", "checksum-algorithm", "checksum", "filename"]
        var position = -1
        for part in Self.parts(of: Data(body), boundary: boundary) {
            guard let name = part.parameter("name"), let place = order.firstIndex(of: name),
                place > position, file == nil
            else { throw PVEFailure("wrong Content-Disposition in multipart upload") }
            position = place
            if name == "filename" {
                guard let fileName = part.parameter("filename") else {
                    throw PVEFailure("wrong Content-Disposition: the file has no name")
                }
                fields.set("filename", fileName)
                file = Array(part.content)
            } else {
                fields.set(name, String(decoding: part.content, as: UTF8.self))
            }
        }
    }

    private struct Part {
        let disposition: String
        let content: Data

        /// `name="…"` of the `Content-Disposition` line.
        func parameter(_ name: String) -> String? {
            guard let start = disposition.range(of: "; \(name)=\"") else { return nil }
            return String(disposition[start.upperBound...].prefix { $0 != "\"" })
        }
    }

    private static func parts(of body: Data, boundary: String) -> [Part] {
        let delimiter = Data("--\(boundary)".utf8)
        var parts: [Part] = []
        var rest = body[...]
        while let start = rest.range(of: delimiter) {
            rest = rest[start.upperBound...]
            guard let headEnd = rest.range(of: Data("\r\n\r\n".utf8)),
                let end = rest.range(of: Data("\r\n".utf8) + delimiter)
            else { break }
            let head = String(decoding: rest[..<headEnd.lowerBound], as: UTF8.self)
            let line = head.components(separatedBy: "\r\n").first {
                $0.lowercased().hasPrefix("content-disposition:")
            }
            parts.append(
                Part(
                    disposition: line ?? "",
                    content: rest[min(headEnd.upperBound, end.lowerBound)..<end.lowerBound]))
            rest = rest[(end.lowerBound + 2)...]
        }
        return parts
    }
}
