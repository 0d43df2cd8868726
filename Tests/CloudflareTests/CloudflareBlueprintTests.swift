import Cloudflare
import Resources
import Services
import Testing

@Suite struct CloudflareBlueprintTests {
    private let tunnel = Address(service: "web", kind: KindName(.cloudflare, "tunnel"))

    private func record(_ hostname: String, _ type: Value, _ content: Value) -> Resource {
        Resource(
            Address(service: "web", kind: KindName(.cloudflare, "dns_record"), key: hostname),
            attributes: [
                "type": type, "content": content, "proxied": true, "ttl": 1,
                "comment": "launch:acme/web",
            ],
            origins: ["type": "expose", "content": "public", "proxied": "public"])
    }

    private func resources(_ service: ServiceSpec) -> [Resource] {
        CloudflareBlueprint().resources(for: service, in: CloudflareFixture.project)
    }

    @Test func aPublicServiceGetsATunnelAndItsName() {
        #expect(
            resources(CloudflareFixture.service("web", "Web.Example.com.", port: 8000)) == [
                Resource(
                    tunnel,
                    attributes: [
                        "name": "launch-acme-web",
                        "ingress": [
                            ["hostname": "web.example.com", "service": "http://localhost:8000"],
                            ["service": "http_status:404"],
                        ],
                    ],
                    origins: ["ingress": "public"]),
                record(
                    "web.example.com", "CNAME",
                    .template([.reference(Reference(tunnel, "id")), .text(".cfargotunnel.com")])),
            ])
    }

    @Test(arguments: [
        (ServiceSpec.Target.aws, "aws.elastic_ip", "public_ipv4", "aws.instance"),
        (ServiceSpec.Target.proxmox, "proxmox.vm", "ipv4", "proxmox.vm"),
    ])
    func directExposureNamesTheMachine(
        target: ServiceSpec.Target, kind: String, attribute: String, machine: String
    ) throws {
        let service = CloudflareFixture.service(
            "web", "web.example.com", exposure: .direct, target: target)
        let holder = try #require(Address("web/\(kind)"))
        let records = resources(service).filter { $0["type"] == "A" }
        #expect(records.map { $0["content"] } == [.reference(holder, attribute)])
        #expect(records.map(\.dependencies) == [[try #require(Address("web/\(machine)"))]])
    }

    /// Whether there is an IPv6 address shows when the machine is there.
    @Test func aMachineOfAWSMayHaveAnIPv6AddressAsWell() throws {
        let service = CloudflareFixture.service(
            "web", "web.example.com", exposure: .direct, target: .aws)
        let machine = try #require(Address("web/aws.instance"))
        let record = try #require(resources(service).last)
        #expect(record.address.description == "web/cloudflare.dns_record/web.example.com/AAAA")
        #expect(record["type"] == "AAAA")
        #expect(record["content"] == .reference(machine, "public_ipv6"))
        #expect(record.condition == Reference(machine, "public_ipv6"))
        #expect(
            record.dependencies == [
                machine, try #require(Address("web/cloudflare.dns_record/web.example.com")),
            ])
    }

    /// Somebody has to hand the key over, and the service has to want it.
    @Test func directExposureBringsACertificate() {
        var project = CloudflareFixture.project
        project.repository = "example/services"
        var service = CloudflareFixture.service(
            "web", "*.Example.com.", exposure: .direct, target: .proxmox)
        let made = CloudflareBlueprint().resources(for: service, in: project)
        #expect(made.first == CloudflareFixture.certificate("web", "*.example.com"))
        #expect(made.count == 2)
        #expect(resources(service).count == 1)
        service.publicAccess?.certificate = .own
        #expect(CloudflareBlueprint().resources(for: service, in: project).count == 1)
    }

    @Test func aPrivateServiceNeedsNothing() {
        #expect(resources(ServiceSpec(name: "job", target: .aws)).isEmpty)
    }

    @Test(arguments: [
        ResourceKind.cloudflareTunnel, .cloudflareDNSRecord, .cloudflareOriginCertificate,
    ])
    func textThatIsNotKnownYetStays(kind: ResourceKind) {
        let unknown = Value.reference(tunnel, "id")
        for field in kind.fields { #expect(field.normalised(unknown) == unknown) }
    }
}
