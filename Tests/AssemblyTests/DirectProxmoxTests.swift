import Assembly
import Planning
import Reconciling
import Resources
import ServiceFiles
import Services
import Simulation
import TestSupport
import Testing

/// Services on Proxmox whose names lead to the guests' own addresses, on every version that
/// can bring them up.
@Suite struct DirectProxmoxTests {
    private static func service(_ name: String, _ guest: GuestKind) -> ServiceSpec {
        ServiceSpec(
            name: name, target: .proxmox,
            publicAccess: PublicAccess(hostname: "\(name).example.com", port: 443), port: 443,
            guest: guest, exposure: .direct,
            ingress: [IngressRule(port: 8443, sources: ["0.0.0.0/0", "::/0"])])
    }

    @Test(arguments: [
        ("8.4", [GuestKind.vm]), ("9.0", [.vm]), ("9.1", [.vm, .lxc]), ("9.2", [.vm, .lxc]),
    ])
    func namesLeadToTheGuests(version: String, guests: [GuestKind]) async throws {
        let problems = try await withVirtualTime { clock in
            var configuration = WorldConfiguration()
            configuration.proxmoxVersion = version
            let fleet = Fleet(clock, configuration: configuration)
            var repository = Repository.full(in: fleet.world).with { $0.protect = false }
            repository = Repository(
                project: repository.project,
                services: guests.map { Self.service($0.rawValue, $0) })
            var problems = try await fleet.converge(repository).failures.map(\.message)
            problems += try await fleet.shortfalls(of: repository)
            let resources = try await fleet.store.read().resources
            for service in repository.services {
                let address = resources[service.machine]?.attributes["ipv4"]
                let record = resources.first {
                    $0.key.service == service.name && $0.key.kind.name == "dns_record"
                }
                if address == nil || address != record?.value.attributes["content"] {
                    problems.append("\(service.name): \(String(describing: record))")
                }
            }
            // A guest that is off tells no address: its name stays as it is.
            fleet.world.locked { core in
                core.proxmox?.vmids.forEach { core.proxmox?.pullPlug(of: $0) }
            }
            let workspace = fleet.workspace(repository)
            let plan = try await workspace.reconciler.plan(workspace.goal())
            problems += plan.effective.filter { $0.address.kind.provider == .cloudflare }
                .map { "planned: \($0.address): \($0.reason)" }
            problems += try await fleet.destroy(repository).failures.map(\.message)
            return problems + fleet.world.inventory.map { "left: \($0)" }
        }
        #expect(problems == [])
    }
}
