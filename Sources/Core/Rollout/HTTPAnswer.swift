import HTTP
import Resources

extension HTTPResponse {
    /// Cloudflare's own word for an origin or a tunnel that it does not reach: 521 to 530, and the
    /// page's `error code: 1033`.
    /// <https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/>
    var edgeFailure: String? {
        guard (520...530).contains(status) else { return nil }
        let meaning =
            switch status {
            case 521: "the origin refuses the connection"
            case 522, 524: "the origin does not answer in time"
            case 523: "the origin is not reachable"
            case 525, 526: "the origin's certificate is not accepted"
            case 530 where text.contains("1033"): "the tunnel has no connector"
            case 530 where text.contains("1016"): "the name points to nothing"
            default: "the origin does not answer as it should"
            }
        return "Cloudflare answers \(status): \(meaning)"
    }

    /// The media type without its parameters, in lower case.
    var mediaType: String {
        String((header("Content-Type") ?? "").prefix { $0 != ";" })
            .trimmingPrefix(" ").lowercased().split(separator: " ").first.map(String.init) ?? ""
    }

    /// The first words of the body, on one line.
    var excerpt: String {
        let words = String(text.prefix(200)).onOneLine
        return words.isEmpty ? "an empty answer" : "\u{201C}\(words)\u{201D}"
    }
}
