package import Resources

/// A state that an older Launch left in another form, in the same place.
package protocol EarlierForm: Sendable {
    /// - Returns: `nil` when there is none.
    func document() async throws -> StateDocument?
    /// Removes it, once its document is in the journal. Without effect when repeated.
    func retire() async throws
}
