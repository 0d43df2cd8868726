import Assembly
import Planning
import Reconciling
import Resources
import Rollout
import ServiceFiles
import Services
import Simulation
import TestSupport
import Testing

/// Services that get another name, with the whole program.
@Suite struct RenameTests {
    private static func web(_ change: (inout ServiceSpec) -> Void) -> ServiceSpec {
        var spec = ServiceSpec(
            name: "web", target: .aws,
            publicAccess: PublicAccess(hostname: "web.example.com", port: 80), port: 80)
        change(&spec)
        return spec
    }

    static let services = [
        web { $0.data = DataVolume(gibibytes: 5) },
        web { $0.exposure = .direct },
        web {
            $0.target = .proxmox
            $0.data = DataVolume(gibibytes: 5)
            $0.ingress = [IngressRule(port: 9100, sources: ["192.0.2.0/24", "2001:db8::/32"])]
        },
        web {
            $0.target = .proxmox
            $0.guest = .lxc
        },
    ]

    private static func repository(_ services: ServiceSpec...) -> Repository {
        Repository(
            project: ProjectSpec(
                project: "example", domain: "example.com", repository: "example/services"),
            services: services)
    }

    /// The service as `shop`, at shop.example.com.
    private static func renamed(_ service: ServiceSpec) -> ServiceSpec {
        var spec = service
        spec.name = "shop"
        spec.formerName = service.name
        spec.publicAccess?.hostname = "shop.example.com"
        spec.file = "services/shop/service.yaml"
        return spec
    }

    /// What must be the same object afterwards.
    private static func lasting(in fleet: Fleet) async throws -> [String: String] {
        let kept: Set = ["instance", "volume", "elastic_ip", "vm", "lxc", "tunnel", "runner"]
        let records = try await fleet.store.read().resources.values
        return Dictionary(
            records.filter { kept.contains($0.address.kind.name) }
                .map { ($0.address.kind.description, $0.id) },
            uniquingKeysWith: { first, _ in first })
    }

    @Test(arguments: zip(services, [nil, ["web"], ["shop"], nil] as [Set<String>?]))
    func aServiceGoesOnUnderItsNewName(
        _ service: ServiceSpec, _ named: Set<String>?
    ) async throws {
        let (before, after) = (Self.repository(service), Self.repository(Self.renamed(service)))
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            #expect(try await fleet.converge(before).failures.map(\.message) == [])
            fleet.push("web")
            #expect(try await fleet.wait(before).compactMap(\.failure?.message) == [])
            let (objects, inventory) = (try await Self.lasting(in: fleet), fleet.world.inventory)

            let report = try await fleet.converge(after, services: named)
            #expect(report.failures.map(\.message) == [])
            #expect(try await fleet.shortfalls(of: after) == [])
            #expect(try await Self.lasting(in: fleet) == objects)
            #expect(fleet.world.inventory == inventory)
            #expect(fleet.world.locked { $0.guests.boots } == 1, "nothing was restarted")
            let left = fleet.world.locked { $0.aws?.ec2.objects(tagged: "launch:service", "web") }
            #expect(left ?? [] == [], "a machine's disk and network interface go with it")
            let document = try await fleet.store.read()
            #expect(document.services["web"]?.resources ?? [] == [])
            #expect(document.services["web"]?.timeline ?? [] == [])

            fleet.push("shop")
            let failures = try await fleet.wait(after).compactMap(\.failure?.message)
            #expect(failures == [])
            let onlyNow = Self.repository(Self.renamed(service).forgettingItsName)
            #expect(try await fleet.shortfalls(of: onlyNow) == [], "`was` may go")
            let amnesic = fleet.withoutState()
            try await amnesic.rebuild(onlyNow)
            #expect(try await amnesic.shortfalls(of: onlyNow) == [], "the marks tell it all")
            #expect(try await fleet.destroy(onlyNow).isSuccess)
            #expect(fleet.world.inventory == [:])
        }
    }

    @Test func thePlanSaysWhatIsRenamedAndWhatIsMadeAnew() async throws {
        let service = Self.services[0]
        let after = Self.repository(Self.renamed(service))
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            #expect(try await fleet.converge(Self.repository(service)).isSuccess)
            let workspace = fleet.workspace(after)
            let plan = try await workspace.reconciler.plan(workspace.goal())
            let lines = plan.effective.map { "\($0.action.rawValue) \($0.address): \($0.reason)" }
            #expect(
                lines == [
                    "delete web/aws.instance_profile: the service is called shop now",
                    "delete web/aws.security_group: the service is called shop now",
                    "delete web/cloudflare.dns_record/web.example.com: the service is called shop now",
                    "delete web/github.secret: the service is called shop now",
                    "update shop/aws.instance: renamed from web/aws.instance; name: example-web → "
                        + "example-shop, instance_profile follows shop/aws.instance_profile, "
                        + "security_groups follows shop/aws.security_group",
                    "create shop/aws.instance_profile: new",
                    "create shop/aws.security_group: new",
                    "update shop/aws.volume: renamed from web/aws.volume; name: example-web-data → "
                        + "example-shop-data",
                    "create shop/cloudflare.dns_record/shop.example.com: new",
                    "update shop/cloudflare.tunnel: renamed from web/cloudflare.tunnel; name: "
                        + "launch-example-web → launch-example-shop, ingress: "
                        + "[{hostname: web.example.com, service: http://localhost:80}, "
                        + "{service: http_status:404}] → [{hostname: shop.example.com, "
                        + "service: http://localhost:80}, {service: http_status:404}] (public)",
                    "update shop/github.runner: renamed from web/github.runner; labels: "
                        + "[production, web] → [production, shop] (environment)",
                    "create shop/github.secret: new",
                ])
            #expect(
                plan.violations(
                    limits: Limits(deletes: 0, replaces: 0), kinds: Workspace.kinds,
                    withData: false, specified: ["shop"]) == [],
                "what is left behind counts as no loss")
        }
    }

    /// Its runner would register under the name that the renamed service's still has.
    @Test(arguments: [nil, ["web"]] as [Set<String>?])
    func aServiceOfTheFormerNameTakesNobodysRunner(_ named: Set<String>?) async throws {
        let former = Self.services[1]
        let shop = Self.renamed(former)
        let both = Self.repository(shop.forgettingItsName, former)
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            #expect(try await fleet.converge(Self.repository(former)).isSuccess)
            #expect(try await fleet.converge(Self.repository(shop)).isSuccess)
            let taken = try await fleet.violations(of: both, services: named)
            #expect(
                taken == [
                    PlanViolation(
                        message: "web/github.runner would take the place of shop/github.runner, "
                            + "which has kept its name since shop was renamed",
                        remedy: "Give web another name; or have shop made anew first: `launch "
                            + "destroy shop`, which keeps its data, then `launch converge shop`.")
                ])

            #expect(try await fleet.destroy(Self.repository(shop.forgettingItsName)).isSuccess)
            #expect(
                try await fleet.converge(Self.repository(shop.forgettingItsName)).isSuccess)
            let nothing = try await fleet.violations(of: both, services: named)
            #expect(nothing == [])
            #expect(try await fleet.converge(both).failures.map(\.message) == [])
            #expect(try await fleet.shortfalls(of: both) == [])
        }
    }

    @Test func aRenamedContainerWithDataIsNotReplacedInTheSameGo() async throws {
        let service = Self.web {
            $0.target = .proxmox
            $0.guest = .lxc
            $0.data = DataVolume(gibibytes: 5)
        }
        var project = Self.repository(service).project
        project.proxmox.image = .debian12
        let after = Repository(project: project, services: [Self.renamed(service)])
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            #expect(try await fleet.converge(Self.repository(service)).isSuccess)
            let workspace = fleet.workspace(after)
            let plan = try await workspace.reconciler.plan(workspace.goal(withData: true))
            let violations = plan.violations(
                limits: Limits(), kinds: Workspace.kinds, withData: true,
                specified: ["shop"])
            #expect(
                violations.map(\.remedy) == [
                    "Converge the new name alone first, and then what has it replaced."
                ])
        }
    }
}

extension Fleet {
    fileprivate func violations(
        of repository: Repository, services: Set<String>?
    ) async throws -> [PlanViolation] {
        let workspace = workspace(repository)
        let plan = try await workspace.reconciler.plan(workspace.goal(services))
        return plan.violations(
            limits: Limits(), kinds: Workspace.kinds, withData: false,
            specified: Set(repository.services.map(\.name)))
    }
}

extension ServiceSpec {
    fileprivate var forgettingItsName: ServiceSpec {
        var spec = self
        spec.formerName = nil
        return spec
    }
}
