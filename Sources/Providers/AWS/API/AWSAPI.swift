import Foundation
import HTTP
import Resources
import XMLCoder

/// Sends requests to AWS's services: signs, sends, retries, decodes.
///
/// Throws `AWSError`, `HTTPError`, `ProviderError` (no credentials, no region) or
/// `CancellationError`. Every request may be sent again when its answer is lost: it reads, or
/// carries a `ClientToken`, or its repetition is refused by a code that the caller understands.
struct AWSAPI: Sendable {
    private let transport: AWSTransport
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
    func query<Output: Decodable>(
        _ action: String, of service: AWSService, _ parameters: [String: Value] = [:],
        as type: Output.Type = Output.self
    ) async throws -> Output {
        let form = QueryForm.pairs(action: action, version: service.version, parameters)
        let response = try await send(
            Call(
                service: service, operation: action,
                contentType: "application/x-www-form-urlencoded; charset=utf-8",
                body: .text(formEncoded(form))))
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
    }

    private func send(_ call: Call) async throws -> HTTPResponse {
        var headers = [HTTPHeader("Content-Type", call.contentType)]
        if let target = call.target { headers.append(HTTPHeader("X-Amz-Target", target)) }
        let request = HTTPRequest(
            .post, try transport.configuration.endpoint(of: call.service) + "/", headers: headers,
            body: call.body)
        return try await retrying(.standard, time: time, random: random, advice: Self.advice) {
            _ in
            let response = try await transport.send(request, to: call.service)
            guard response.isSuccess else {
                throw AWSError(response, operation: "\(call.service.rawValue):\(call.operation)")
            }
            return response
        }
    }

    private static func advice(_ error: any Error) -> RetryAdvice {
        switch error {
        case let error as AWSError:
            switch error.reason {
            case .throttled(let wait?): .after(wait)
            case .throttled, .unavailable: .again
            default: .giveUp
            }
        case let error as HTTPError: error.isCertainlyWithoutEffect ? .giveUp : .again
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
