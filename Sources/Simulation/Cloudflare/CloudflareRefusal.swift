import HTTP
import Resources

/// An error answer of Cloudflare's.
struct CloudflareRefusal: Error {
    let status: Int
    let code: Int
    let message: String
    var chain: [(code: Int, message: String)] = []
    var headers: [HTTPHeader] = []

    init(
        _ status: Int, _ code: Int, _ message: String, chain: [(code: Int, message: String)] = [],
        headers: [HTTPHeader] = []
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.chain = chain
        self.headers = headers
    }

    /// A record that cannot be.
    static func invalidRecord(_ code: Int, _ message: String) -> CloudflareRefusal {
        CloudflareRefusal(400, 1004, "DNS Validation Error", chain: [(code, message)])
    }

    static let invalidToken = CloudflareRefusal(401, 1000, "Invalid API Token")

    static let noRoute = CloudflareRefusal(400, 7000, "No route for that URI")

    static func unknownIdentifier(_ path: String) -> CloudflareRefusal {
        CloudflareRefusal(
            404, 7003,
            "Could not route to \(path), perhaps your object identifier is invalid?")
    }

    var response: HTTPResponse {
        var error: [String: Value] = ["code": .integer(code), "message": .string(message)]
        if !chain.isEmpty {
            error["error_chain"] = .list(
                chain.map { ["code": .integer($0.code), "message": .string($0.message)] })
        }
        return .document(
            ["success": false, "errors": [.object(error)], "messages": [], "result": .null],
            status: status, headers: headers)
    }
}

/// A page of a list, with what `result_info` says of it.
struct CloudflarePage {
    let elements: [Value]
    let info: Value

    /// - Throws: `CloudflareRefusal` when `page` or `per_page` is out of range.
    init(
        of all: [Value], _ parameters: [String: String], sizes: ClosedRange<Int>, usual: Int,
        cap: Int?
    ) throws {
        guard let page = Int(parameters["page"] ?? "1"), page >= 1 else {
            throw CloudflareRefusal(400, 1001, "Invalid value for page")
        }
        guard let wished = Int(parameters["per_page"] ?? String(usual)), sizes.contains(wished)
        else { throw CloudflareRefusal(400, 1002, "Invalid value for per_page") }
        let size = min(wished, cap ?? wished)
        elements = Array(all.dropFirst((page - 1) * size).prefix(size))
        info = [
            "page": .integer(page), "per_page": .integer(size), "count": .integer(elements.count),
            "total_count": .integer(all.count),
            "total_pages": .integer((all.count + size - 1) / size),
        ]
    }
}

extension SimulatedRequest {
    /// The members of the JSON object that the body is.
    var fields: [String: Value] {
        get throws {
            guard let fields = document?.object else {
                throw CloudflareRefusal(400, 6007, "Malformed JSON in request body")
            }
            return fields
        }
    }
}
