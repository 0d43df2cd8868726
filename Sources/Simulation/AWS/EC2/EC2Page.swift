import Foundation

/// The part of a list that one request asks for.
struct EC2Page {
    private let limit: Int?
    private let start: Int

    /// Reads `MaxResults` and `NextToken`.
    ///
    /// - Parameters:
    ///   - ids: Objects asked for by id: those are never paged.
    ///   - cap: The longest page that the service gives by itself.
    init(_ parameters: QueryParameters, ids: [String] = [], cap: Int?) throws {
        let wished = try parameters.integer("MaxResults", in: 5...1000)
        let token = parameters.string("NextToken")
        if !ids.isEmpty, wished != nil || token != nil {
            throw AWSError.combination(
                "The parameter MaxResults cannot be used with a list of ids in the same request")
        }
        limit = ids.isEmpty ? [wished, cap].compactMap(\.self).min() : nil
        start = try token.map(Self.offset) ?? 0
    }

    /// The page's elements, and the token of the next page.
    func cut<Element>(_ elements: [Element]) -> (page: [Element], next: [XML]) {
        let end = min(elements.count, start + (limit ?? elements.count))
        let page = start < end ? Array(elements[start..<end]) : []
        return (page, end < elements.count ? [XML("nextToken", Self.token(end))] : [])
    }

    private static func token(_ offset: Int) -> String {
        Data("offset \(offset)".utf8).base64EncodedString()
    }

    private static func offset(_ token: String) throws -> Int {
        let words = Data(base64Encoded: token).map { String(decoding: $0, as: UTF8.self) }?
            .split(separator: " ")
        guard let words, words.count == 2, words[0] == "offset", let offset = Int(words[1])
        else { throw AWSError("InvalidNextToken", "The token \(token) is not valid") }
        return offset
    }
}
