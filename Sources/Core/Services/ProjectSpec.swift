/// `launch.yaml`: what holds for every service of a repository.
package struct ProjectSpec: Hashable, Sendable {
    /// The owner's mark on every object.
    package var project: String
    package var environment: String
    /// Services become `<name>.<domain>`; without it no service can be public.
    package var domain: String?
    /// The GitHub `owner/name` whose Actions deploy the services.
    package var repository: String?
    /// Where that repository's pages are: `https://github.com`, or an Enterprise server.
    package var githubServer = GitHubServer.publicPages
    package var state: StateSettings
    package var aws: AWSSettings
    package var proxmox: ProxmoxSettings
    package var limits: Limits
    /// `nil` keeps no budget.
    package var budget: BudgetSpec?
    package var exemptions: [DriftExemption] = []
    /// How long the old machine of a service that moved to another target rests.
    package var grace = Duration.seconds(86_400)
    package var workflows: WorkflowSettings

    package init(
        project: String, environment: String = "production", domain: String? = nil,
        repository: String? = nil, state: StateSettings = StateSettings(),
        aws: AWSSettings = AWSSettings(), proxmox: ProxmoxSettings = ProxmoxSettings(),
        limits: Limits = Limits(), budget: BudgetSpec? = nil,
        workflows: WorkflowSettings = WorkflowSettings()
    ) {
        self.project = project
        self.environment = environment
        self.domain = domain
        self.repository = repository
        self.state = state
        self.aws = aws
        self.proxmox = proxmox
        self.limits = limits
        self.budget = budget
        self.workflows = workflows
    }
}

/// Where the state document lives.
package struct StateSettings: Hashable, Sendable {
    package enum Backend: String, Sendable, CaseIterable { case sqlite, s3 }
    package enum Lock: String, Sendable, CaseIterable { case native, dynamodb }
    /// How the bucket encrypts what it keeps.
    package enum BucketEncryption: String, Sendable, CaseIterable {
        case managed = "AES256"
        case kms = "aws:kms"
    }

    package var backend: Backend = .sqlite
    package var path = "state/launch.sqlite"
    package var bucket: String?
    package var key: String?
    package var region: String?
    package var endpoint: String?
    package var lock: Lock = .native
    package var lockTable: String?
    /// `nil` leaves it to the bucket.
    package var bucketEncryption: BucketEncryption?
    package var bucketKMSKeyID: String?
    /// How long a lock lasts without a sign of life from its holder.
    package var leaseLifetime = Duration.seconds(60)
    package var passphraseVariable: String?
    package var kmsKeyID: String?

    package init() {}
}

/// `targets.aws`.
package struct AWSSettings: Hashable, Sendable {
    package var region: String?
    /// `default`, or the id of a subnet or of a VPC.
    package var subnet = "default"
    /// `nil` gives each service a profile of its own.
    package var instanceProfile: String?
    package var image: MachineImage = .ubuntu2404
    package var architecture: Architecture = .x86

    package init() {}
}

/// What processors a machine has.
package enum Architecture: String, Sendable, CaseIterable {
    case x86 = "x86_64"
    case arm = "arm64"
}

/// `targets.proxmox`.
package struct ProxmoxSettings: Hashable, Sendable {
    package var endpoint: String?
    /// Other nodes of the same cluster.
    package var endpoints: [String] = []
    /// SHA-256 of the server's certificate.
    package var fingerprint: String?
    package var node = "auto"
    package var storage = "local-lvm"
    package var imageStorage = "local"
    package var bridge = "vmbr0"
    package var image: MachineImage = .ubuntu2404
    package var guest: GuestKind = .vm

    package init() {}
}

/// The operating systems that Launch knows how to boot.
package enum MachineImage: String, Sendable, CaseIterable {
    case ubuntu2404 = "ubuntu-24.04"
    case debian12 = "debian-12"
    case debian13 = "debian-13"
}

/// What a Proxmox service runs in.
package enum GuestKind: String, Sendable, CaseIterable { case vm, lxc }

/// What the generated GitHub workflows go by.
package struct WorkflowSettings: Hashable, Sendable {
    /// The branch whose pushes are converged.
    package var branch = "main"
    /// The action that installs Launch, as `owner/name@commit`; `nil` is the repository's own.
    package var setup: String?

    package init() {}
}

/// A plan over one of these needs an `--allow-…` option.
package struct Limits: Hashable, Sendable {
    package var deletes: Int?
    package var replaces: Int?
    /// US dollars a month.
    package var monthlyUSD: Int?

    package init(deletes: Int? = nil, replaces: Int? = nil, monthlyUSD: Int? = nil) {
        self.deletes = deletes
        self.replaces = replaces
        self.monthlyUSD = monthlyUSD
    }
}
