import Resources

/// How many requests something took.
struct RequestCount {
    private let byProvider: [ProviderName: Int]

    init(_ byProvider: [ProviderName: Int]) { self.byProvider = byProvider }

    private var total: Int { byProvider.values.reduce(0, +) }

    /// "12 requests (aws 4, github 8)."
    var sentence: String {
        let parts = byProvider.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) \($0.value)" }
        let detail = parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
        return "\(counted(total, "request"))\(detail)."
    }

    var document: Value {
        [
            "count": .integer(total),
            "by_provider": .object(
                Dictionary(
                    uniqueKeysWithValues: byProvider.map { ($0.key.rawValue, .integer($0.value)) })),
        ]
    }
}
