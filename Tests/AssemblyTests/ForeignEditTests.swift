import Services
import Assembly
import Planning
import Reconciling
import Resources
import ServiceFiles
import Simulation
import Testing

/// What somebody changes behind Launch's back is found, and nothing else; a converge repairs it.
@Suite struct ForeignEditTests {
    /// What drift shows after the edit, and what is still wrong after a converge.
    private struct Outcome: Sendable {
        let found: [String]
        let failed: [Address]
        let left: [String]
        let inventories: [[String: Int]]
    }

    /// Those that leave nothing behind share a world with a few others; the rest have their own.
    private static let rounds: [[ForeignEdit]] = {
        let lasting = ForeignEdit.all.filter { !$0.isReversible }
        let passing = ForeignEdit.all.filter(\.isReversible)
        return lasting.map { [$0] }
            + stride(from: 0, to: passing.count, by: 6).map { Array(passing[$0...].prefix(6)) }
    }()

    @Test(arguments: rounds)
    func foreignEditsAreFoundAndRepaired(edits: [ForeignEdit]) async throws {
        let outcomes = try await outcomes(of: edits)
        for (edit, outcome) in zip(edits, outcomes) {
            let name = Comment(rawValue: edit.field.testDescription)
            #expect(outcome.found == edit.expectedFindings, name)
            #expect(outcome.inventories[0] == outcome.inventories[1], name)
            if edit.isReversible {
                #expect(outcome.failed == [], name)
                #expect(outcome.left == [], name)
            } else {
                #expect(outcome.failed.map(\.kind) == [edit.field.kind], name)
            }
        }
    }

    private func outcomes(of edits: [ForeignEdit]) async throws -> [Outcome] {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world).with { $0.protect = false }
            try await fleet.converge(repository)
            var outcomes: [Outcome] = []
            for edit in edits {
                outcomes.append(try await outcome(of: edit, in: fleet, repository))
            }
            return outcomes
        }
    }

    private func outcome(
        of edit: ForeignEdit, in fleet: Fleet, _ repository: Repository
    ) async throws -> Outcome {
        let before = fleet.world.inventory
        let workspace = fleet.workspace(repository)
        try await edit.make(in: fleet, workspace)
        try await fleet.time.sleep(for: .seconds(120))
        let drift = try await workspace.reconciler.drift(workspace.goal())
        let found = drift.findings.flatMap { finding in
            finding.fields.map { "\(finding.address.kind) \($0.path)" }
                + (finding.kind == .changed ? [] : ["\(finding.address) \(finding.kind)"])
        }
        let report = try await fleet.converge(repository)
        return Outcome(
            found: found.sorted(), failed: report.failures.map(\.address),
            left: report.failures.map(\.message) + (try await fleet.shortfalls(of: repository)),
            inventories: [before, fleet.world.inventory])
    }

    /// Fields that nobody can change while the object lives, each with its reason.
    private static let unchangeable: [String: String] = [
        "aws.security_group name": "EC2 cannot rename a group",
        "aws.security_group subnet": "a tag of ours that only says where the group was made",
        "aws.instance subnet": "EC2 cannot move a machine",
        "aws.instance availability_zone": "EC2 cannot move a machine",
        "aws.security_group vpc": "EC2 cannot move a group",
        "aws.instance vpc": "EC2 cannot move a machine",
        "aws.instance architecture": "the image's own",
        "aws.instance spot_type": "a tag of ours that only says what was asked for",
        "aws.instance_profile name": "IAM cannot rename a role",
        "aws.instance spot": "fixed at the launch",
        "aws.budget name": "AWS knows a budget by its name",
        "proxmox.lxc unprivileged": "fixed at the creation",
        "proxmox.firewall guest": "the firewall is the guest's own",
        "cloudflare.origin_certificate hostnames": "a certificate cannot be changed",
        "cloudflare.origin_certificate current": "only time changes it",
        "cloudflare.dns_record type": "changes only together with the content",
        "cloudflare.dns_record ttl": "is 1 as long as the record is proxied",
        "github.runner online": "changes only together with its machine",
        "github.runner ephemeral": "fixed at the registration",
        "github.secret environment": "in another environment it is another secret",
        "github.secret name": "GitHub knows a secret by its name",
    ]

    @Test func everyOtherFieldIsEdited() {
        let edited = Set(ForeignEdit.all.map(\.field.testDescription))
        let compared = Set(ComparedField.all.map(\.testDescription))
        #expect(edited.union(Self.unchangeable.keys) == compared)
        #expect(edited.isDisjoint(with: Self.unchangeable.keys))
    }
}
