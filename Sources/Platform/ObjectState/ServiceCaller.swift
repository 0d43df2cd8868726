import HTTP
import Resources

/// Sends requests to one of the services that hold the state, until there is an answer to go by.
struct ServiceCaller: Sendable {
    /// Under a minute in all, so that a lease seldom ends meanwhile.
    private static let policy = RetryPolicy(
        attempts: 8, base: .milliseconds(200), cap: .seconds(10))
    private static let longestWait = Duration.seconds(20)
    /// For one request.
    static let timeout = Duration.seconds(20)

    /// What errors name.
    let location: String
    /// `S3`, in sentences.
    let service: String
    /// The key in launch.yaml, or the variable, that says where it is.
    let endpointSetting: String
    /// What else says so.
    var settings = S3Use.state.settings
    let http: any SigningHTTPClient
    let time: any TimeSource
    let random: any RandomSource

    /// - Parameter read: finds the service's words in an answer.
    /// - Throws: `StateError` when there is no answer, `CancellationError`.
    func send(
        _ request: HTTPRequest, reading read: (HTTPResponse) -> Refusal
    ) async throws -> Result<HTTPResponse, Refusal> {
        do {
            let response = try await retrying(
                Self.policy, time: time, random: random, advice: Self.advice
            ) { _ in
                let response = try await http.send(request)
                guard response.isSuccess else { throw read(response) }
                return response
            }
            return .success(response)
        } catch let refusal as Refusal {
            return .failure(refusal)
        } catch let error as HTTPError {
            throw meaning(of: error)
        } catch let error as ProviderError {
            throw meaning(of: error)
        }
    }

    private static func advice(_ error: any Error) -> RetryAdvice {
        switch error {
        case let refusal as Refusal where refusal.isTransient:
            refusal.retryAfter.map { .after(min($0, longestWait)) } ?? .again
        case let error as HTTPError where !error.isCertainlyWithoutEffect: .again
        case let error as ProviderError where error.isTransient: .again
        default: .giveUp
        }
    }
}

// MARK: - What went wrong, for people

extension ServiceCaller {
    /// More than this no service makes up for, so it explains a signature that is refused.
    private static let toleratedSkew = Duration.seconds(15 * 60)

    func inaccessible(_ detail: String, remedy: String) -> StateError {
        .inaccessible(location: location, detail: detail, remedy: remedy)
    }

    /// What a refusal means that could come for any request.
    func meaning(of refusal: Refusal) -> StateError {
        if refusal.isTransient { return .unreachable(location: location, detail: refusal.words) }
        guard let code = refusal.code else { return foreign("the answer is \(refusal.words)") }
        if let error = wrongClock(code) { return error }
        return inaccessible(
            refusal.words,
            remedy: credentialRemedy(code)
                ?? "Correct \(settings) by what \(service) says.")
    }

    /// - Parameter what: what came instead of the service's answer.
    func foreign(_ what: String) -> StateError {
        inaccessible(
            "\(what), and not in the form of \(service)",
            remedy: "Check \(endpointSetting), and that no proxy answers in \(service)'s place.")
    }

    private func wrongClock(_ code: String) -> StateError? {
        let difference = http.clockOffset ?? .zero
        let isFarOff = max(difference, .zero - difference) > Self.toleratedSkew
        guard Self.clockCodes.contains(code) || isFarOff && Self.signatureCodes.contains(code)
        else { return nil }
        let seconds = difference.components.seconds
        let side = seconds > 0 ? "behind" : "ahead of"
        return .wrongClock(
            location: location, detail: "this machine's is \(abs(seconds)) s \(side) \(service)'s")
    }

    private static let clockCodes: Set = ["RequestTimeTooSkewed", "RequestExpired"]
    private static let signatureCodes: Set = ["SignatureDoesNotMatch", "InvalidSignatureException"]

    private func credentialRemedy(_ code: String) -> String? {
        let origin = http.credentialOrigin
        switch code {
        case "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException",
            "Unauthorized":
            return "Check the credentials from \(origin): \(service) does not know them."
        case _ where Self.signatureCodes.contains(code):
            return "Check the secret key that goes with \(origin): it is another key's."
        case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "InvalidToken":
            return "Get new temporary credentials in place of those from \(origin)."
        default: return nil
        }
    }

    private func meaning(of error: HTTPError) -> StateError {
        switch error.reason {
        case .badURL:
            inaccessible(
                error.description, remedy: "Correct \(endpointSetting): it is not a URL.")
        case .untrustedCertificate:
            inaccessible(
                error.description, remedy: "Set AWS_CA_BUNDLE to the authorities that signed it.")
        case .unknownHost, .refused, .timedOut, .interrupted, .other:
            .unreachable(location: location, detail: error.description)
        }
    }

    /// The signing client has no credentials, or no region.
    private func meaning(of error: ProviderError) -> StateError {
        let detail = "could not \(error.action): \(error.detail)"
        return error.isTransient
            ? .unreachable(location: location, detail: detail)
            : inaccessible(detail, remedy: error.remedy)
    }
}
