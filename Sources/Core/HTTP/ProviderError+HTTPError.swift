package import Resources

extension ProviderError {
    /// What it means for `action` that no answer came.
    package init(
        _ error: HTTPError, provider: ProviderName, address: Address? = nil, action: String
    ) {
        self.init(
            error.isCertainlyWithoutEffect ? .unreachable : .unavailable, provider: provider,
            address: address, action: action,
            detail: "\(error.origin): \(error.reason.words)"
                + (error.detail.isEmpty ? "" : " (\(error.detail))"))
    }
}

extension HTTPError.Reason {
    fileprivate var words: String {
        switch self {
        case .badURL: "not a usable URL"
        case .unknownHost: "unknown host"
        case .refused: "connection refused"
        case .untrustedCertificate: "certificate not trusted"
        case .timedOut: "no answer in time"
        case .interrupted: "connection broken"
        case .other: "no answer"
        }
    }
}
