import Resources

/// A client that asks the step's fence before each request that changes something.
///
/// What the fence throws is no `HTTPError`, so no provider repeats or rewords it.
package struct FencedHTTPClient: HTTPClient {
    private let base: any HTTPClient

    package init(_ base: any HTTPClient) { self.base = base }

    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        if !request.isRead { try LeaseFence.check() }
        return try await base.send(request)
    }
}
