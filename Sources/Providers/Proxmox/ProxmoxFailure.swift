import HTTP
import Resources

/// What one request or task came to when it did not succeed.
///
/// Proxmox answers nearly everything with status 500, so the words decide what it means.
struct ProxmoxFailure: Error, Hashable {
    /// What is sensible next.
    enum Recourse: Hashable {
        /// Tell the user.
        case none
        /// It had no effect and may pass in a moment.
        case again
        /// Somebody changed the object meanwhile: read it, decide again.
        case readAgain
        /// It may have had its effect: look before repeating.
        case look
    }

    let reason: ProviderError.Reason
    /// Proxmox's own words.
    let detail: String
    let recourse: Recourse
    var remedy: String?
    /// The identifier is taken, by a guest that was made a moment before.
    var isIdentifierTaken = false

    init(
        _ reason: ProviderError.Reason, _ detail: String, recourse: Recourse = .none,
        remedy: String? = nil
    ) {
        self.reason = reason
        self.detail = detail
        self.recourse = recourse
        self.remedy = remedy
    }

    /// The same call may pass, at once or in a while.
    var isWorthRepeating: Bool { recourse == .look || recourse == .again }

    var firstLine: String { String(detail.prefix { !$0.isNewline }) }

    func error(_ action: String, _ address: Address?) -> ProviderError {
        ProviderError(
            reason, provider: .proxmox, address: address, action: action, detail: detail,
            remedy: remedy)
    }
}

extension ProxmoxFailure {
    init(_ error: HTTPError) {
        let detail = String(describing: error)
        switch error.reason {
        case .badURL:
            self.init(.unreachable, detail, remedy: "Correct the endpoint in launch.yaml.")
        case .unknownHost:
            self.init(.unreachable, detail, remedy: "Check the endpoint's host name and the DNS.")
        case .refused:
            self.init(
                .unreachable, detail, remedy: "Check the endpoint's port (8006) and the network.")
        case .untrustedCertificate:
            self.init(
                .unreachable, detail,
                remedy: "Set `targets.proxmox.fingerprint` to the certificate's SHA-256.")
        case .timedOut, .interrupted, .other:
            self.init(.unavailable, detail, recourse: .look)
        }
    }

    /// Classifies an answer outside 200–299.
    init(_ response: HTTPResponse) {
        let detail = Self.words(of: response)
        switch response.status {
        case 400: self.init(.invalid, detail)
        case 401:
            self.init(
                .unauthorized, detail,
                remedy: "Check that PROXMOX_VE_API_TOKEN is valid and has not expired.")
        case 403: self.init(.forbidden(permission: Self.permission(in: detail)), detail)
        case 404: self.init(.notFound, detail)
        case 429:
            let seconds = response.header("Retry-After").flatMap(Int.init)
            self.init(
                .throttled(retryAfter: seconds.map { .seconds($0) }), detail, recourse: .again)
        case 501 where detail.contains("too large"): self.init(.invalid, detail)
        case 501: self.init(.unsupported, detail)
        case 595:
            self.init(
                .unavailable, detail, recourse: .again,
                remedy: "Bring the guest's node back, or wait until high availability has moved "
                    + "its guests.")
        case 503: self.init(.unavailable, detail, recourse: .again)
        case 502, 504, 596, 597, 599: self.init(.unavailable, detail, recourse: .look)
        default: self = Self.fault(detail)
        }
    }

    /// Classifies the words of a status 500, or of a task's end.
    static func fault(_ detail: String) -> Self {
        let rules: [(words: [String], ProviderError.Reason, Recourse)] = [
            (["detected modified configuration"], .unavailable, .readAgain),
            (["checksum mismatch (file change"], .unavailable, .readAgain),
            (["can't lock file", "got timeout"], .unavailable, .again),
            (["no quorum"], .unavailable, .again),
            (["is locked"], .unavailable, .none),
            (["protection mode enabled"], .protected, .none),
            (["already exists on node"], .conflict, .none),
            (["does not exist"], .notFound, .none),
            (["no such"], .notFound, .none),
            (["not enough space"], .noCapacity, .none),
            (["insufficient free space"], .noCapacity, .none),
            (["No space left on device"], .noCapacity, .none),
            (["unexpected status"], .failed, .look),
        ]
        let rule = rules.first { $0.words.allSatisfy(detail.contains) }
        var failure = Self(rule?.1 ?? .failed, detail, recourse: rule?.2 ?? .none)
        failure.isIdentifierTaken = failure.reason == .conflict
        if failure.reason == .unavailable, failure.recourse == .none {
            failure.remedy =
                "Wait for the task that holds the lock; after a crash an administrator of Proxmox "
                + "removes it with `qm unlock` or `pct unlock`."
        }
        return failure
    }

    /// `message`, or the reason phrase of servers before 8.4, then the parameters at fault.
    private static func words(of response: HTTPResponse) -> String {
        let body = response.json
        let message = trimmed(body?["message"]?.string ?? response.reason)
        let faults = (body?["errors"]?.object ?? [:]).sorted { $0.key < $1.key }
            .map { "\($0.key): \(trimmed($0.value.plainText))" }
        let words = ([message.isEmpty ? "status \(response.status)" : message] + faults)
        return words.joined(separator: "; ")
    }

    /// `VM.Allocate on /vms/100`, from `Permission check failed (/vms/100, VM.Allocate)`.
    private static func permission(in detail: String) -> String? {
        guard let start = detail.firstIndex(of: "("), let end = detail.lastIndex(of: ")"),
            start < end
        else { return nil }
        let parts = detail[detail.index(after: start)..<end].split(separator: ",", maxSplits: 1)
        guard parts.count == 2, parts[0].hasPrefix("/") else { return nil }
        return "\(trimmed(parts[1])) on \(parts[0])"
    }
}
