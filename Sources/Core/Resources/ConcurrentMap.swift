extension Array where Element: Sendable {
    /// Transforms the elements, at most `limit` at once, and keeps their order.
    package func concurrentMap<Result: Sendable>(
        atOnce limit: Int = 16, _ transform: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results: [Int: Result] = [:]
            for (index, element) in enumerated() {
                if index >= limit, let (index, result) = try await group.next() {
                    results[index] = result
                }
                group.addTask { (index, try await transform(element)) }
            }
            for try await (index, result) in group { results[index] = result }
            return indices.compactMap { results[$0] }
        }
    }
}
