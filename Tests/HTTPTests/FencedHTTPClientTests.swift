import HTTP
import Resources
import TestSupport
import Testing

@Suite struct FencedHTTPClientTests {
    private static let lost = StateError.leaseLost(service: "web")

    @Test(arguments: [HTTPRequest.Method.post, .put, .patch, .delete])
    func aChangeIsNotSentBeyondTheFence(method: HTTPRequest.Method) async throws {
        let client = ScriptedHTTPClient([])
        await #expect(throws: Self.lost) {
            try await LeaseFence.$current.withValue({ throw Self.lost }) {
                _ = try await FencedHTTPClient(client).send(HTTPRequest(method, "https://a.test/"))
            }
        }
        #expect(client.requests.isEmpty)
    }

    @Test func readsPass() async throws {
        let client = ScriptedHTTPClient(HTTPResponse(status: 200))
        let response = try await LeaseFence.$current.withValue({ throw Self.lost }) {
            try await FencedHTTPClient(client).send(HTTPRequest(.get, "https://a.test/"))
        }
        #expect(response.status == 200)
    }

    @Test func withoutAFenceEverythingPasses() async throws {
        let client = ScriptedHTTPClient(HTTPResponse(status: 204))
        let response = try await FencedHTTPClient(client).send(
            HTTPRequest(.delete, "https://a.test/"))
        #expect(response.status == 204)
    }
}
