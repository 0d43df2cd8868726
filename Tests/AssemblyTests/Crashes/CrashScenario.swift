import Resources
import ServiceFiles
import Services
import Testing

/// A run that is killed, with what was before it.
struct CrashScenario: Sendable {
    /// What a renamed service is called.
    static let newName = "shop"

    let name: String
    /// Converged before, in peace; with no services nothing is.
    var start: Repository
    let goal: Repository
    /// The services that the run is about; `nil` is all.
    var services: Set<String>?
    /// False keeps the data of services that go.
    var withData = true
    /// True when what the service had at its old target is still there afterwards.
    var keepsOldTarget = false
    /// What happens between the peaceful run and the killed one.
    var meanwhile: @Sendable (inout CrashSite) async throws -> Void = { _ in }
    /// Of how many moments one is tried. A request has three; three meets every request, each time
    /// at another of them.
    var step = 1
    var backends = [Backend.memory]
    /// How long nobody looks after the killed run; then no machine at work may be restarted.
    var absence = Duration.zero
    /// How many calls more than in peace the killed run and the next may need together.
    var spareCalls = 1

    init(
        _ name: String, from start: [ServiceSpec] = [], to goal: [ServiceSpec],
        _ project: (inout ProjectSpec) -> Void = { _ in }
    ) {
        self.init(name, from: Repository(start), to: Repository(goal, project))
    }

    init(_ name: String, from start: Repository, to goal: Repository) {
        self.name = name
        self.start = start
        self.goal = goal
    }

    /// The moments that are tried, of so many.
    func moments(upTo count: Int) -> [Int] {
        stride(from: 1, through: count, by: step).enumerated().map { number, moment in
            step.isMultiple(of: 3) ? min(moment + number % 3, count) : moment
        }
    }

    /// Changes one setting.
    func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }

    /// The services whose objects the run may touch.
    var touched: Set<String> {
        services
            ?? Set((start.services + goal.services).map(\.name)).union([Address.projectWide])
    }

    /// What there is to be afterwards: the rest of the start counts where the run is about some
    /// services only.
    var end: Repository {
        guard let services else { return goal }
        return Repository(
            project: goal.project,
            services: goal.services.filter { services.contains($0.name) }
                + start.services.filter { !services.contains($0.name) })
    }
}

/// One scenario with one backend.
struct CrashColumn: Sendable, CustomTestStringConvertible {
    let scenario: CrashScenario
    let backend: Backend

    /// `create-aws`, `create-aws@s3`.
    var name: String {
        backend == .memory ? scenario.name : "\(scenario.name)@\(backend.rawValue)"
    }

    var testDescription: String { name }

    static let all = CrashScenario.all.flatMap { scenario in
        scenario.backends.map { CrashColumn(scenario: scenario, backend: $0) }
    }
}

extension Repository {
    /// No services; what the project alone has.
    static func project(_ change: (inout ProjectSpec) -> Void) -> Repository {
        Repository([], change)
    }

    fileprivate init(
        _ services: [ServiceSpec], _ change: (inout ProjectSpec) -> Void = { _ in }
    ) {
        var project = ProjectSpec(
            project: CrashSite.project, domain: "example.com", repository: "example/services")
        change(&project)
        self.init(project: project, services: services)
    }
}
