package import Resources

extension HTTPBody {
    /// The value as a JSON document with sorted keys. Secrets inside are written in clear:
    /// a request is the one place they go.
    package static func json(_ value: Value) throws -> HTTPBody {
        .bytes(try value.revealingSecrets.jsonBytes())
    }
}

extension HTTPResponse {
    /// The body as JSON; `nil` when it is none.
    package var json: Value? { Value(json: body) }
}

extension Value {
    /// The same with every secret as plain text.
    package var revealingSecrets: Value {
        switch self {
        case .secret(let secret): .string(secret.revealed)
        case .list(let values): .list(values.map(\.revealingSecrets))
        case .object(let members): .object(members.mapValues(\.revealingSecrets))
        default: self
        }
    }
}
