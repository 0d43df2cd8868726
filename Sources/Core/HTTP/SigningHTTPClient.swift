/// A client that signs whatever it sends, for one server.
package protocol SigningHTTPClient: HTTPClient {
    /// Where its credentials come from, in words: `AWS_ACCESS_KEY_ID`.
    var credentialOrigin: String { get }
    /// How far the server's clock is ahead of this machine's, to the second; `nil` before the
    /// first answer.
    var clockOffset: Duration? { get }
}
