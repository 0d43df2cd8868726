import HTTP

/// Takes credentials out of what is shown.
enum Redaction {
    private static let placeholder = "(secret)"
    private static let headerNames: Set = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "www-authenticate",
    ]
    private static let headerPrefixes = ["x-auth-", "cf-access-"]
    /// A name with one of these words in it has a value to hide.
    private static let words = [
        "token", "secret", "password", "passphrase", "signature", "credential", "ticket",
        "apikey", "api-key", "api_key", "authorization",
    ]

    static func value(of header: HTTPHeader) -> String {
        let name = header.name.lowercased()
        let isSensitive =
            header.isSensitive || headerNames.contains(name)
            || headerPrefixes.contains(where: name.hasPrefix)
            || words.contains(where: name.contains)
        if isSensitive { return placeholder }
        return name == "location" ? url(header.value) : header.value
    }

    /// The URL without user, password and the values of sensitive query items.
    static func url(_ url: String) -> String {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let address = withoutUser(String(parts[0]))
        guard parts.count == 2 else { return address }
        let items = parts[1].split(separator: "&", omittingEmptySubsequences: false).map { item in
            let name = item.prefix { $0 != "=" }
            let hides = words.contains(where: String(name).percentDecoded.lowercased().contains)
            return hides && name != item ? "\(name)=\(placeholder)" : String(item)
        }
        return "\(address)?\(items.joined(separator: "&"))"
    }

    private static func withoutUser(_ address: String) -> String {
        guard let scheme = address.firstRange(of: "://") else { return address }
        let rest = address[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return address }
        return "\(address[..<scheme.upperBound])\(rest[rest.index(after: at)...])"
    }
}
