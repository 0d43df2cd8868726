import HTTP
import Resources

/// AWS's JSON protocols: an operation is a POST of one document, and its answer is another.
///
/// <https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html>
struct JSONService: Sendable {
    let endpoint: String
    /// `1.0` or `1.1`.
    let version: String
    /// What stands before the operation in `X-Amz-Target`.
    let targetPrefix: String
    let caller: ServiceCaller

    /// - Throws: `StateError` when there is no answer or it is not the service's.
    func call(_ operation: String, _ input: Value) async throws -> Result<Value, Refusal> {
        let request = HTTPRequest(
            .post, "\(endpoint)/",
            headers: [
                HTTPHeader("Content-Type", "application/x-amz-json-\(version)"),
                HTTPHeader("X-Amz-Target", "\(targetPrefix).\(operation)"),
            ], body: try .json(input), timeout: ServiceCaller.timeout)
        switch try await caller.send(request, reading: Refusal.init(json:)) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let response):
            guard let output = response.json, output.object != nil else {
                throw caller.foreign("the answer to \(operation) is unreadable")
            }
            return .success(output)
        }
    }
}

extension Refusal {
    /// Reads `{"__type": "namespace#Code", "message": …}`.
    init(json response: HTTPResponse) {
        let document = response.json
        let type = document?["__type"]?.string ?? response.header("x-amzn-ErrorType")
        let name = type?.split(separator: "#").last?.prefix { $0 != ":" }
        self.init(
            response, code: document?.object == nil ? nil : name.map(String.init),
            message: document?["message"]?.string ?? document?["Message"]?.string)
    }
}
