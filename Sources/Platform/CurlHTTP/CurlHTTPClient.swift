package import HTTP
package import Logging

/// HTTP by libcurl: HTTP/2 where the server speaks it, connections kept and shared.
///
/// All transfers run on one thread, which ends with the client.
package final class CurlHTTPClient: HTTPClient {
    private let loop: TransferLoop
    private let log: RequestLog
    private let settings: NetworkSettings

    /// - Parameters:
    ///   - environment: where `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`,
    ///     `SSL_CERT_FILE`, `SSL_CERT_DIR` and `CURL_CA_BUNDLE` are looked up.
    ///   - logger: gets a line for each request and answer at `debug`, the headers at `trace`,
    ///     never a body or a credential.
    ///   - connectTimeout: until the connection is ready, TLS included.
    ///   - bodyLimit: the most bytes that an answer may have, decompressed.
    package init(
        environment: [String: String], logger: Logger, userAgent: String = "launch",
        connectTimeout: Duration = .seconds(15), bodyLimit: Int = 64 << 20
    ) {
        settings = NetworkSettings(
            environment, userAgent: userAgent, connectTimeout: connectTimeout,
            bodyLimit: bodyLimit)
        log = RequestLog(logger)
        loop = TransferLoop(settings)
    }

    deinit { loop.close() }

    /// Ends the thread; requests under way and later ones fail with `CancellationError`.
    package func close() { loop.close() }

    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try Task.checkCancellation()
        let transfer = try Transfer(request, bodyLimit: settings.bodyLimit)
        log.willSend(request)
        let start = ContinuousClock.now
        do {
            let response = try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { loop.start(transfer, resuming: $0) }
            } onCancel: {
                loop.cancel(transfer)
            }
            log.didReceive(response, to: request, after: .now - start)
            return response
        } catch {
            log.didFail(request, error, after: .now - start)
            throw error
        }
    }
}
