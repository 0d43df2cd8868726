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
import Synchronization
import TestSupport
import Testing

/// Who changed what, from the providers' logs to the report.
@Suite struct AttributionTests {
    /// What somebody does at each provider, and how the report's line begins.
    private static let deeds: [(line: String, edit: @Sendable (WorldCore) -> Void)] = [
        (
            "changed    cloud/aws.instance by alice, ",
            { core in
                guard let ec2 = core.aws?.ec2 else { return }
                ec2.instance(tagged: "launch:service", "cloud").map { ec2.stop($0.id) }
            }
        ),
        (
            "changed    home/cloudflare.dns_record/home.example.com by alice@example.com, ",
            {
                $0.cloudflare?.zones.changeRecords(
                    named: "home.example.com", ["content": "theirs.example.net"])
            }
        ),
        (
            "changed    home/proxmox.vm by root@pam, ",
            { core in
                for vmid in core.proxmox?.vmids ?? [] {
                    let isMachine = core.proxmox?.configuration(of: vmid)?["scsihw"] != nil
                    if isMachine { core.proxmox?.change("onboot", to: "0", of: vmid) }
                }
            }
        ),
    ]

    private struct Outcome: Sendable {
        let moment: String
        let drift: Drift
        /// Requests to the logs, by what was done.
        let asked: [String: [String]]
    }

    private static func outcome(
        afterwards spoil: @escaping @Sendable (WorldCore) -> Void = { _ in }
    ) async throws -> Outcome {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world).with { $0.protect = false }
            let logs = LogCounter(fleet.world)
            try await fleet.converge(repository)
            let workspace = fleet.workspace(repository, http: logs)
            _ = try await workspace.reconciler.drift(workspace.goal())
            var asked = ["nothing to find": logs.take()]

            try await clock.sleep(for: .seconds(600))
            let moment = clock.now().formatted(.iso8601)
            fleet.world.locked { core in
                for deed in deeds { deed.edit(core) }
                spoil(core)
            }
            try await clock.sleep(for: .seconds(600))
            _ = try await workspace.reconciler.plan(workspace.goal())
            _ = try await workspace.reconciler.look(workspace.goal())
            asked["plan and status"] = logs.take()
            let drift = try await workspace.reconciler.drift(workspace.goal())
            asked["drift"] = logs.take()
            return Outcome(moment: moment, drift: drift, asked: asked)
        }
    }

    private static let found = [
        "cloud/aws.instance changed running", "cloud/github.runner changed online",
        "home/cloudflare.dns_record/home.example.com changed content",
        "home/proxmox.vm changed onboot",
    ]

    @Test func whoAndWhenAreTold() async throws {
        let outcome = try await Self.outcome()
        #expect(outcome.drift.findings.map(\.summary) == Self.found)
        let heads = DriftReport(outcome.drift).text().split(separator: "\n")
            .filter { $0.hasPrefix("changed") }.map(String.init)
        let told = Self.deeds.map { $0.line + outcome.moment }
        #expect(heads == [told[0], "changed    cloud/github.runner", told[1], told[2]])
        #expect(
            outcome.asked == [
                "nothing to find": [], "plan and status": [],
                "drift": ["cloudtrail", "logs/audit", "nodes/pve1/tasks", "nodes/pve2/tasks"],
            ])
    }

    /// The findings are there all the same.
    @Test func whoMayNotLookLeavesItOpen() async throws {
        let outcome = try await Self.outcome { core in
            core.aws?.trail.isDenied = true
            core.cloudflare?.audit.isDenied = true
            core.proxmox?.revoked = ["Sys.Audit"]
        }
        #expect(outcome.drift.findings.map(\.summary) == Self.found)
        #expect(outcome.drift.findings.map(\.change) == [nil, nil, nil, nil])
        let json = DriftReport(outcome.drift).json
        #expect(json.contains(#""changed_by" : null"#) && !json.contains(#""changed_by" : ""#))
    }
}

/// Keeps what the providers' logs are asked for.
private final class LogCounter: HTTPClient {
    private let base: any HTTPClient
    private let seen = Mutex<[String]>([])

    init(_ base: any HTTPClient) { self.base = base }

    /// What was asked since the last time, in order of name.
    func take() -> [String] {
        seen.withLock { seen in
            defer { seen = [] }
            return seen.sorted()
        }
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let log = request.url.firstMatch(of: /cloudtrail|logs\/audit|nodes\/\w+\/tasks(?=\?)/)
        if let log { seen.withLock { $0.append(String(log.output)) } }
        return try await base.send(request)
    }
}
