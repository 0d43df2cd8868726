import Assembly
import Foundation
import HTTP
import Planning
import Reconciling
import Reporting
import Resources
import ServiceFiles
import Services
import Simulation
import Terraform
import TestSupport
import Testing

/// What Terraform made becomes Launch's, without anything being made or deleted.
@Suite struct TerraformAdoptionTests {
    /// Every kind that Terraform's state can hold.
    private static func repository(in world: SimulatedWorld) -> Repository {
        let full = Repository.full(in: world)
        var project = full.project
        project.budget = nil
        return Repository(
            project: project,
            services: full.services.map { service in
                var service = service
                service.runnerLife = .persistent
                service.publicAccess?.certificate = .own
                return service
            })
    }

    private func withSite<Result: Sendable>(
        _ body: @escaping @Sendable (ForsakenSite) async throws -> Result
    ) async throws -> Result {
        try await withVirtualTime { clock in
            let world = Fleet(clock).world
            return try await body(try await ForsakenSite(clock, Self.repository(in: world)))
        }
    }

    @Test func whatMatchesIsAdoptedAndNothingIsLeftToDo() async throws {
        try await withSite { site in
            let inventory = site.fleet.world.inventory
            let state = try site.state()
            #expect(state.objects.count == site.objects.compactMap(\.terraform).count)
            let counted = ReadOnlyClient(site.fleet.world)
            let report = try await site.adopt(state, http: counted).text()
            #expect(report.contains("Adoption: \(state.objects.count) to adopt."), "\(report)")
            #expect(
                report.contains("Afterwards `launch converge` has nothing to do."), "\(report)")
            #expect(site.fleet.world.inventory == inventory)
            #expect(try await site.fleet.shortfalls(of: site.repository) == [])
            let recorded = try await site.fleet.store.read()
            #expect(
                recorded.resources.mapValues(\.id)
                    == Dictionary(uniqueKeysWithValues: site.objects.map { ($0.address, $0.id) }))
            #expect(recorded.services.values.allSatisfy { $0.specDigest != nil })
            #expect(!recorded.json.jsonText().contains("hunter2"))

            let again = ReadOnlyClient(site.fleet.world)
            let second = try await site.adopt(state, http: again).text()
            #expect(second.contains("\(state.objects.count) already adopted."), "\(second)")
            #expect(again.changes == [])
            #expect(try await site.fleet.store.read() == recorded)
        }
    }

    /// The report says what the next converge would do with each object, by the planner itself.
    @Test func whatDiffersIsShownAndLeftAsItIs() async throws {
        try await withSite { site in
            let other = ForsakenSite(site, site.repository.withLargeMachines)
            let report = try await other.adopt(try site.state()).text()
            #expect(report.contains("instance_type: t3.medium → t3.xlarge"), "\(report)")
            #expect(report.contains("the machine restarts"), "\(report)")
            #expect(try await site.fleet.shortfalls(of: site.repository) == [])
            let workspace = other.fleet.workspace(other.repository)
            let plan = try await workspace.reconciler.plan(workspace.goal())
            #expect(Set(plan.effective.map(\.action)) == [.update])
        }
    }

    /// Killed at any moment, a second run ends it: each object marked and recorded once. Of a
    /// request's two moments an odd step meets both.
    @Test func aKilledRunIsEndedByAnother() async throws {
        let peace = try await withSite { site in
            let killSwitch = KillSwitch()
            try await site.adopt(
                try site.state(), http: MortalClient(site.fleet.world, killSwitch))
            return killSwitch.moments
        }
        #expect(peace > 20)
        for moment in stride(from: 1, through: peace, by: 9) {
            let problems = try await withSite { site in
                let inventory = site.fleet.world.inventory
                let state = try site.state()
                _ = try? await site.adopt(
                    state,
                    http: MortalClient(site.fleet.world, KillSwitch(at: moment)))
                try await site.fleet.time.sleep(for: .seconds(120))
                try await site.adopt(state)
                return try await site.fleet.shortfalls(of: site.repository)
                    + (site.fleet.world.inventory == inventory ? [] : ["another world"])
                    + (try await site.fleet.store.read().resources.count == site.objects.count
                        ? [] : ["not all is recorded"])
            }
            #expect(problems == [], "killed at \(moment)")
        }
    }

    @Test func everythingInTheWayIsSaidAtOnceAndNothingIsWritten() async throws {
        try await withSite { site in
            let gone: Value = .resource(
                "module.edge", "aws_instance", "this", [["attributes": ["id": "i-0gone"]]])
            let rival: Value = .resource(
                "module.home", "proxmox_vm_qemu", "copy",
                [["attributes": ["id": "pve1/qemu/999"]]])
            let state = try site.state([gone, rival]) {
                $0.address != Address(service: "edge", kind: KindName(.aws, "instance"))
            }
            let counted = ReadOnlyClient(site.fleet.world)
            let guest = try #require(site.objects.first { $0.address.kind.name == "vm" })
            do {
                try await site.adopt(
                    state, choices: TerraformChoices(services: ["module.none": "home"]),
                    http: counted)
                Issue.record("it was adopted")
            } catch let error as AdoptionRefused {
                #expect(
                    error.description == """
                        nothing was adopted:
                          - home/proxmox.vm: 2 of Terraform's objects are it: \
                        module.home.proxmox_virtual_environment_vm.this (\(guest.id)), \
                        module.home.proxmox_vm_qemu.copy (999)
                          - module.none: the state holds no such object
                          - module.edge.aws_instance.this (i-0gone): there is no such object any \
                        more
                        """)
            }
            #expect(try await site.fleet.store.read().resources.isEmpty)
            // Leaving the twin out, and without the dead one, the rest is adopted.
            let choices = TerraformChoices(
                left: ["module.home.proxmox_vm_qemu.copy", "module.edge.aws_instance.this"])
            let report = try await site.adopt(state, choices: choices).text()
            #expect(report.contains("Left to Terraform"), "\(report)")
        }
    }

    /// An object that another project has is its own, and a place that is taken stays so.
    @Test func whatIsAnothersIsRefused() async throws {
        try await withSite { site in
            let others = ForsakenSite(site, site.repository.renamed("another"))
            try await others.adopt(
                try site.state { $0.address.kind.name == "volume" }, in: site.fleet.withoutState())
            let refusal = await site.refusal(of: try site.state())
            #expect(refusal.contains("it belongs to cloud/aws.volume of the project another"))
            #expect(try await site.fleet.store.read().resources.isEmpty)
        }
    }

    @Test func whatIsDeclinedIsNotWritten() async throws {
        try await withSite { site in
            await #expect(throws: ReconcilingError.declined) {
                try await site.fleet.workspace(site.repository).adopt(
                    try site.state(), from: "state", choices: TerraformChoices(),
                    claim: Fleet.claim
                ) { _, _ in throw ReconcilingError.declined }
            }
            let serial = try await site.fleet.store.read().serial
            #expect(serial == 0)
        }
    }

    @Test func aStateWithoutAnythingOfOursSaysSo() async throws {
        try await withSite { site in
            let report = try await site.adopt(
                try site.state(
                    [.resource("module.cloud", "aws_s3_bucket", "logs", [["attributes": [:]]])]
                ) { _ in false })
            #expect(
                report.text() == """
                    state: Terraform 1.9.8, serial 17, 1 object.

                    Left to Terraform:
                      module.cloud.aws_s3_bucket.logs  Launch does not manage aws_s3_bucket

                    Nothing of it is the specs'; nothing is written.

                    """)
        }
    }

    @Test(.enabled(if: PublishedSchema.isCheckable, "check-jsonschema is not installed"))
    func programsGetTheSame() async throws {
        try await withSite { site in
            let other = ForsakenSite(site, site.repository.withLargeMachines)
            let documents = try await [
                other.adopt(
                    try site.state([
                        .resource("module.cloud", "aws_s3_bucket", "logs", [["attributes": [:]]])
                    ])
                ).json, other.adopt(try site.state()).json,
                other.adopt(try site.state { _ in false }).json,
            ]
            let schema = PublishedSchema("adoption")
            #expect(try schema.complaint(documents) == nil)
            let spoilt = documents[0].replacing("\"effect\"", with: "\"affect\"")
            #expect(try schema.complaint([spoilt]) != nil)
            let read = try documents.map { try #require(Value(json: Array($0.utf8))) }
            let count = try site.state().objects.count
            #expect(read.map { $0["objects"]?.list?.count } == [count, count, 0])
            #expect(read[0]["summary"] == ["adopt": .integer(count), "record": 0, "adopted": 0])
            #expect(read[1]["summary"] == ["adopt": 0, "record": 0, "adopted": .integer(count)])
            #expect(
                read[0]["left"] == [
                    [
                        "object": "module.cloud.aws_s3_bucket.logs",
                        "reason": "Launch does not manage aws_s3_bucket",
                    ]
                ])
            let changes = read[0]["objects"]?.list?.flatMap { $0["changes"]?.list ?? [] } ?? []
            #expect(
                changes.contains {
                    $0["reason"]?.string?.contains("t3.medium → t3.xlarge") ?? false
                        && $0["effect"]?.string?.contains("the machine restarts") ?? false
                }, "\(changes)")
        }
    }

    /// The way back names everything that came.
    @Test func whatWasAdoptedIsExported() async throws {
        try await withSite { site in
            let state = try site.state()
            try await site.adopt(state)
            let text = try await site.fleet.workspace(site.repository).terraformExport(nil)
            for object in state.objects {
                #expect(text.contains(object.id ?? "?"), "\(object.address)")
            }
            let part = try await site.fleet.workspace(site.repository).terraformExport(["cloud"])
            #expect(part.contains("aws_instance\" \"cloud\""))
            #expect(!part.contains("proxmox_virtual_environment_vm"))
        }
    }
}

extension ForsakenSite {
    /// The same world, whose specs are others.
    init(_ site: ForsakenSite, _ repository: Repository) {
        fleet = site.fleet
        objects = site.objects
        self.repository = repository
    }
}

extension Repository {
    func renamed(_ name: String) -> Repository {
        var project = project
        project.project = name
        return Repository(project: project, services: services)
    }
}

/// A network whose user may end before or after any request.
private struct MortalClient: HTTPClient {
    private let base: any HTTPClient
    private let killSwitch: KillSwitch

    init(_ base: any HTTPClient, _ killSwitch: KillSwitch) {
        self.base = base
        self.killSwitch = killSwitch
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try killSwitch.moment()
        let response = try await base.send(request)
        try killSwitch.moment()
        return response
    }
}

extension Repository {
    fileprivate var withLargeMachines: Repository {
        with { service in
            if !service.spot { service.size = .named(.large) }
        }
    }
}
