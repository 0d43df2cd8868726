package import Foundation
package import HTTP
package import Resources

/// Signature Version 4.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>
package struct SigV4Signer: Sendable {
    /// How one service wants its requests signed.
    package struct Dialect: Hashable, Sendable {
        /// Dot segments and doubled slashes are taken out of the canonical path.
        let normalisesPath: Bool
        /// The canonical path is encoded once more than the path that is sent.
        let encodesPathAgain: Bool
        /// `x-amz-content-sha256` is sent; a presigned request leaves its payload unsigned.
        let sendsPayloadHash: Bool

        package init(normalisesPath: Bool, encodesPathAgain: Bool, sendsPayloadHash: Bool) {
            self.normalisesPath = normalisesPath
            self.encodesPathAgain = encodesPathAgain
            self.sendsPayloadHash = sendsPayloadHash
        }

        package static let standard = Dialect(
            normalisesPath: true, encodesPathAgain: true, sendsPayloadHash: false)
        package static let s3 = Dialect(
            normalisesPath: false, encodesPathAgain: false, sendsPayloadHash: true)
    }

    /// What a signature is good for.
    package struct Scope: Hashable, Sendable {
        package let region: String
        package let service: String

        package init(region: String, service: String) {
            self.region = region
            self.service = service
        }

        /// `20260102/us-east-1/ec2/aws4_request`.
        func credentialScope(on day: String) -> String {
            "\(day)/\(region)/\(service)/aws4_request"
        }
    }

    /// A signature with the steps that led to it.
    package struct Signing: Sendable {
        package let canonicalRequest: String
        package let stringToSign: String
        package let signature: String
        /// Ready to be sent.
        package let request: HTTPRequest
    }

    static let algorithm = "AWS4-HMAC-SHA256"

    let digests: any Digesting
    let dialect: Dialect

    package init(digests: any Digesting, dialect: Dialect = .standard) {
        self.digests = digests
        self.dialect = dialect
    }

    /// Signs by the `Authorization` header. Every header that the request has is signed, so none
    /// may be changed afterwards.
    package func signing(
        _ request: HTTPRequest, with credentials: AWSCredentials, in scope: Scope, at instant: Date
    ) -> Signing {
        var request = request
        let payloadHash = payloadHash(of: request.body)
        let timestamp = Timestamp(instant)
        let target = RequestTarget(request.url)
        request.set(HTTPHeader("X-Amz-Date", timestamp.text))
        if dialect.sendsPayloadHash {
            request.set(HTTPHeader("X-Amz-Content-SHA256", payloadHash))
        }
        if let token = credentials.sessionToken {
            request.set(HTTPHeader("X-Amz-Security-Token", token.revealed, isSensitive: true))
        }
        let headers = CanonicalHeaders(request.headers, host: target.host)
        let canonicalRequest = canonicalRequest(
            request.method, target, query: target.query, headers: headers, payloadHash: payloadHash)
        let stringToSign = stringToSign(canonicalRequest, at: timestamp, in: scope)
        let signature = signature(of: stringToSign, with: credentials, on: timestamp.day, in: scope)
        let credential = "\(credentials.accessKeyID)/\(scope.credentialScope(on: timestamp.day))"
        let authorization =
            "\(Self.algorithm) Credential=\(credential), "
            + "SignedHeaders=\(headers.names), Signature=\(signature)"
        request.set(HTTPHeader("Authorization", authorization, isSensitive: true))
        return Signing(
            canonicalRequest: canonicalRequest, stringToSign: stringToSign, signature: signature,
            request: request)
    }

    /// Signs by query parameters: a URL that anyone can use for a while.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
    package func presigning(
        _ request: HTTPRequest, with credentials: AWSCredentials, in scope: Scope,
        at instant: Date, validFor validity: Duration
    ) -> Signing {
        let timestamp = Timestamp(instant)
        let target = RequestTarget(request.url)
        let headers = CanonicalHeaders(request.headers, host: target.host)
        let credential = "\(credentials.accessKeyID)/\(scope.credentialScope(on: timestamp.day))"
        var parameters = [
            ("X-Amz-Algorithm", Self.algorithm), ("X-Amz-Credential", credential),
            ("X-Amz-Date", timestamp.text),
            ("X-Amz-Expires", String(validity.components.seconds)),
            ("X-Amz-SignedHeaders", headers.names),
        ]
        if let token = credentials.sessionToken {
            parameters.append(("X-Amz-Security-Token", token.revealed))
        }
        let query = [target.query, formEncoded(parameters)].filter { !$0.isEmpty }
            .joined(separator: "&")
        let canonicalRequest = canonicalRequest(
            request.method, target, query: query, headers: headers,
            payloadHash: dialect.sendsPayloadHash
                ? Self.unsignedPayload : payloadHash(of: request.body))
        let stringToSign = stringToSign(canonicalRequest, at: timestamp, in: scope)
        let signature = signature(of: stringToSign, with: credentials, on: timestamp.day, in: scope)
        let url = "\(target.origin)\(target.path)?\(query)&X-Amz-Signature=\(signature)"
        return Signing(
            canonicalRequest: canonicalRequest, stringToSign: stringToSign, signature: signature,
            request: HTTPRequest(
                request.method, url, headers: request.headers, body: request.body,
                timeout: request.timeout, trust: request.trust))
    }

    /// Step 1: create a canonical request.
    private func canonicalRequest(
        _ method: HTTPRequest.Method, _ target: RequestTarget, query: String,
        headers: CanonicalHeaders, payloadHash: String
    ) -> String {
        [
            method.rawValue, target.canonicalPath(dialect),
            RequestTarget.canonicalQuery(query), headers.lines, headers.names, payloadHash,
        ].joined(separator: "\n")
    }

    /// Steps 2 and 3: hash the canonical request, and create a string to sign.
    private func stringToSign(
        _ canonicalRequest: String, at timestamp: Timestamp, in scope: Scope
    ) -> String {
        [
            Self.algorithm, timestamp.text, scope.credentialScope(on: timestamp.day),
            digests.sha256Hexadecimal(canonicalRequest),
        ].joined(separator: "\n")
    }

    /// Steps 4 and 5: derive a signing key, and calculate the signature.
    private func signature(
        of stringToSign: String, with credentials: AWSCredentials, on day: String, in scope: Scope
    ) -> String {
        var key = Array("AWS4\(credentials.secretAccessKey.revealed)".utf8)
        for part in [day, scope.region, scope.service, "aws4_request", stringToSign] {
            key = digests.hmacSHA256(Array(part.utf8), key: key)
        }
        return key.hexadecimal
    }

    private static let unsignedPayload = "UNSIGNED-PAYLOAD"

    private func payloadHash(of body: HTTPBody) -> String {
        switch body {
        case .none: digests.sha256([]).hexadecimal
        case .bytes(let bytes): digests.sha256(bytes).hexadecimal
        case .stream: Self.unsignedPayload
        }
    }
}

/// An instant as signatures write it.
private struct Timestamp {
    /// `20260102T030405Z`.
    let text: String

    init(_ instant: Date) {
        text = instant.formatted(
            Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted))
    }

    /// `20260102`.
    var day: String { String(text.prefix(8)) }
}

extension HTTPRequest {
    /// Replaces every header of that name.
    fileprivate mutating func set(_ header: HTTPHeader) {
        headers.removeAll { $0.name.lowercased() == header.name.lowercased() }
        headers.append(header)
    }
}
