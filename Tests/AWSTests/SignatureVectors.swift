import AWS
import Foundation
import HTTP
import Resources
import TestSupport
import Testing

/// `../shared/api/sigv4-vectors.json`, beside the package.
struct SignatureVectors: Decodable {
    let suite: [SuiteVector]
    let service: [ServiceVector]

    private enum CodingKeys: String, CodingKey {
        case suite
        case service = "service_vectors"
    }

    /// `nil` where the file is not.
    static let shared: SignatureVectors? = {
        guard let file = SharedData.file("sigv4-vectors.json"),
            let data = try? Data(contentsOf: file)
        else { return nil }
        return try? JSONDecoder().decode(SignatureVectors.self, from: data)
    }()
}

/// What a vector expects of one way of signing.
struct ExpectedSignature: Decodable {
    let canonicalRequest: String
    let stringToSign: String
    let signature: String
    let authorization: String?

    private enum CodingKeys: String, CodingKey {
        case canonicalRequest = "canonical_request"
        case stringToSign = "string_to_sign"
        case signature, authorization
    }
}

/// One case of AWS's own test suite.
struct SuiteVector: Decodable, CustomTestStringConvertible {
    struct Request: Decodable {
        let method: String
        let target: String
        let headers: [[String]]
        let body: String
    }

    struct Context: Decodable {
        let normalize: Bool
        let signBody: Bool
        let omitSessionToken: Bool?
        let region: String
        let service: String
        let timestamp: String
        let expiration: Int

        private enum CodingKeys: String, CodingKey {
            case normalize, region, service, timestamp
            case signBody = "sign_body"
            case omitSessionToken = "omit_session_token"
            case expiration = "expiration_in_seconds"
        }
    }

    struct Credentials: Decodable {
        let accessKeyID: String
        let secretAccessKey: String
        let token: String?

        private enum CodingKeys: String, CodingKey {
            case accessKeyID = "access_key_id"
            case secretAccessKey = "secret_access_key"
            case token
        }
    }

    let name: String
    let request: Request
    let context: Context
    let credentials: Credentials
    let header: ExpectedSignature
    let query: ExpectedSignature

    var testDescription: String { name }

    var httpRequest: HTTPRequest {
        get throws {
            HTTPRequest(
                try httpMethod(request.method), "https://example.amazonaws.com\(request.target)",
                headers: request.headers.map { HTTPHeader($0[0], $0[1]) },
                body: .text(request.body))
        }
    }

    /// A token that is left out is added after signing, so the signer does not see it.
    var signingCredentials: AWSCredentials {
        let token = context.omitSessionToken == true ? nil : credentials.token
        return AWSCredentials(
            accessKeyID: credentials.accessKeyID,
            secretAccessKey: Secret(credentials.secretAccessKey),
            sessionToken: token.map { Secret($0) })
    }

    var scope: SigV4Signer.Scope { .init(region: context.region, service: context.service) }

    var instant: Date {
        get throws { try Date(context.timestamp, strategy: .iso8601) }
    }
}

/// One request as botocore signs it.
struct ServiceVector: Decodable, CustomTestStringConvertible {
    let name: String
    let service: String
    let region: String
    let timestamp: String
    let method: String
    let url: String
    let headers: [[String]]
    let body: String
    let hasSessionToken: Bool
    let canonicalRequest: String
    let stringToSign: String
    let authorization: String?
    let presignedURL: String?
    let expires: Int?

    private enum CodingKeys: String, CodingKey {
        case name, service, region, timestamp, method, url, headers, body, authorization, expires
        case hasSessionToken = "session_token"
        case canonicalRequest = "canonical_request"
        case stringToSign = "string_to_sign"
        case presignedURL = "presigned_url"
    }

    var testDescription: String { name }

    var httpRequest: HTTPRequest {
        get throws {
            HTTPRequest(
                try httpMethod(method), url, headers: headers.map { HTTPHeader($0[0], $0[1]) },
                body: .text(body))
        }
    }

    var credentials: AWSCredentials {
        AWSCredentials(
            accessKeyID: "AKIAIOSFODNN7EXAMPLE",
            secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            sessionToken: hasSessionToken ? Secret("IQoJb3JpZ2luX2VjEXAMPLE+/==") : nil)
    }

    var scope: SigV4Signer.Scope { .init(region: region, service: service) }
    var dialect: SigV4Signer.Dialect { service == "s3" ? .s3 : .standard }
    var instant: Date { get throws { try basicDate(timestamp) } }
}

/// Reads `20260102T030405Z`.
func basicDate(_ text: String) throws -> Date {
    try Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted).parse(text)
}

private func httpMethod(_ text: String) throws -> HTTPRequest.Method {
    struct UnknownMethod: Error { let text: String }
    guard let method = HTTPRequest.Method(rawValue: text) else { throw UnknownMethod(text: text) }
    return method
}
