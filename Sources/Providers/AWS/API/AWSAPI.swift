import Foundation
import HTTP
import Resources
import XMLCoder

/// Sends requests to AWS's services: paces, signs, sends, retries, decodes.
///
/// Throws `AWSError`, `HTTPError`, `ProviderError` (no credentials, no region) or
/// `CancellationError`. A request may be sent again when its answer is lost if it reads, or
/// carries a `ClientToken`, or its repetition is refused by a code that the caller understands;
/// the caller says so when it is none of these.
struct AWSAPI: Sendable {
    private let transport: AWSTransport
    private let quota = RetryQuota()
    private let pacing = ActionPacing()
    private let time: any TimeSource
    private let random: any RandomSource

    init(
        configuration: AWSConfiguration, credentials: (any CredentialSource)?,
        http: any HTTPClient, time: any TimeSource, random: any RandomSource, digests: any Digesting
    ) {
        self.time = time
        self.random = random
        transport = AWSTransport(
            configuration: configuration, credentials: credentials, http: http, time: time,
            digests: digests)
    }

    /// Calls an operation of the query protocol and decodes its XML.
    ///
    /// - Parameter isRepeatable: False when a second call would make a second object: then a lost
    ///   answer is an `HTTPError`, and the caller looks before it calls again.
    func query<Output: Decodable>(
        _ action: String, of service: AWSService, _ parameters: [String: Value] = [:],
        isRepeatable: Bool = true, as type: Output.Type = Output.self
    ) async throws -> Output {
        let form = QueryForm.pairs(
            action: action, version: service.version, listStyle: service.listStyle, parameters)
        let response = try await send(
            Call(
                service: service, operation: action,
                contentType: "application/x-www-form-urlencoded; charset=utf-8",
                body: .text(formEncoded(form)), isRepeatable: isRepeatable))
        do {
            return try XMLDecoder().decode(type, from: Data(response.body))
        } catch {
            throw unreadable(action)
        }
    }

    /// Calls an operation of the JSON 1.1 protocol.
    func json(
        _ operation: String, of service: AWSService, _ input: Value
    ) async throws -> Value {
        let response = try await send(
            Call(
                service: service, operation: operation, contentType: "application/x-amz-json-1.1",
                target: "\(service.targetPrefix).\(operation)", body: try .json(input)))
        guard let output = response.json else { throw unreadable(operation) }
        return output
    }

    /// Where the credentials come from, in words.
    var credentialOrigin: String { transport.credentialOrigin }

    var region: String { get throws { try transport.configuration.region } }

    /// How far AWS's clock is ahead of this machine's, in seconds; `nil` before the first answer.
    var clockOffset: TimeInterval? { transport.clockOffset }

    private struct Call {
        let service: AWSService
        let operation: String
        let contentType: String
        var target: String?
        let body: HTTPBody
        var isRepeatable = true

        var name: String { "\(service.rawValue):\(operation)" }
        var permission: String { service.permission(for: operation) }
    }

    private func send(_ call: Call) async throws -> HTTPResponse {
        var headers = [HTTPHeader("Content-Type", call.contentType)]
        if let target = call.target { headers.append(HTTPHeader("X-Amz-Target", target)) }
        let request = HTTPRequest(
            .post, try transport.configuration.endpoint(of: call.service) + "/", headers: headers,
            body: call.body)
        var cost: Int?
        let response = try await retrying(
            .standard, time: time, random: random,
            advice: { error in
                let advice = Self.advice(error, isRepeatable: call.isRepeatable)
                guard advice != .giveUp else { return .giveUp }
                cost = RetryQuota.cost(ofRetrying: error)
                return quota.spend(cost ?? 0) ? advice : .giveUp
            },
            operation: { _ in try await attempt(request, call) })
        quota.succeed(afterRetryFor: cost)
        return response
    }

    private func attempt(_ request: HTTPRequest, _ call: Call) async throws -> HTTPResponse {
        let wait = pacing.admit(call.name, at: time.now())
        if wait > .zero { try await time.sleep(for: wait) }
        let response = try await transport.send(request, to: call.service)
        if response.isSuccess { return response }
        let error = AWSError(response, permission: call.permission)
        if error.isThrottling { pacing.drain(call.name, at: time.now()) }
        throw error
    }

    private static func advice(_ error: any Error, isRepeatable: Bool) -> RetryAdvice {
        switch error {
        case let error as AWSError:
            switch error.reason {
            case .throttled(let wait?): .after(wait)
            case .throttled: .again
            case .unavailable: isRepeatable ? .again : .giveUp
            default: .giveUp
            }
        case let error as HTTPError:
            error.isCertainlyWithoutEffect || !isRepeatable ? .giveUp : .again
        default: .giveUp
        }
    }

    private func unreadable(_ operation: String) -> ProviderError {
        ProviderError(
            .failed, provider: .aws, action: "read the answer to \(operation)",
            detail: "it is not in the form that AWS documents",
            remedy: "Check that the endpoint is AWS's and that no proxy answers in its place.")
    }
}
