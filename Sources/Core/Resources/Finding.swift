/// One thing that was looked at, and how it is.
package struct Finding: Hashable, Sendable {
    package enum Grade: String, Sendable, CaseIterable {
        case good
        /// It works, but not as well or as safely as it should.
        case warning
        /// A converge would fail.
        case bad
    }

    /// "AWS permissions", "state".
    package let subject: String
    package let grade: Grade
    /// What is so, without secrets.
    package let detail: String
    /// One imperative sentence; `nil` when nothing needs to be done.
    package let remedy: String?

    private init(_ subject: String, _ grade: Grade, _ detail: String, remedy: String?) {
        self.subject = subject
        self.grade = grade
        self.detail = detail
        self.remedy = remedy
    }

    package static func good(_ subject: String, _ detail: String) -> Finding {
        Finding(subject, .good, detail, remedy: nil)
    }

    package static func warning(
        _ subject: String, _ detail: String, remedy: String
    ) -> Finding {
        Finding(subject, .warning, detail, remedy: remedy)
    }

    package static func bad(_ subject: String, _ detail: String, remedy: String) -> Finding {
        Finding(subject, .bad, detail, remedy: remedy)
    }

    /// What stopped an examination.
    package static func bad(_ subject: String, _ error: any Error) -> Finding {
        switch error {
        case let error as ProviderError:
            .bad(subject, "could not \(error.action): \(error.detail)", remedy: error.remedy)
        case let error as StateError: .bad(subject, error.description, remedy: error.remedy)
        case is CancellationError:
            .bad(subject, "not examined: interrupted", remedy: "Run it again.")
        default: .bad(subject, String(describing: error), remedy: "Run it again with --verbose.")
        }
    }

    /// The findings of a look at `subject`; one that says why when it fails.
    package static func of(
        _ subject: String, _ look: () async throws -> [Finding]
    ) async -> [Finding] {
        do { return try await look() } catch { return [.bad(subject, error)] }
    }
}
