/// What a service goes through between a push and its answer, in this order.
///
/// The raw values are what the state keeps.
package enum ServingStage: String, CaseIterable, Sendable {
    /// Not awaited: it is where the time begins.
    case pushed
    case machineUp = "machine up"
    case firstBootDone = "first boot done"
    case runnerOnline = "runner online"
    case applicationHealthy = "application healthy"
    case nameAnswers = "name answers"
    case certificateValid = "certificate valid"
    case serving

    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// The one after it; `nil` after the last.
    package var next: ServingStage? {
        Self.allCases.dropFirst(place + 1).first
    }
}

extension ServingStage: Comparable {
    package static func < (left: ServingStage, right: ServingStage) -> Bool {
        left.place < right.place
    }
}

/// Why a service did not reach a stage.
package struct StageFailure: Hashable, Sendable {
    package let stage: ServingStage
    package let message: String
    package let remedy: String
    /// The end of the log that tells most, oldest line first.
    package let log: [String]

    package init(_ stage: ServingStage, _ message: String, remedy: String, log: [String] = []) {
        self.stage = stage
        self.message = message
        self.remedy = remedy
        self.log = log
    }
}
