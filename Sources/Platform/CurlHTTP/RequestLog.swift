import HTTP

import Logging

/// Writes requests and answers to a log, without bodies and credentials.
struct RequestLog: Sendable {
    private let logger: Logger

    init(_ logger: Logger) { self.logger = logger }

    func willSend(_ request: HTTPRequest) {
        logger.debug("sending \(line(request))")
        logger.trace("request headers", metadata: metadata(request.headers))
    }

    func didReceive(_ response: HTTPResponse, to request: HTTPRequest, after time: Duration) {
        let status = response.reason.isEmpty ? "" : " \(response.reason)"
        logger.debug(
            "answer \(response.status)\(status) after \(time.milliseconds) ms to \(line(request))")
        logger.trace("response headers", metadata: metadata(response.headers))
    }

    func didFail(_ request: HTTPRequest, _ error: any Error, after time: Duration) {
        let words = (error as? HTTPError)?.detail ?? "cancelled"
        logger.debug("no answer after \(time.milliseconds) ms to \(line(request)): \(words)")
    }

    private func line(_ request: HTTPRequest) -> String {
        "\(request.method.rawValue) \(Redaction.url(request.url))"
    }

    private func metadata(_ headers: [HTTPHeader]) -> Logger.Metadata {
        ["headers": .array(headers.map { .string("\($0.name): \(Redaction.value(of: $0))") })]
    }
}
