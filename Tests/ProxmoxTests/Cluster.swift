import Cryptography
import Foundation
import HTTP
import Resources
import SeedImage
import Services
import Simulation
import TestSupport

@testable import Proxmox

/// A simulated Proxmox VE, a provider for it, and a service's resources there.
struct Cluster: Sendable {
    let clock: VirtualClock
    let world: SimulatedWorld
    let checker: ProxmoxSchemaChecker?
    let progress = RecordedProgress()

    init(_ clock: VirtualClock, version: String = "9.1", isChecked: Bool = true) throws {
        self.clock = clock
        var configuration = WorldConfiguration()
        configuration.proxmoxVersion = version
        world = SimulatedWorld(
            configuration, time: clock, random: SeededRandom(seed: 7), digests: OpenSSLDigests(),
            readSeedImage: NoCloudImage.read)
        checker = (isChecked ? Self.schema : nil).map { [world] schema in
            ProxmoxSchemaChecker(
                world, endpoint: world.environment["PROXMOX_VE_ENDPOINT"] ?? "", schema: schema)
        }
    }

    var client: any HTTPClient { checker ?? world as any HTTPClient }

    /// What of guests there is in the world.
    var guestInventory: [String: Int] {
        world.inventory.filter { $0.key.hasPrefix("proxmox") }
    }

    /// A provider as a new process would have it.
    func provider(_ client: (any HTTPClient)? = nil) throws -> ProxmoxProvider {
        try ProxmoxProvider(
            ProxmoxConnection(ProxmoxSettings(), environment: world.environment),
            client: client ?? self.client, time: clock,
            random: SeededRandom(seed: 8), digests: OpenSSLDigests(), progress: progress,
            buildSeedImage: NoCloudImage.build(files:))
    }

    /// What the schema says against the requests so far.
    var faults: [String] { checker?.faults ?? [] }

    /// Proxmox's own description of its API, where it lies beside the package.
    static let schema = SharedData.file("proxmox.json").flatMap {
        try? ProxmoxSchema(contentsOf: $0)
    }

    /// Everything of the project.
    static let scope = Scope(project: "shop")
    static let project = ProjectSpec(project: "shop")
    static let key = IdempotencyKey("shop-1")

    static func service(_ guest: GuestKind, _ name: String = "web") -> ServiceSpec {
        ServiceSpec(
            name: name, target: .proxmox, guest: guest, data: DataVolume(gibibytes: 5),
            ingress: [
                IngressRule(port: 22, sources: ["10.0.0.0/8", "192.168.0.0/16"]),
                IngressRule(port: 53, sources: ["10.0.0.0/8"], transport: .udp),
            ])
    }

    /// The machine that the service wants, with its seed filled in.
    static func machine(_ service: ServiceSpec) -> Resource {
        resources(service)[0].resolved { _ in .secret(Secret("AAAA-TOKEN")) }
    }

    static func firewall(_ service: ServiceSpec, of machine: ObservedResource) -> Resource {
        resources(service)[1].resolved { _ in .string(machine.id) }
    }

    static func resources(_ service: ServiceSpec) -> [Resource] {
        ProxmoxBlueprint().resources(for: service, in: project)
    }
}

extension Resource {
    fileprivate func resolved(_ known: (Segment) -> Value?) -> Resource {
        var resource = self
        resource.attributes = attributes.mapValues { $0.resolving(known) }
        return resource
    }

    /// The fields in which `observed` is not as wanted.
    func differences(from observed: ObservedResource?) -> [String] {
        guard let kind = ProxmoxProvider.kinds.first(where: { $0.name == address.kind }) else {
            return ["kind"]
        }
        return kind.fields.filter { field in
            field.isComparable
                && field.normalised(self[field.name]) != field.normalised(observed?[field.name])
        }.map(\.name)
    }
}
