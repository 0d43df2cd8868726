import Cryptography
import Foundation
import HTTP
import Resources

/// Signature Version 4 for tests, written from the specification apart from what it tests.
struct TestSigner {
    var accessKey: String
    var secretKey: String
    var region = "us-east-1"
    var digests = OpenSSLDigests()

    /// The request with its date, payload hash and signature.
    func sign(
        _ method: HTTPRequest.Method, _ url: String, service: String, at time: Date,
        headers: [String: String] = [:], body: String = ""
    ) -> HTTPRequest {
        let afterScheme = url.components(separatedBy: "://")[1]
        let host = String(afterScheme.prefix { $0 != "/" })
        let target = afterScheme.dropFirst(host.count).split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let stamp = Self.stamp(time)
        var signed = headers
        signed["host"] = host
        signed["x-amz-date"] = stamp
        signed["x-amz-content-sha256"] = digests.sha256Hexadecimal(body)
        let names = signed.keys.sorted()
        let query = target.count > 1 ? target[1].split(separator: "&").sorted() : []
        let canonical =
            ([method.rawValue, String(target[0]), query.joined(separator: "&")]
            + names.map { "\($0):\(signed[$0] ?? "")" }
            + ["", names.joined(separator: ";"), digests.sha256Hexadecimal(body)])
            .joined(separator: "\n")
        let day = String(stamp.prefix(8))
        let scope = [day, region, service, "aws4_request"]
        let text = [
            "AWS4-HMAC-SHA256", stamp, scope.joined(separator: "/"),
            digests.sha256Hexadecimal(canonical),
        ].joined(separator: "\n")
        var key = Array("AWS4\(secretKey)".utf8)
        for part in scope { key = digests.hmacSHA256(Array(part.utf8), key: key) }
        let signature = digests.hmacSHA256(Array(text.utf8), key: key).hexadecimal
        signed["host"] = nil
        signed["Authorization"] =
            "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope.joined(separator: "/")), "
            + "SignedHeaders=\(names.joined(separator: ";")), Signature=\(signature)"
        return HTTPRequest(
            method, url, headers: signed.map { HTTPHeader($0.key, $0.value) },
            body: body.isEmpty ? .none : .text(body))
    }

    private static func stamp(_ time: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "yyyyMMdd'T'HHmmss'Z'"
        return formatter.string(from: time)
    }
}
