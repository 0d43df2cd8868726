import HTTP

import Foundation

/// Reads requests with the limits and the oddities of `pve-http-server`
/// (`src/PVE/APIServer/AnyEvent.pm`).
struct PVERequestReader {
    let version: PVEVersion

    private var bodyLimit: Int { (version < PVEVersion(8, 4) ? 64 : 512) * 1024 }

    /// - Returns: The parameters of query and body, and the file of an upload.
    /// - Throws: `PVEFailure` for what the server does not take.
    func read(
        _ request: SimulatedRequest, isUpload: Bool
    ) throws -> (arguments: PVEArguments, file: [UInt8]?) {
        try checkLimits(request)
        let query = PVEArguments(form: request.query)
        if request.method == "GET" || request.method == "DELETE" || request.method == "HEAD" {
            guard request.body.isEmpty else {
                throw PVEFailure(501, "Unexpected content for method '\(request.method)'")
            }
            return (query, nil)
        }
        let contentType = request.header("Content-Type") ?? ""
        if isUpload, contentType.lowercased().hasPrefix("multipart/form-data") {
            let upload = try PVEMultipart(request.body, contentType: contentType)
            return (upload.fields, upload.file)
        }
        guard request.body.count <= bodyLimit else { throw PVEFailure(501, "for data too large") }
        return (try merge(query, body(request.body, contentType)), nil)
    }

    private func checkLimits(_ request: SimulatedRequest) throws {
        if request.header("Transfer-Encoding")?.lowercased().contains("chunked") ?? false {
            throw PVEFailure(501, "chunked transfer encoding not supported")
        }
        let size = request.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        guard request.headers.count <= 64, size <= 8192 else {
            throw PVEFailure(501, "too many http header lines (> 64) or bytes (> 8192)")
        }
    }

    private func body(_ body: [UInt8], _ contentType: String) throws -> PVEArguments {
        switch contentType.prefix(while: { $0 != ";" }).lowercased().filter({ $0 != " " }) {
        case "application/json": return try PVEArguments(json: body)
        case _ where body.isEmpty: return PVEArguments()
        case "application/x-www-form-urlencoded":
            return PVEArguments(form: String(decoding: body, as: UTF8.self))
        default: throw PVEFailure(506, "upload error: unsupported content type '\(contentType)'")
        }
    }

    private func merge(_ query: PVEArguments, _ body: PVEArguments) throws -> PVEArguments {
        var merged = query
        for name in body.names { for value in body.all(name) { merged.append(name, value) } }
        return merged
    }
}
