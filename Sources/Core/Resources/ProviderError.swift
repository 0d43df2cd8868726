/// What a provider could not do, and what helps.
package struct ProviderError: Error, Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// Too many requests; the provider may say when to come back.
        case throttled(retryAfter: Duration?)
        /// The credentials are missing, wrong or expired.
        case unauthorized
        /// The credentials are good but lack a permission.
        case forbidden(permission: String?)
        case notFound
        /// An object that Launch does not own is in the way.
        case conflict
        /// The provider refuses the request as it is.
        case invalid
        /// The provider has no room for it now.
        case noCapacity
        /// The account's quota is used up.
        case quota
        /// The provider had a fault of its own; the same request may pass later.
        case unavailable
        /// No answer: unknown host, refused connection, untrusted certificate.
        case unreachable
        /// It took longer than its deadline.
        case timedOut
        /// The provider accepted the work and then failed at it.
        case failed
        /// The clock here differs too much from the provider's.
        case clockSkew
        /// The provider's version lacks what is needed.
        case unsupported
        /// `protect` stands in the way.
        case protected
    }

    package let reason: Reason
    package let provider: ProviderName
    /// The object concerned; `nil` when it is none in particular.
    package let address: Address?
    /// Follows "could not": "create the instance".
    package let action: String
    /// The provider's own words, without secrets.
    package let detail: String
    private let advice: String?

    package init(
        _ reason: Reason, provider: ProviderName, address: Address? = nil, action: String,
        detail: String, remedy: String? = nil
    ) {
        self.reason = reason
        self.provider = provider
        self.address = address
        self.action = action
        self.detail = detail
        self.advice = remedy
    }

    /// One imperative sentence.
    package var remedy: String { advice ?? reason.remedy(for: provider) }

    /// True when the same request may pass if it is sent again.
    package var isTransient: Bool {
        switch reason {
        case .throttled, .unavailable: true
        default: false
        }
    }
}

extension ProviderError: CustomStringConvertible {
    package var description: String {
        let subject = address.map(String.init(describing:)) ?? provider.rawValue
        return "\(subject): could not \(action): \(detail)"
    }
}

extension ProviderError.Reason {
    func remedy(for provider: ProviderName) -> String {
        switch self {
        case .throttled: "Wait a few minutes and run it again; nothing was lost."
        case .unauthorized: "Set \(provider.credentialVariables)."
        case .forbidden(let permission?): "Grant \(permission) to the credentials in use."
        case .forbidden: "Grant the missing permission to the credentials in use."
        case .notFound: "Run `launch plan` to see what has changed outside of Launch."
        case .conflict: "Remove the other object, or choose another name."
        case .invalid: "Correct the value named above."
        case .noCapacity: "Try again later, or choose another size."
        case .quota: "Ask the provider for a higher quota, or remove what is not needed."
        case .unavailable: "Run it again in a few minutes; Launch goes on where it stopped."
        case .unreachable: "Check the network and \(provider.endpointVariable)."
        case .timedOut: "Run it again; Launch goes on where it stopped."
        case .failed: "Read the provider's message above, then run it again."
        case .clockSkew: "Set this machine's clock."
        case .unsupported: "Update the provider's software, or choose another target."
        case .protected: "Set `protect: false` in the service's spec first."
        }
    }
}

extension ProviderName {
    /// The environment variable that moves its endpoint.
    package var endpointVariable: String {
        switch self {
        case .aws: "AWS_ENDPOINT_URL"
        case .proxmox: "PROXMOX_VE_ENDPOINT"
        case .cloudflare: "CLOUDFLARE_BASE_URL"
        case .github: "GITHUB_API_URL"
        }
    }

    /// The environment variables that hold its credentials.
    package var credentialVariables: String {
        switch self {
        case .aws: "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        case .proxmox: "PROXMOX_VE_API_TOKEN (user@realm!id=uuid)"
        case .cloudflare: "CLOUDFLARE_API_TOKEN"
        case .github: "GITHUB_TOKEN (a token that may administer the repository)"
        }
    }
}
