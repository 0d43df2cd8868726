import Assembly
import Reconciling
import Resources
import ServiceFiles
import Services
import Simulation
import TestSupport
import Testing

/// Every version of Proxmox VE that can bring guests up, with one request in ten going wrong; and
/// those that cannot.
@Suite struct ProxmoxVersionTests {
    private static let kinds: [Fault] = [
        .delay(.seconds(2)), .reset, .lostReply, .status(503, retryAfter: nil),
        .status(595, retryAfter: nil),
        .vendor(.throttled), .vendor(.taskFails), .vendor(.noCapacity),
    ]

    /// The services that the version can hold, with everything set that a spec can set.
    private static func repository(_ guests: [GuestKind], _ world: SimulatedWorld) -> Repository {
        var repository = Repository.full(in: world).with { $0.protect = false }
        repository = Repository(
            project: repository.project,
            services: repository.services.filter {
                $0.target == .proxmox && guests.contains($0.guest)
            })
        return repository
    }

    private static func fleet(_ clock: VirtualClock, _ version: String) -> Fleet {
        var configuration = WorldConfiguration()
        configuration.proxmoxVersion = version
        return Fleet(clock, configuration: configuration)
    }

    @Test(
        arguments: [
            ("8.4", [GuestKind.vm]), ("9.0", [.vm]), ("9.1", [.vm, .lxc]), ("9.2", [.vm, .lxc]),
        ], UInt64(1)...6)
    func aFaultyClusterIsConverged(_ cluster: (version: String, guests: [GuestKind]), seed: UInt64)
        async throws
    {
        let problems = try await withVirtualTime(seed: seed) { clock in
            let fleet = Self.fleet(clock, cluster.version)
            let full = Self.repository(cluster.guests, fleet.world)
            let larger = full.with { service in
                service.size = .named(.large)
                service.ingress = [IngressRule(port: 22, sources: ["10.0.0.0/8", "fd00::/8"])]
            }
            var rebuilt = larger
            var project = larger.project
            project.proxmox.image = .debian12
            rebuilt = Repository(project: project, services: larger.services)
            var problems: [String] = []
            for (number, goal) in [full, larger, rebuilt, full.emptied].enumerated() {
                fleet.world.setFaults(
                    .random(rate: 0.1, seed: seed * 1000 + UInt64(number), kinds: Self.kinds))
                let failures = await fleet.failures(convergingRepeatedly: goal)
                fleet.world.setFaults(.none)
                let shortfalls = try await fleet.shortfalls(of: goal)
                problems += (failures + shortfalls).map { "goal \(number + 1): \($0)" }
            }
            return problems + fleet.world.inventory.map { "left: \($0)" }
        }
        #expect(problems == [])
    }

    @Test(arguments: [("8.3", GuestKind.vm), ("8.4", .lxc), ("9.0", .lxc)])
    func whatAVersionLacksIsRefusedBeforeAnythingIsBegun(version: String, guest: GuestKind)
        async throws
    {
        let (message, inventory) = try await withVirtualTime { clock in
            let fleet = Self.fleet(clock, version)
            let repository = Self.repository([guest], fleet.world)
            do {
                try await fleet.converge(repository)
                return ("converged", fleet.world.inventory)
            } catch let error as ProviderError {
                return (error.detail, fleet.world.inventory)
            }
        }
        #expect(message.hasPrefix("version \(version); "))
        #expect(message.contains(guest == .vm ? "8.4 or later" : "9.1 or later"))
        #expect(inventory == [:])
    }
}
