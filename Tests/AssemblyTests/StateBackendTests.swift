import Assembly
import HTTP
import Journal
import Planning
import Reconciling
import Resources
import ServiceFiles
import Services
import Simulation
import Synchronization
import Testing

/// The state in a bucket, from the first converge to the last destroy.
@Suite struct StateBackendTests {
    @Test(arguments: StateForm.allCases.filter { $0 != .sqlite })
    func aLifeWithTheStateInABucket(_ form: StateForm) async throws {
        let repository = try Repository.examples()
        let problems = try await withVirtualTime { clock in
            let fleet = RemoteFleet(clock, form)
            var problems = try await fleet.converge(repository).failures.map(\.message)
            if fleet.world.inventory != Repository.examplesInventory {
                problems.append("there is \(fleet.world.inventory)")
            }
            let workspace = try fleet.workspace(repository)
            let before = fleet.world.requestCount
            let plan = try await workspace.reconciler.plan(workspace.goal())
            let requests = fleet.world.requestCount - before
            problems += plan.effective.map { "planned: \($0.reason)" }
            let counted = workspace.meter.byProvider.mapValues(\.total)
            if counted != [.aws: 6, .cloudflare: 5, .github: 2, .proxmox: 7] {
                problems.append("the state's requests are counted: \(counted)")
            }
            if requests <= workspace.meter.total { problems.append("the state cost no request") }
            let texts = fleet.contents.values.map { String(decoding: $0, as: UTF8.self) }
            let isReadable = texts.contains { $0.contains("aws.security_group") }
            if isReadable == (form == .passphrase || form == .kms) {
                problems.append(isReadable ? "it is in clear" : "it is not in clear")
            }
            let leases = fleet.world.locked {
                $0.aws?.dynamoDB.items(in: RemoteFleet.table).count ?? 0
            }
            if leases != (form == .dynamodb ? 1 : 0) { problems.append("\(leases) items") }
            let last = try fleet.workspace(repository)
            problems += try await last.reconciler.converge(
                last.teardown(nil, withData: true), claim: Fleet.claim
            ) { _ in }.failures.map(\.message)
            return problems + fleet.world.inventory.map { "left: \($0)" }
        }
        #expect(problems == [])
    }

    /// Not the leases' own item, but one like it.
    @Test func theTableIsProvenToo() async throws {
        let items = try await withVirtualTime { clock in
            let fleet = RemoteFleet(clock, .dynamodb)
            let store = try fleet.workspace(try Repository.examples()).store
            _ = try await store.prove()
            let first = fleet.world.locked { $0.aws?.dynamoDB.items(in: RemoteFleet.table) ?? [:] }
            fleet.world.locked { _ = $0.aws?.dynamoDB.denied.insert("dynamodb:PutItem") }
            await #expect(throws: StateError.self) { try await store.prove() }
            return first.keys.sorted()
        }
        #expect(items == ["states/example.launch-probe"])
    }

    // MARK: - Faults

    private static let faults = [
        Fault.lostReply, .reset, .status(503, retryAfter: nil), .vendor(.throttled),
        .vendor(.conflict),
    ]

    /// Each request for the state has one go wrong, and nothing comes of it.
    @Test(arguments: faults, [StateForm.native, .dynamodb])
    func oneStateRequestGoesWrong(_ fault: Fault, _ form: StateForm) async throws {
        let repository = try RemoteFleet.worker()
        let problems = try await withVirtualTime { clock in
            var problems: [String] = []
            var count = 1
            var index = 0
            while index < count {
                let fleet = RemoteFleet(clock, form)
                let tally = StateFault(fault, at: index)
                fleet.world.setFaults(tally.plan)
                let failures = try await fleet.converge(repository).failures
                problems += failures.map { "request \(index): \($0.message)" }
                fleet.world.setFaults(.none)
                if fleet.world.inventory != ["proxmox container": 1, "github runner": 1] {
                    problems.append("request \(index): there is \(fleet.world.inventory)")
                }
                let workspace = try fleet.workspace(repository)
                if try await !workspace.reconciler.plan(workspace.goal()).isEmpty {
                    problems.append("request \(index): there is more to do")
                }
                if try await !workspace.store.leases().isEmpty {
                    problems.append("request \(index): a lease was not given back")
                }
                count = tally.count
                index += 1
            }
            if count < 15 { problems.append("only \(count) requests") }
            return problems
        }
        #expect(problems == [])
    }

    // MARK: - Refusals

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let arrange: @Sendable (inout RemoteFleet) -> Void

        init(
            _ description: String, _ text: String,
            _ arrange: @escaping @Sendable (inout RemoteFleet) -> Void
        ) {
            testDescription = description
            self.text = text
            self.arrange = arrange
        }
    }

    private static let place = "s3://states: the state store cannot be used: "

    private static let refusals = [
        Refusal(
            "no bucket",
            """
            s3://elsewhere: the state store cannot be used: there is no bucket "elsewhere"
            → Create it with `aws s3 mb s3://elsewhere --region us-east-1`, or correct \
            `state.bucket` in launch.yaml.
            """
        ) { $0.settings.bucket = "elsewhere" },
        Refusal(
            "no reading",
            """
            \(place)AccessDenied: \(denied("s3:GetObject", "states/example"))
            → Grant s3:GetObject on arn:aws:s3:::states/*, and s3:ListBucket on \
            arn:aws:s3:::states, without which a missing object looks forbidden, to the \
            credentials from AWS_ACCESS_KEY_ID.
            """
        ) { $0.deny("s3:GetObject") },
        Refusal(
            "no listing",
            """
            \(place)AccessDenied: \(denied("s3:ListBucket", "states/example"))
            → Grant s3:GetObject on arn:aws:s3:::states/*, and s3:ListBucket on \
            arn:aws:s3:::states, without which a missing object looks forbidden, to the \
            credentials from AWS_ACCESS_KEY_ID.
            """
        ) { $0.deny("s3:ListBucket") },
        Refusal(
            "no writing",
            """
            \(place)AccessDenied: \(denied("s3:PutObject", "states/example"))
            → Grant s3:PutObject on arn:aws:s3:::states/* to the credentials from \
            AWS_ACCESS_KEY_ID.
            """
        ) { $0.deny("s3:PutObject") },
        Refusal(
            "another region",
            """
            \(place)the bucket is in the region us-east-1, not in eu-west-1
            → Set `state.region: us-east-1` in launch.yaml.
            """
        ) { $0.settings.region = "eu-west-1" },
        Refusal(
            "another secret key",
            """
            \(place)SignatureDoesNotMatch: The request signature we calculated does not match \
            the signature you provided. Check your AWS Secret Access Key and signing method.
            → Check the secret key that goes with AWS_ACCESS_KEY_ID: it is another key's.
            """
        ) { $0.environment["AWS_SECRET_ACCESS_KEY"] = "another-secret-key" },
        Refusal(
            "no table",
            """
            dynamodb://nowhere: the state store cannot be used: there is no table "nowhere" in \
            us-east-1
            → Create it with `aws dynamodb create-table --region us-east-1 --table-name nowhere \
            --attribute-definitions AttributeName=LockID,AttributeType=S --key-schema \
            AttributeName=LockID,KeyType=HASH --billing-mode PAY_PER_REQUEST`.
            """
        ) {
            $0.settings.lock = .dynamodb
            $0.settings.lockTable = "nowhere"
        },
        Refusal(
            "no passphrase",
            """
            launch.yaml: the state cannot be decrypted: LAUNCH_STATE_PASSPHRASE, which holds \
            the passphrase, is not set
            → Check the passphrase or key that launch.yaml's `encryption` names.
            """
        ) { $0.settings.passphraseVariable = "LAUNCH_STATE_PASSPHRASE" },
        Refusal(
            "a short passphrase",
            """
            LAUNCH_STATE_PASSPHRASE: the state store cannot be used: the passphrase has 5 \
            characters, and the least is 12
            → Set LAUNCH_STATE_PASSPHRASE to a passphrase that nobody guesses, for example from \
            `openssl rand -base64 24`.
            """
        ) {
            $0.settings.passphraseVariable = "LAUNCH_STATE_PASSPHRASE"
            $0.environment["LAUNCH_STATE_PASSPHRASE"] = "short"
        },
        Refusal(
            "no such key of KMS",
            """
            KMS key alias/nowhere: the state store cannot be used: NotFoundException: Alias \
            arn:aws:kms:us-east-1:123456789012:alias/nowhere is not found.
            → Correct `state.encryption.kms_key_id` or the region; `aws kms list-aliases` shows \
            the keys.
            """
        ) { $0.settings.kmsKeyID = "alias/nowhere" },
    ]

    private static func denied(_ action: String, _ object: String) -> String {
        "User: arn:aws:iam::123456789012:user/launch is not authorized to perform: \(action) on "
            + "resource: \"arn:aws:s3:::\(object)\" because no identity-based policy allows the "
            + "\(action) action"
    }

    /// Nothing is made in the world, and nothing more is in the bucket than before.
    @Test(arguments: refusals)
    func whatKeepsTheStateFromBeingUsed(_ refusal: Refusal) async throws {
        let repository = try RemoteFleet.worker()
        let (text, inventory, contents) = try await withVirtualTime { clock in
            var fleet = RemoteFleet(clock)
            refusal.arrange(&fleet)
            let text = await words { try await fleet.converge(repository) }
            return (text, fleet.world.inventory, fleet.contents.keys.sorted())
        }
        #expect(text == refusal.text)
        #expect(inventory == [:])
        // Only the lease comes after the first snapshot.
        #expect(contents == [] || refusal.testDescription == "no table")
    }

    /// What is there already stays as it is, byte for byte.
    @Test(arguments: [
        ("s3:PutObject", "PutObject and s3:GetObject on arn:aws:s3:::states/* to"),
        ("s3:GetObject", "GetObject on arn:aws:s3:::states/*, and s3:ListBucket on"),
    ])
    func aRightThatWasTakenAway(_ action: String, _ grant: String) async throws {
        let repository = try RemoteFleet.worker()
        try await withVirtualTime { clock in
            let fleet = RemoteFleet(clock)
            try await fleet.converge(repository)
            let contents = fleet.contents
            fleet.deny(action)
            let larger = repository.with { $0.size = .named(.large) }
            let text = await words { try await fleet.converge(larger) }
            #expect(text.contains("→ Grant s3:\(grant)"), "\(text)")
            #expect(fleet.contents == contents)
        }
    }

    @Test(arguments: [3600.0, -3600]) func aClockAnHourOff(by seconds: Double) async throws {
        let repository = try RemoteFleet.worker()
        try await withVirtualTime { clock in
            let fleet = RemoteFleet(clock)
            try await fleet.converge(repository)
            let contents = fleet.contents
            let text = await words {
                let workspace = try fleet.workspace(
                    repository, time: OffsetClock(base: clock, offset: seconds))
                return try await workspace.reconciler.converge(
                    workspace.goal(), claim: Fleet.claim
                ) { _ in }
            }
            let side = seconds < 0 ? "behind" : "ahead of"
            #expect(
                text == """
                    s3://states: a clock is wrong: this machine's is 3600 s \(side) S3's
                    → Set the clock, for example with `timedatectl set-ntp true`.
                    """)
            #expect(fleet.contents == contents)
        }
    }
}

extension RemoteFleet {
    fileprivate func deny(_ action: String) {
        world.locked { _ = $0.aws?.s3.deny([action], in: Self.bucket) }
    }
}

/// What `body` fails with, as `launch` says it.
private func words(_ body: () async throws -> some Any) async -> String {
    do {
        return "no error: \(try await body())"
    } catch let error as StateError {
        return "\(error)\n→ \(error.remedy)"
    } catch {
        return "another error: \(error)"
    }
}

/// Counts the requests for the state, and has one of them go wrong.
private final class StateFault: Sendable {
    private let counted = Mutex(0)
    private let fault: Fault
    private let index: Int

    init(_ fault: Fault, at index: Int) {
        self.fault = fault
        self.index = index
    }

    var count: Int { counted.withLock { $0 } }

    var plan: FaultPlan {
        FaultPlan { [self] _, request in
            guard request.host.contains("s3.") || request.host.contains("dynamodb") else {
                return nil
            }
            return counted.withLock { count in
                defer { count += 1 }
                return count == index ? fault : nil
            }
        }
    }
}
