import HTTP
import Resources

import Foundation

/// What a Signature Version 4 signs, rebuilt from a request as it arrived.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>
struct CanonicalRequest {
    let text: String

    /// - Parameters:
    ///   - signedHeaders: Lower-case names, in the signature's order.
    ///   - isS3: S3 takes the path as it is; the others normalise it and encode it once more.
    ///   - payloadHash: Hexadecimal SHA-256 of the body, or `UNSIGNED-PAYLOAD`.
    init(
        _ request: SimulatedRequest, signedHeaders: [String], isS3: Bool, payloadHash: String
    ) {
        let slash: Set<UInt8> = [0x2F]
        let path =
            isS3
            ? request.path.percentDecoded.percentEncoded(keeping: slash)
            : Self.normalised(request.path).percentEncoded(keeping: slash)
        let lines = signedHeaders.map { "\($0):\(Self.values(of: $0, in: request))" }
        text = [
            request.method, path, Self.sortedQuery(request.query),
            lines.joined(separator: "\n"), "", signedHeaders.joined(separator: ";"), payloadHash,
        ].joined(separator: "\n")
    }

    /// Names and values encoded anew, in order of the encoded names and then values.
    private static func sortedQuery(_ query: String) -> String {
        query.split(separator: "&").map { pair -> (String, String) in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? String(parts[1]) : ""
            return (
                String(parts[0]).percentDecoded.percentEncoded, value.percentDecoded.percentEncoded
            )
        }
        .sorted { $0 < $1 }
        .map { "\($0)=\($1)" }
        .joined(separator: "&")
    }

    /// The header's values, trimmed, inner runs of spaces made one, joined by commas.
    private static func values(of name: String, in request: SimulatedRequest) -> String {
        var values = request.headers.filter { $0.name.lowercased() == name }.map(\.value)
        if values.isEmpty, name == "host" { values = [request.host] }
        return values.map { value in
            value.split { $0 == " " || $0.isNewline || $0 == "\t" }.joined(separator: " ")
        }
        .joined(separator: ",")
    }

    /// Without dot segments and doubled slashes, per RFC 3986 section 5.2.4.
    private static func normalised(_ path: String) -> String {
        var kept: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = kept.popLast() } else { kept.append(segment) }
        }
        let isFolder = path.hasSuffix("/") || path.hasSuffix("/.") || path.hasSuffix("/..")
        return "/" + kept.joined(separator: "/") + (isFolder && !kept.isEmpty ? "/" : "")
    }
}
