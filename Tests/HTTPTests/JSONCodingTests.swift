import HTTP
import Resources
import Testing

@Suite struct JSONCodingTests {
    private let document: Value = [
        "text": "é \"quoted\" /path\n", "whole": 42, "negative": -1, "yes": true, "no": false,
        "fraction": .number(2.5), "large": .integer(.max), "nothing": .null,
        "list": [1, "two", [], [:]], "object": ["nested": ["deep"]],
    ]

    private func response(_ body: HTTPBody) throws -> HTTPResponse {
        guard case .bytes(let bytes) = body else { return HTTPResponse(status: 0) }
        return HTTPResponse(status: 200, body: bytes)
    }

    @Test func aDocumentComesBackTheSame() throws {
        #expect(try response(.json(document)).json == document)
    }

    @Test(arguments: [Value.null, true, 0, 1, "", [], [:]]) func anyValueIsADocument(
        value: Value
    ) throws {
        #expect(try response(.json(value)).json == value)
    }

    @Test func keysAreSortedAndSlashesPlain() throws {
        #expect(try response(.json(["b": "x/y", "a": 1])).text == #"{"a":1,"b":"x/y"}"#)
    }

    @Test func aRequestHoldsItsSecretsInClear() throws {
        let body: Value = ["token": .secret(Secret("hush")), "list": [.secret(Secret("hush"))]]
        #expect(try response(.json(body)).json == ["token": "hush", "list": ["hush"]])
    }

    @Test func anUnknownValueIsNotSent() {
        #expect(throws: EncodingError.self) {
            try HTTPBody.json(.template([.ephemeral(Ephemeral("token", service: "web"))]))
        }
    }

    @Test(arguments: ["", "<html>", "{\"a\":", "nonsense"]) func otherTextIsNoJSON(text: String) {
        #expect(HTTPResponse(status: 200, body: Array(text.utf8)).json == nil)
    }

    @Test func aHeaderIsFoundInAnyCase() {
        let response = HTTPResponse(
            status: 204, headers: [HTTPHeader("Retry-After", "3"), HTTPHeader("retry-after", "9")])
        #expect(response.header("RETRY-AFTER") == "3")
        #expect(response.header("ETag") == nil)
        #expect(response.isSuccess)
        #expect(!HTTPResponse(status: 304).isSuccess)
    }
}
