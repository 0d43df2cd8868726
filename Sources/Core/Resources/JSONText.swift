extension Value {
    /// The value as a JSON document whose text depends on nothing but the value: keys are sorted.
    ///
    /// A secret reads `(secret)`, and what is not known yet is `null`.
    package func jsonText(pretty: Bool = false) -> String {
        guard let bytes = try? showable.jsonBytes(pretty: pretty) else { return "null" }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What may be written for everyone to read.
    private var showable: Value {
        switch self {
        case .secret(let secret): .string(secret.description)
        case .template: .null
        case .number(let number) where !number.isFinite: .null
        case .list(let values): .list(values.map(\.showable))
        case .object(let members): .object(members.mapValues(\.showable))
        default: self
        }
    }
}
