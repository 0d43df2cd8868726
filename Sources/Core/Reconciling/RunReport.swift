package import Planning
package import Resources

/// How a run ended.
package struct RunReport: Sendable {
    /// What was carried out, in the order in which it ended.
    package var done: [Step] = []
    package var failures: [RunFailure] = []
    /// Steps that were not begun, since what they need failed or the run was stopped.
    package var skipped: [Step] = []
    package var wasInterrupted = false
    package var duration: Duration = .zero
    /// Changes carried out, by action.
    package var summary: [Change.Action: Int] = [:]

    package init() {}

    package var isSuccess: Bool { failures.isEmpty && !wasInterrupted }

    /// Counts a step that was carried out: a replacement once, when it is made again.
    package mutating func add(_ step: Step, _ action: Change.Action) {
        done.append(step)
        guard action != .noOp, step.phase != .finishBoot else { return }
        if action == .replace, step.phase == .delete { return }
        summary[action, default: 0] += 1
    }
}

/// One step that did not work out.
package struct RunFailure: Error, Hashable, Sendable {
    package let address: Address
    /// What failed, in the provider's words.
    package let message: String
    /// One imperative sentence.
    package let remedy: String

    package init(address: Address, message: String, remedy: String) {
        self.address = address
        self.message = message
        self.remedy = remedy
    }

    init(_ address: Address, _ error: any Error) {
        if let error = error as? ProviderError {
            self.init(
                address: address, message: "could not \(error.action): \(error.detail)",
                remedy: error.remedy)
        } else if let error = error as? StateError {
            self.init(address: address, message: error.description, remedy: error.remedy)
        } else {
            self.init(
                address: address, message: String(describing: error),
                remedy: "Run it again; Launch goes on where it stopped.")
        }
    }
}
