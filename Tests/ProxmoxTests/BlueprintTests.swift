import Resources
import Services
import Testing

@testable import Proxmox

@Suite struct BlueprintTests {
    private let project = ProjectSpec(project: "shop")

    @Test func anAWSServiceNeedsNothingHere() {
        let service = ServiceSpec(name: "web", target: .aws)
        #expect(ProxmoxBlueprint().resources(for: service, in: project).isEmpty)
    }

    @Test func aVirtualMachineIsDescribedInFull() throws {
        let service = ServiceSpec(
            name: "web", target: .proxmox, size: .named(.medium),
            ingress: [IngressRule(port: 22, sources: ["10.0.0.0/8", "fd00::/8"])])
        let resources = ProxmoxBlueprint().resources(for: service, in: project)
        #expect(resources.map(\.address.description) == ["web/proxmox.vm", "web/proxmox.firewall"])
        var machine = try #require(resources.first).attributes
        let seed = Seed(for: service, in: project)
        #expect(machine.removeValue(forKey: "seed") == seed.userData)
        for (name, value) in seed.information {
            #expect(machine.removeValue(forKey: name) == value)
        }
        #expect(
            machine == [
                "name": "web", "cpu": 2, "memory": 4096, "disk": 30, "bridge": "vmbr0",
                "firewall": true, "tags": ["launch", "launch-shop", "launch-web"],
                "owner": ["project": "shop", "environment": "production"], "protect": false,
                "onboot": true, "running": true, "image": "ubuntu-24.04", "storage": "local-lvm",
                "image_storage": "local", "placement": "auto", "agent": true,
                "exposed": false,
            ])
        let rule: Value = [
            "type": "in", "action": "ACCEPT", "proto": "tcp", "dport": "22",
            "sources": ["10.0.0.0/8", "fd00::/8"], "enable": "1",
        ]
        #expect(resources.last?["rules"] == [rule])
        #expect(resources.last?.requirements == [service.machine])
    }

    @Test func aServiceOfDirectExposureIsOpenToCloudflaresProxiesAtItsPortAlone() {
        let service = ServiceSpec(
            name: "web", target: .proxmox,
            publicAccess: PublicAccess(hostname: "web.example.com", port: 8080), exposure: .direct)
        let rule: Value = [
            "type": "in", "action": "ACCEPT", "proto": "tcp", "dport": "8080", "enable": "1",
            "sources": .list(CloudflareProxies.networks.sorted().map { .string($0) }),
        ]
        let firewall = ProxmoxBlueprint().resources(for: service, in: project).last
        #expect(firewall?["rules"] == [rule])
    }

    @Test func aContainerGetsItsScriptAndItsData() throws {
        let service = ServiceSpec(
            name: "worker", target: .proxmox, guest: .lxc, data: DataVolume(gibibytes: 20))
        let container = try #require(
            ProxmoxBlueprint().resources(for: service, in: project).first)
        #expect(container.address.description == "worker/proxmox.lxc")
        #expect(container["seed"] == Seed(for: service, in: project).containerScript)
        #expect(container["data_disk"] == 20)
        #expect(container["unprivileged"] == true)
        #expect(container.origins["data_disk"] == "data")
    }

    @Test func everyAttributeIsAFieldOfItsKind() throws {
        for guest in GuestKind.allCases {
            let service = ServiceSpec(
                name: "web", target: .proxmox, guest: guest, data: DataVolume(gibibytes: 1))
            for resource in ProxmoxBlueprint().resources(for: service, in: project) {
                let kind = try #require(
                    ProxmoxProvider.kinds.first { $0.name == resource.address.kind })
                #expect(
                    Set(resource.attributes.keys).isSubset(of: kind.fields.map(\.name)))
            }
        }
    }
}
