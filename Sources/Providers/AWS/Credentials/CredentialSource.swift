/// Where a client's credentials come from. Asked before every request, so one that refreshes
/// keeps its own copy.
package protocol CredentialSource: Sendable {
    /// The place, in words.
    var origin: String { get }
    /// - Throws: `ProviderError` with `.unauthorized` when there are none.
    func credentials() async throws -> AWSCredentials
}
