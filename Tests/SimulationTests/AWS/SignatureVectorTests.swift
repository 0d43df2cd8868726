import Cryptography
import Foundation
import HTTP
import Resources
import TestSupport
import Testing

@testable import Simulation

@Suite(.enabled(if: SignatureVectors.all != nil, "../shared/api/sigv4-vectors.json is not here"))
struct SignatureVectorTests {
    @Test func rebuildsTheCanonicalRequestOfEverySuiteCase() throws {
        let cases = try #require(SignatureVectors.all).suite.filter(\.context.normalize)
        #expect(cases.count > 25)
        for example in cases {
            let expected = example.header.canonicalRequest.components(separatedBy: "\n")
            let canonical = CanonicalRequest(
                example.received,
                signedHeaders: expected[expected.count - 2].components(separatedBy: ";"),
                isS3: false, payloadHash: expected[expected.count - 1])
            #expect(canonical.text == example.header.canonicalRequest, "\(example.name)")
        }
    }

    @Test func acceptsEveryServiceRequestThatBotocoreSigned() throws {
        let vectors = try #require(SignatureVectors.all).serviceVectors.filter {
            AWSService(rawValue: $0.service) != nil && !$0.sessionToken
                && $0.authorization != nil
        }
        #expect(vectors.count > 5)
        for vector in vectors {
            let service = try #require(AWSService(rawValue: vector.service))
            let request = vector.received
            let verifier = SignatureVerifier(
                accessKey: "AKIAIOSFODNN7EXAMPLE",
                secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", digests: OpenSSLDigests())
            let now = try #require(AWSTime.parse(vector.timestamp))
            #expect(throws: Never.self, "\(vector.name)") {
                try verifier.verify(
                    try SignatureClaim(request), of: request, for: service,
                    in: vector.region, at: now)
            }
        }
    }
}

struct SignatureVectors: Decodable {
    struct Suite: Decodable {
        struct Request: Decodable {
            let method: String
            let target: String
            let headers: [[String]]
            let body: String
        }
        struct Context: Decodable {
            let normalize: Bool
            let timestamp: String
        }
        struct Header: Decodable { let canonicalRequest: String }

        let name: String
        let request: Request
        let context: Context
        let header: Header

        /// The request as it would arrive: every header that was added is in the expectation.
        var received: SimulatedRequest {
            let parts = request.target.split(
                separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            let present = Set(request.headers.map { $0[0].lowercased() })
            let added = header.canonicalRequest.components(separatedBy: "\n")
                .filter { $0.hasPrefix("x-amz-") && $0.contains(":") }
                .map { $0.split(separator: ":", maxSplits: 1).map(String.init) }
                .filter { !present.contains($0[0]) }
            return SimulatedRequest(
                method: request.method, origin: "https://example.amazonaws.com",
                host: "example.amazonaws.com", path: String(parts[0]),
                query: parts.count > 1 ? String(parts[1]) : "",
                headers: (request.headers + added).map { HTTPHeader($0[0], $0[1]) },
                body: Array(request.body.utf8))
        }
    }

    struct Service: Decodable {
        let name: String
        let service: String
        let region: String
        let timestamp: String
        let method: String
        let url: String
        let body: String?
        let sessionToken: Bool
        let authorization: String?
        let sentHeaders: [String: String]?

        var received: SimulatedRequest {
            let afterScheme = url.components(separatedBy: "://")[1]
            let host = String(afterScheme.prefix { $0 != "/" })
            let parts = afterScheme.dropFirst(host.count).split(
                separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            var headers = (sentHeaders ?? [:]).map { HTTPHeader($0.key, $0.value) }
            headers.append(HTTPHeader("Authorization", authorization ?? ""))
            return SimulatedRequest(
                method: method, origin: "https://\(host)", host: host, path: String(parts[0]),
                query: parts.count > 1 ? String(parts[1]) : "", headers: headers,
                body: Array((body ?? "").utf8))
        }
    }

    let suite: [Suite]
    let serviceVectors: [Service]

    static let all: SignatureVectors? = {
        guard let file = SharedData.file("sigv4-vectors.json"),
            let data = try? Data(contentsOf: file)
        else { return nil }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try? decoder.decode(Self.self, from: data)
    }()
}
