import HTTP

/// A `multipart/form-data` body: text fields in the given order, then the file.
///
/// Proxmox reads the parts in exactly the order `content`, `checksum-algorithm`, `checksum`,
/// `filename` (pve-http-server, `PVE/APIServer/AnyEvent.pm`).
struct MultipartUpload: Sendable {
    let boundary: String
    let head: [UInt8]
    let content: [UInt8]
    let tail: [UInt8]

    init(boundary: String, fields: [(String, String)], filename: String, content: [UInt8]) {
        self.boundary = boundary
        let texts = fields.map { name, value in
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        let file =
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"filename\"; "
            + "filename=\"\(filename)\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        head = Array((texts.joined() + file).utf8)
        self.content = content
        tail = Array("\r\n--\(boundary)--\r\n".utf8)
    }

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    var body: HTTPBody {
        let pieces = [head, content, tail]
        return .stream(length: pieces.reduce(0) { $0 + $1.count }) { offset, limit in
            var start = offset
            for piece in pieces {
                if start < piece.count { return Array(piece[start...].prefix(limit)) }
                start -= piece.count
            }
            return []
        }
    }
}
