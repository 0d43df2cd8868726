import Assembly
import Foundation
import HTTP
import Reporting
import Resources
import ServiceFiles
import Services
import Simulation
import Synchronization
import TestSupport
import Testing

/// The doctor over the whole program in memory.
@Suite struct ExaminationTests {
    @Test func aHealthyWorldIsGoodThroughout() async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            fleet.turnClusterFirewallOn()
            let findings = await fleet.examine()
            let account = fleet.world.environment["CLOUDFLARE_ACCOUNT_ID"] ?? ""
            #expect(
                DoctorReport(findings, project: "example").text() == """
                    ✓ state                    SQLite at state/launch.sqlite, serial 0
                    ✓ AWS credentials          arn:aws:iam::123456789012:user/launch in account \
                    123456789012, from AWS_ACCESS_KEY_ID; region us-east-1
                    ✓ AWS clock                this machine's clock agrees with AWS's
                    ✓ AWS permissions          allowed: AllocateAddress, CreateSecurityGroup, \
                    CreateVolume, DescribeAddresses, DescribeInstances, DescribeSecurityGroups, \
                    DescribeSubnets, DescribeVolumes, GetAccountAuthorizationDetails, RunInstances, ViewBudget
                    ✓ Cloudflare token         CLOUDFLARE_API_TOKEN is active
                    ✓ Cloudflare zone          example.com is active
                    ✓ Cloudflare SSL           example.com is in mode full; strict would do as well
                    ✓ Cloudflare certificates  example.com shows those for origins
                    ✓ Cloudflare tunnels       account \(account) shows them
                    ✓ GitHub repository        example/services is reachable and not public
                    ✓ GitHub token             it may see the runners of example/services
                    ✓ GitHub environments      the token may see the secrets of production
                    ✓ GitHub rate limit        4997 of 5000 requests are left this hour
                    ✓ Proxmox VE               version 9.1 at https://pve.example.com:8006
                    ✓ Proxmox token            launch@pve!ci has every privilege it needs
                    ✓ Proxmox storage          local on pve1 takes import, iso, vztmpl
                    ✓ Proxmox storage          local-lvm on pve1 takes images, rootdir
                    ✓ Proxmox network          vmbr0 on pve1
                    ✓ Proxmox firewall         the cluster's firewall is on

                    19 good, 0 warnings, 0 bad.

                    """)
        }
    }

    /// Every request reads, or is a dry run; the world and the state stay as they were.
    @Test func nothingIsChanged() async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(.full(in: fleet.world))
            let (inventory, state) = (fleet.world.inventory, try await fleet.store.read())
            let requests = RequestLog(fleet.world)
            let findings = await fleet.examine(http: requests)
            #expect(findings.allSatisfy { $0.grade != .bad })
            #expect(requests.changing == [])
            #expect(fleet.world.inventory == inventory)
            #expect(try await fleet.store.read() == state)
        }
    }

    @Test func whatOnlyTheStateNeedsIsExaminedToo() async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(.full(in: fleet.world))
            let nothing = Repository.full(in: fleet.world).emptied
            let vendors = Set(await fleet.examine(nothing).map { $0.subject.prefix { $0 != " " } })
            #expect(vendors == ["state", "AWS", "Cloudflare", "GitHub", "Proxmox"])
        }
    }

    @Test func withoutServicesOnlyTheStateIsExamined() async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let nothing = Repository.full(in: fleet.world).emptied
            #expect(await fleet.examine(nothing).map(\.subject) == ["state"])
        }
    }

    @Test func theProfileThatGaveTheCredentialsIsNamed() async throws {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "launch-test-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let own = fleet.world.environment
            let profile = """
                [profile ci]
                aws_access_key_id = \(own["AWS_ACCESS_KEY_ID"] ?? "")
                aws_secret_access_key = \(own["AWS_SECRET_ACCESS_KEY"] ?? "")
                region = us-east-1
                """
            try Data(profile.utf8).write(to: file)
            let environment = ["AWS_PROFILE": "ci", "AWS_CONFIG_FILE": file.path]
            let findings = await fleet.examine(
                environment: own.filter { !$0.key.hasPrefix("AWS_") }.merging(environment) { $1 },
                host: LocalHost([:]))
            #expect(
                findings.first { $0.subject == "AWS credentials" }
                    == .good(
                        "AWS credentials",
                        "arn:aws:iam::123456789012:user/launch in account 123456789012, from the "
                            + "profile ci in \(file.path); region us-east-1"))
        }
    }

    @Test func eachProviderIsExaminedWhateverTheOthersLack() async throws {
        try await withVirtualTime { clock in
            let findings = await Fleet(clock).examine(environment: ["PATH": "/bin"])
            let text = DoctorReport(findings, project: "example").text()
            #expect(
                text == """
                    ✓ state              SQLite at state/launch.sqlite, serial 0
                    ✗ AWS credentials    could not choose a region: no region is set
                                         → Set `targets.aws.region` in launch.yaml, or AWS_REGION.
                    ✗ Cloudflare token   could not verify the token: CLOUDFLARE_API_TOKEN is not set
                                         → Set CLOUDFLARE_API_TOKEN.
                    ✗ GitHub repository  could not reach the repository: GITHUB_TOKEN is not set
                                         → Set GITHUB_TOKEN (a token that may administer the \
                    repository).
                    ✗ Proxmox VE         could not connect to Proxmox VE: no endpoint is set
                                         → Set `targets.proxmox.endpoint` in launch.yaml, or \
                    PROXMOX_VE_ENDPOINT.

                    1 good, 0 warnings, 4 bad.

                    """)
        }
    }

    /// What is wrong, and the only findings that are not good because of it.
    struct Ailment: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var configuration = WorldConfiguration()
        var environment: @Sendable (WorldCore) -> [String: String] = { _ in [:] }
        var cause: @Sendable (WorldCore) -> Void = { _ in }
        let findings: [Finding]
    }

    static let ailments: [Ailment] = [
        Ailment(
            testDescription: "wrong AWS secret",
            environment: { _ in ["AWS_SECRET_ACCESS_KEY": "wrong"] },
            findings: [
                .bad(
                    "AWS credentials",
                    "could not ask who the credentials belong to: SignatureDoesNotMatch: The "
                        + "request signature we calculated does not match the signature you "
                        + "provided. Check your AWS Secret Access Key and signing method.",
                    remedy: "Check AWS_SECRET_ACCESS_KEY: it does not belong to the key's id.")
            ]),
        Ailment(
            testDescription: "AWS permission missing",
            cause: { $0.aws?.ec2.denied = ["CreateVolume"] },
            findings: [
                .bad(
                    "AWS permissions",
                    "could not try CreateVolume: UnauthorizedOperation: "
                        + "arn:aws:iam::123456789012:user/launch may not ec2:CreateVolume on *: "
                        + "no policy allows it",
                    remedy: "Grant ec2:CreateVolume on * to the credentials in use.")
            ]),
        Ailment(
            testDescription: "Proxmox privilege missing",
            cause: { $0.proxmox?.revoked = ["VM.Config.Disk", "SDN.Use"] },
            findings: [
                .bad(
                    "Proxmox token", "launch@pve!ci lacks VM.Config.Disk on /vms",
                    remedy: "Run on a node: pveum role add Launch-vms --privs \"VM.Allocate "
                        + "VM.Audit VM.Config.CDROM VM.Config.CPU VM.Config.Disk "
                        + "VM.Config.HWType VM.Config.Memory VM.Config.Network "
                        + "VM.Config.Options VM.GuestAgent.Audit VM.GuestAgent.FileRead "
                        + "VM.PowerMgmt\" && pveum acl modify /vms --users launch@pve --tokens 'launch@pve!ci' --roles "
                        + "Launch-vms"),
                .bad(
                    "Proxmox token",
                    "launch@pve!ci lacks SDN.Use on /sdn/zones/localnetwork/vmbr0",
                    remedy: "Run on a node: pveum role add Launch-sdn-zones-localnetwork-vmbr0 "
                        + "--privs \"SDN.Use\" && pveum acl modify "
                        + "/sdn/zones/localnetwork/vmbr0 --users launch@pve --tokens "
                        + "'launch@pve!ci' --roles Launch-sdn-zones-localnetwork-vmbr0"),
            ]),
        Ailment(
            testDescription: "Proxmox privilege to see first boots missing",
            cause: { $0.proxmox?.revoked = ["VM.GuestAgent.FileRead"] },
            findings: [
                .warning(
                    "Proxmox token",
                    "launch@pve!ci cannot see how far the first boot of a VM is",
                    remedy: "Run on a node: pveum role add Launch-vms --privs \"VM.Allocate "
                        + "VM.Audit VM.Config.CDROM VM.Config.CPU VM.Config.Disk "
                        + "VM.Config.HWType VM.Config.Memory VM.Config.Network "
                        + "VM.Config.Options VM.GuestAgent.Audit VM.GuestAgent.FileRead "
                        + "VM.PowerMgmt\" && pveum acl modify /vms --users launch@pve --tokens "
                        + "'launch@pve!ci' --roles Launch-vms")
            ]),
        Ailment(
            testDescription: "wrong Proxmox token",
            environment: { _ in ["PROXMOX_VE_API_TOKEN": "launch@pve!ci=wrong"] },
            findings: [
                .bad(
                    "Proxmox VE", "could not reach Proxmox VE: invalid token value!",
                    remedy: "Check that PROXMOX_VE_API_TOKEN is valid and has not expired.")
            ]),
        Ailment(
            testDescription: "Proxmox too old for containers",
            configuration: WorldConfiguration(proxmox: "9.0"),
            findings: [
                .bad(
                    "Proxmox VE",
                    "version 9.0; containers need 9.1 or later, which gives them `entrypoint` "
                        + "and `env` and has lxc-pve 6.0.5-2, for Docker inside",
                    remedy: "Update Proxmox VE, or set `guest: vm`.")
            ]),
        Ailment(
            testDescription: "Proxmox storage without import",
            cause: { $0.proxmox?.storages[0].content = ["iso", "vztmpl"] },
            findings: [
                .bad(
                    "Proxmox storage", "local on pve1 is not enabled for import",
                    remedy: "Run `pvesm set local --content iso,vztmpl,import` on a node.")
            ]),
        Ailment(
            testDescription: "unknown zone",
            configuration: WorldConfiguration(zones: ["example.org"]),
            findings: ["cloud", "edge", "home"].map {
                .bad(
                    "Cloudflare zone", "no zone that the token can see holds \($0).example.com",
                    remedy: "Add the domain to Cloudflare, or grant the token "
                        + "Zone › Zone: Read on it.")
            }),
        Ailment(
            testDescription: "expired Cloudflare token",
            cause: { $0.cloudflare?.tokenStatus = "expired" },
            findings: [
                .bad(
                    "Cloudflare token", "the token is expired",
                    remedy: "Make a new token, and set CLOUDFLARE_API_TOKEN.")
            ]),
        Ailment(
            testDescription: "token of a Cloudflare account",
            environment: { ["CLOUDFLARE_API_TOKEN": $0.cloudflare?.accountToken ?? ""] },
            findings: []),
        Ailment(
            testDescription: "GitHub token that administers nothing",
            environment: { ["GITHUB_TOKEN": $0.github?.readOnlyToken ?? ""] },
            findings: [
                .bad(
                    "GitHub token",
                    "could not list the runners: Resource not accessible by personal access "
                        + "token (HTTP status 403)",
                    remedy: "Grant Administration: write on example/services to the credentials "
                        + "in use."),
                .bad(
                    "GitHub environments",
                    "could not list the secrets of production: Resource not accessible by "
                        + "personal access token (HTTP status 403)",
                    remedy: "Grant Environments: write on example/services to the credentials "
                        + "in use."),
            ]),
        Ailment(
            testDescription: "public repository",
            cause: { $0.github?.publicRepositories = ["example/services"] },
            findings: [
                .warning(
                    "GitHub repository",
                    "example/services is public: a pull request from a fork could run code on "
                        + "the machines",
                    remedy: "Make it private, or require approval for all outside contributors "
                        + "under Settings › Actions › General.")
            ]),
        Ailment(
            testDescription: "GitHub's rate limit nearly used up",
            cause: { $0.github?.requestsElsewhere = 4900 },
            findings: [
                .warning(
                    "GitHub rate limit", "97 of 5000 requests are left this hour",
                    remedy: "Wait until the hour is over, or use a token that nothing else uses.")
            ]),
    ]

    @Test(arguments: ailments) func anAilmentIsFound(_ ailment: Ailment) async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock, configuration: ailment.configuration)
            fleet.turnClusterFirewallOn()
            fleet.world.locked(ailment.cause)
            let environment = fleet.world.environment.merging(
                fleet.world.locked(ailment.environment)
            ) { _, new in new }
            let findings = await fleet.examine(environment: environment)
            #expect(findings.filter { $0.grade != .good } == ailment.findings)
        }
    }

    @Test func aPendingZoneIsToldFromAnUnknownOne() async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            fleet.world.locked { $0.cloudflare?.zones.pending = ["example.com"] }
            let details = await fleet.examine().filter { $0.subject == "Cloudflare zone" }
                .map(\.detail)
            #expect(
                details
                    == ["cloud", "edge", "home"].map {
                        "example.com, which holds \($0).example.com, is pending"
                    })
        }
    }

    @Test func theClusterFirewallThatIsOffIsOnlyAWarning() async throws {
        try await withVirtualTime { clock in
            let findings = await Fleet(clock).examine().filter { $0.grade != .good }
            #expect(findings.map(\.subject) == ["Proxmox firewall"])
            #expect(findings.map(\.grade) == [.warning])
        }
    }

    /// Launch signs by AWS's clock when its own is a little off, so all else still works.
    @Test(arguments: [
        (
            60.0, [Finding.Grade.good, .warning, .good],
            "this machine's is 60 s ahead of AWS's clock"
        ),
        (3600.0, [.bad, .bad], "this machine's is 3600 s ahead of AWS's clock"),
        (-3600.0, [.bad, .bad], "this machine's is 3600 s behind AWS's clock"),
    ])
    func aClockThatIsOffIsFound(
        offset: TimeInterval, grades: [Finding.Grade], detail: String
    ) async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let findings = await fleet.examine(time: OffsetClock(base: clock, offset: offset))
            let aws = findings.filter { $0.subject.hasPrefix("AWS") }
            #expect(aws.map(\.grade) == grades)
            #expect(aws.map(\.detail).contains(detail))
        }
    }

    @Test func aStateThatCannotBeReadIsFoundBesideTheRest() async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let failure = StateError.corrupt(location: "state/launch.sqlite", detail: "damaged")
            let findings = await fleet.examine(store: BrokenStore(failure: failure))
            #expect(
                findings.filter { $0.grade == .bad } == [
                    .bad("state", failure.description, remedy: failure.remedy)
                ])
            #expect(findings.contains { $0.subject == "GitHub token" })
        }
    }

    @Test func aProviderThatDoesNotAnswerHoldsUpNobody() async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            fleet.world.setFaults(
                .matching(.delay(.seconds(3600))) { $0.host == "api.github.com" })
            let findings = await fleet.examine().filter { $0.grade == .bad }
            #expect(
                findings == [
                    .bad(
                        "GitHub", "could not examine GitHub: no answer within 60 s",
                        remedy: "Check the endpoint and the network.")
                ])
        }
    }
}

extension Fleet {
    fileprivate func examine(
        _ repository: Repository? = nil, http: (any HTTPClient)? = nil,
        time: (any TimeSource)? = nil,
        environment: [String: String]? = nil, host: LocalHost = LocalHost([:]),
        store: (any StateStore)? = nil
    ) async -> [Finding] {
        let surroundings = Surroundings(
            http: http ?? world, time: time ?? self.time, random: random,
            environment: environment ?? world.environment, host: host)
        return await Workspace(
            repository ?? .full(in: world), store: store ?? self.store, surroundings: surroundings,
            events: SilentEvents()
        ).examine()
    }

    fileprivate func turnClusterFirewallOn() {
        world.locked { $0.proxmox?.turnClusterFirewallOn() }
    }
}

extension WorldConfiguration {
    fileprivate init(proxmox version: String) {
        self.init()
        proxmoxVersion = version
    }

    fileprivate init(zones: [String]) {
        self.init()
        self.zones = zones
    }
}

/// A store that nothing can be done with.
private struct BrokenStore: StateStore {
    let failure: StateError

    func read() async throws -> StateDocument { throw failure }
    func leases() async throws -> [Lease] { throw failure }
    func unlock(_ id: String) async throws -> [Lease] { throw failure }
    func history(of service: String?, limit: Int) async throws -> [HistoryEntry] { throw failure }
    func life(of address: Address) async throws -> [LifeEvent] { throw failure }
    func read(serial: Int) async throws -> StateDocument { throw failure }
    func prove() async throws -> StateDocument { throw failure }

    func exclusively<Result: Sendable>(
        _ services: Set<String>, claim: LeaseClaim,
        _ body: (any StateWriter) async throws -> Result
    ) async throws -> Result { throw failure }
}

/// Keeps each request that neither reads nor is a dry run.
private final class RequestLog: HTTPClient {
    private let base: any HTTPClient
    private let kept = Mutex<[String]>([])

    init(_ base: any HTTPClient) { self.base = base }

    var changing: [String] { kept.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        if !request.isRead, !request.isDryRun {
            kept.withLock { $0.append("\(request.method.rawValue) \(request.url)") }
        }
        return try await base.send(request)
    }
}

extension HTTPRequest {
    fileprivate var isDryRun: Bool {
        guard case .bytes(let bytes) = body else { return false }
        return String(decoding: bytes, as: UTF8.self).split(separator: "&").contains("DryRun=true")
    }
}
