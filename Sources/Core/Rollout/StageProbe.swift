package import Resources

/// What a look at a service shows of one stage.
package enum Sighting: Hashable, Sendable {
    case reached
    /// The same, with what is worth keeping of it.
    case noted(String)
    /// It is not there yet; the words say what is.
    case waiting(String)
    /// It cannot be told from outside: whoever reaches the next stage has passed it.
    case hidden(String)
    /// Waiting longer does not help.
    /// - Parameter remedy: `nil` is what helps at that stage in general.
    case failed(String, remedy: String? = nil)
}

/// One service and the stage that it may have reached.
package struct Look: Hashable, Sendable {
    package let service: String
    package let stage: ServingStage

    package init(_ service: String, at stage: ServingStage) {
        self.service = service
        self.stage = stage
    }
}

/// Sees how far services are. It changes nothing.
package protocol StageProbe: Sendable {
    /// A sighting for each look. What could not be seen for now is `.waiting`.
    /// - Throws: `CancellationError`
    func see(_ looks: [Look]) async throws -> [Look: Sighting]

    /// The end of the log that tells most of a stage, for people; empty where there is none.
    func log(of look: Look) async -> [String]
}
