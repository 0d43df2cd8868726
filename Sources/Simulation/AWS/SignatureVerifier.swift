import HTTP
import Resources

import Foundation

/// Why a request's signature is not accepted.
enum SignatureFailure: Error, Hashable {
    case unsigned
    case malformed(String)
    /// Signed for another region than the endpoint's.
    case region(String, expected: String)
    case unknownKey
    case expired(String)
    case payload
    case mismatch

    var words: String {
        switch self {
        case .unsigned: "Missing Authentication Token"
        case .malformed(let detail), .expired(let detail): detail
        case .region(let region, let expected):
            "the region '\(region)' is wrong; expecting '\(expected)'"
        case .unknownKey: "The security token included in the request is invalid."
        case .payload: "The payload's hash is not the one that was signed."
        case .mismatch:
            "The request signature we calculated does not match the signature you provided. "
                + "Check your AWS Secret Access Key and signing method."
        }
    }

    /// The region to sign for instead.
    var expectedRegion: String? {
        if case .region(_, let expected) = self { expected } else { nil }
    }
}

/// What the `Authorization` header of Signature Version 4 says.
struct SignatureClaim: Hashable {
    static let algorithm = "AWS4-HMAC-SHA256"

    let accessKey: String
    let date: String
    let region: String
    let service: String
    let signedHeaders: [String]
    let signature: String

    var scope: String { "\(date)/\(region)/\(service)/aws4_request" }

    /// - Throws: `SignatureFailure` when there is no signature or it cannot be read.
    init(_ request: SimulatedRequest) throws {
        guard let header = request.header("authorization") else { throw SignatureFailure.unsigned }
        guard header.hasPrefix(Self.algorithm + " ") else {
            throw SignatureFailure.malformed("Unsupported authorization type")
        }
        var parts: [String: String] = [:]
        for part in header.dropFirst(Self.algorithm.count).split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            parts[pair[0].trimmingCharacters(in: .whitespaces)] = String(pair[1])
        }
        guard let credential = parts["Credential"]?.components(separatedBy: "/"),
            let headers = parts["SignedHeaders"], let signature = parts["Signature"]
        else {
            throw SignatureFailure.malformed(
                "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders'.")
        }
        guard credential.count == 5, credential[4] == "aws4_request" else {
            throw SignatureFailure.malformed("Credential should be scoped with a valid terminator")
        }
        accessKey = credential[0]
        date = credential[1]
        region = credential[2]
        service = credential[3]
        signedHeaders = headers.components(separatedBy: ";")
        self.signature = signature
    }
}

/// Checks Signature Version 4 as the services do, from the specification.
struct SignatureVerifier {
    let accessKey: String
    let secretKey: String
    let digests: any Digesting

    /// - Parameter region: The endpoint's.
    /// - Throws: `SignatureFailure`
    func verify(
        _ claim: SignatureClaim, of request: SimulatedRequest, for service: AWSService,
        in region: String, at now: Date
    ) throws {
        guard claim.accessKey == accessKey, request.header("x-amz-security-token") == nil else {
            throw SignatureFailure.unknownKey
        }
        guard claim.region == region else {
            throw SignatureFailure.region(claim.region, expected: region)
        }
        guard claim.service == service.rawValue else {
            throw SignatureFailure.malformed(
                "Credential should be scoped to correct service: '\(service.rawValue)'.")
        }
        let timestamp = try checkedTimestamp(of: request, claim, service, now)
        try checkSignedHeaders(of: request, claim)
        let canonical = CanonicalRequest(
            request, signedHeaders: claim.signedHeaders, isS3: service == .s3,
            payloadHash: try payloadHash(of: request, service))
        guard signature(of: canonical, claim, timestamp) == claim.signature else {
            throw SignatureFailure.mismatch
        }
    }

    /// The signature that the secret key gives.
    func signature(
        of canonical: CanonicalRequest, _ claim: SignatureClaim, _ timestamp: String
    ) -> String {
        let stringToSign = [
            SignatureClaim.algorithm, timestamp, claim.scope,
            digests.sha256Hexadecimal(canonical.text),
        ].joined(separator: "\n")
        let start = Array("AWS4\(secretKey)".utf8)
        let key = [claim.date, claim.region, claim.service, "aws4_request"]
            .reduce(start) { digests.hmacSHA256(Array($1.utf8), key: $0) }
        return digests.hmacSHA256(Array(stringToSign.utf8), key: key).hexadecimal
    }

    private func checkedTimestamp(
        of request: SimulatedRequest, _ claim: SignatureClaim, _ service: AWSService, _ now: Date
    ) throws -> String {
        guard let text = request.header("x-amz-date"), let time = AWSTime.parse(text),
            claim.signedHeaders.contains("x-amz-date")
        else {
            throw SignatureFailure.malformed("X-Amz-Date must be signed and be a valid time")
        }
        guard text.hasPrefix(claim.date) else {
            throw SignatureFailure.malformed("Date in Credential scope does not match X-Amz-Date")
        }
        guard abs(now.timeIntervalSince(time)) <= service.permittedSkew else {
            let side = time < now ? "expired: \(text) is now earlier" : "not yet current: \(text)"
            throw SignatureFailure.expired("Signature \(side) than \(AWSTime.basic(now))")
        }
        return text
    }

    /// `host` and every `x-amz-` header must be under the signature.
    private func checkSignedHeaders(of request: SimulatedRequest, _ claim: SignatureClaim) throws {
        let names = request.headers.map { $0.name.lowercased() }
        let needed = ["host"] + names.filter { $0.hasPrefix("x-amz-") }
        if let missing = needed.first(where: { !claim.signedHeaders.contains($0) }) {
            throw SignatureFailure.malformed(
                "'\(missing)' must be a 'SignedHeader' in the AWS Authorization.")
        }
        if claim.signedHeaders != claim.signedHeaders.sorted() {
            throw SignatureFailure.malformed("SignedHeaders must be in order")
        }
    }

    private func payloadHash(
        of request: SimulatedRequest, _ service: AWSService
    ) throws -> String {
        let computed = digests.sha256(request.body).hexadecimal
        guard let said = request.header("x-amz-content-sha256") else {
            if service == .s3 {
                throw SignatureFailure.malformed("Missing required header x-amz-content-sha256")
            }
            return computed
        }
        if service == .s3, said == "UNSIGNED-PAYLOAD" { return said }
        guard said == computed else { throw SignatureFailure.payload }
        return said
    }
}
