import HTTP
import Resources

/// One page of a list, with the addresses of the next and the last in `Link`.
struct GitHubPage {
    private let request: SimulatedRequest
    private let size: Int
    private let number: Int

    /// - Parameter cap: of a world with small pages.
    init(_ request: SimulatedRequest, cap: Int?) {
        self.request = request
        let parameters = request.parameters
        let wished = parameters["per_page"].flatMap(Int.init) ?? 30
        size = min(max(1, wished), 100, cap ?? 100)
        number = max(1, parameters["page"].flatMap(Int.init) ?? 1)
    }

    /// `{"total_count": …, member: […]}`.
    func response(of all: [Value], in member: String) -> HTTPResponse {
        let shown = all.dropFirst((number - 1) * size).prefix(size)
        return .document(
            ["total_count": .integer(all.count), member: .list(Array(shown))],
            headers: links(last: max(1, (all.count + size - 1) / size)))
    }

    /// A bare list.
    func response(of all: [Value]) -> HTTPResponse {
        let shown = all.dropFirst((number - 1) * size).prefix(size)
        return .document(
            .list(Array(shown)), headers: links(last: max(1, (all.count + size - 1) / size)))
    }

    private func links(last: Int) -> [HTTPHeader] {
        guard number < last else { return [] }
        let targets = [("next", number + 1), ("last", last)].map { name, number in
            var parameters = request.parameters
            parameters["page"] = String(number)
            let query = formEncoded(parameters.sorted { $0.key < $1.key })
            return "<\(request.origin)\(request.path)?\(query)>; rel=\"\(name)\""
        }
        return [HTTPHeader("Link", targets.joined(separator: ", "))]
    }
}
