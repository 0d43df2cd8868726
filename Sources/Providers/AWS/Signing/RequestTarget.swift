import HTTP

/// A URL in the parts that are signed.
struct RequestTarget {
    /// `https://host:port`.
    let origin: String
    /// As it is sent, with the port when the URL names one.
    let host: String
    let path: String
    /// Without the question mark; empty when there is none.
    let query: String

    init(_ url: String) {
        let pieces = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        query = pieces.count == 2 ? String(pieces[1]) : ""
        let address = pieces[0]
        let hostStart = address.firstRange(of: "://")?.upperBound ?? address.startIndex
        let hostEnd = address[hostStart...].firstIndex(of: "/") ?? address.endIndex
        origin = String(address[..<hostEnd])
        host = String(address[hostStart..<hostEnd])
        path = hostEnd == address.endIndex ? "/" : String(address[hostEnd...])
    }

    /// The path in the form that is signed.
    func canonicalPath(_ dialect: SigV4Signer.Dialect) -> String {
        let normalised = dialect.normalisesPath ? withoutDotSegments : path
        return dialect.encodesPathAgain
            ? normalised.percentEncoded(keeping: [UInt8(ascii: "/")]) : normalised
    }

    /// RFC 3986 section 5.2.4, with doubled slashes taken for one.
    private var withoutDotSegments: String {
        var kept: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = kept.popLast() } else { kept.append(segment) }
        }
        let endsInSlash = path.hasSuffix("/") && !kept.isEmpty
        return "/" + kept.joined(separator: "/") + (endsInSlash ? "/" : "")
    }

    /// Names and values encoded alike and sorted, by name and then by value.
    static func canonicalQuery(_ query: String) -> String {
        let pairs = query.split(separator: "&").map { pair -> (String, String) in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? String(parts[1]) : ""
            return (recoded(String(parts[0])), recoded(value))
        }
        return pairs.sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    private static func recoded(_ text: String) -> String { text.percentDecoded.percentEncoded }
}

/// The headers in the form that is signed.
struct CanonicalHeaders {
    /// `host:example.com\n` for each name, in order.
    let lines: String
    /// `host;x-amz-date`.
    let names: String

    /// - Parameter host: signed unless the headers name one.
    init(_ headers: [HTTPHeader], host: String) {
        var values: [String: [String]] = [:]
        for header in headers {
            let words = header.value.split { $0.isWhitespace }
            values[header.name.lowercased(), default: []].append(words.joined(separator: " "))
        }
        if values["host"] == nil { values["host"] = [host] }
        let sorted = values.sorted { $0.key < $1.key }
        lines = sorted.map { "\($0.key):\($0.value.joined(separator: ","))\n" }.joined()
        names = sorted.map(\.key).joined(separator: ";")
    }
}
