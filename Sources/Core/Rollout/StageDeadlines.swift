package import Resources

/// How long each stage may take, from the one before it or from the beginning of the wait.
package struct StageDeadlines: Sendable {
    private let limits: [ServingStage: Duration]

    package init(_ limits: [ServingStage: Duration] = [:]) { self.limits = limits }

    package subscript(stage: ServingStage) -> Duration {
        limits[stage] ?? Self.usual(stage)
    }

    private static func usual(_ stage: ServingStage) -> Duration {
        switch stage {
        case .pushed: .zero
        case .machineUp: .seconds(300)
        case .firstBootDone, .runnerOnline, .applicationHealthy: .seconds(600)
        case .nameAnswers, .certificateValid, .serving: .seconds(300)
        }
    }
}

extension ServingStage {
    /// What helps when it takes too long, in one imperative sentence.
    package var remedy: String {
        switch self {
        case .pushed, .machineUp: "Run `launch converge` and read what it says of the machine."
        case .firstBootDone: "Read the machine's console; `launch cloud-init` shows what it runs."
        case .runnerOnline:
            "Read the machine's console; a registration token lives an hour, so replace the "
                + "machine if its boot took longer."
        case .applicationHealthy:
            "Read the deploy job's log; start the deploy workflow if there is no job."
        case .nameAnswers:
            "Run `launch drift`, and see whether the tunnel's connector runs on the machine."
        case .certificateValid:
            "See the zone's SSL/TLS page at Cloudflare: Universal SSL covers one level of names."
        case .serving: "Compare `kind` and `health` in the service's spec with what it answers."
        }
    }
}
