/// A provider that can tell whether a converge would find what it needs.
package protocol SelfExamining: Provider {
    /// Looks at credentials, permissions and settings. Changes nothing.
    ///
    /// - Parameter desired: what the specs want of this provider; it decides what is needed.
    func examine(for desired: [Resource]) async -> [Finding]
}
