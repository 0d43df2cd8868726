import Resources
import Services

extension SpecField {
    /// The keys of `launch.yaml`.
    package static let project: [SpecField] = [
        SpecField(
            "project", .text(.projectName), required: true,
            "The owner's mark on every object that Launch makes."),
        SpecField(
            "environment", .text(.environmentName), fallback: "production",
            "The environment of services that name none; a runner label."),
        SpecField(
            "domain", .text(.domain), "Public services become <name>.<domain>."),
        SpecField(
            "repository", .text(.repository),
            "The GitHub repository whose Actions deploy the services; GITHUB_REPOSITORY if left"
                + " out."),
        SpecField("state", .mapping(state), "Where the state document lives."),
        SpecField("targets", .mapping(targets), "Where services can run."),
        SpecField("limits", .mapping(limits), "A plan over a limit needs an --allow option."),
        SpecField(
            "budget", .mapping(budget), "An AWS Budget that tells people when the bill grows."),
        SpecField("drift", .mapping(drift), "What `launch drift` goes by."),
        SpecField("moves", .mapping(moves), "How services move to another target."),
        SpecField("workflows", .mapping(workflows), "What `launch workflows` goes by."),
    ]

    private static let state = [
        SpecField(
            "backend", .choice(of: StateSettings.Backend.self), fallback: "sqlite",
            "A database in the repository, or an S3 bucket (R2, MinIO and Ceph too)."),
        SpecField(
            "path", .text(.filePath), fallback: "state/launch.sqlite",
            "The database's path. Only for sqlite."),
        SpecField("bucket", .text(.bucket), "Required for s3."),
        SpecField("key", .text(.objectKey), "The state object's key. Required for s3."),
        SpecField(
            "region", .text(.region), "The bucket's region; AWS_REGION if left out. Only for s3."),
        SpecField(
            "endpoint", .text(.httpURL), "The S3 service, when it is not AWS's. Only for s3."),
        SpecField(
            "lock", .choice(of: StateSettings.Lock.self), fallback: "native",
            "Locking by conditional writes, or by a DynamoDB table. Only for s3."),
        SpecField("lock_table", .text(.tableName), "Required for lock: dynamodb."),
        SpecField(
            "lease", .text(.leaseLifetime), fallback: "60s",
            "How long a lock lasts without a sign of life from the run that holds it."),
        SpecField(
            "sse", .choice(of: StateSettings.BucketEncryption.self),
            "How the bucket encrypts what it keeps; as it is set itself if left out. Only for"
                + " s3."),
        SpecField(
            "sse_kms_key_id", .text(.kmsKey),
            "The AWS KMS key of sse: aws:kms; the account's own for S3 if left out."),
        SpecField(
            "encryption", .mapping(encryption), "Encrypts the state, with one of two keys."),
    ]

    private static let encryption = [
        SpecField(
            "passphrase_env", .text(.variableName),
            "The environment variable that holds the passphrase."),
        SpecField("kms_key_id", .text(.kmsKey), "The AWS KMS key."),
    ]

    private static let targets = [
        SpecField("aws", .mapping(aws), "Amazon EC2."),
        SpecField("proxmox", .mapping(proxmox), "Proxmox VE."),
    ]

    private static let aws = [
        SpecField("region", .text(.region), "AWS_REGION if left out."),
        SpecField(
            "subnet", .text(.subnet), fallback: "default",
            "The subnet of the machines, the VPC to choose one in, or the default one."),
        SpecField(
            "instance_profile", .text(.instanceProfile),
            "What the machines may do in AWS; each service's own profile if left out."),
        SpecField(
            "architecture", .choice(of: Architecture.self), fallback: "x86_64",
            "The machines' processors."),
        image,
    ]

    private static let proxmox = [
        SpecField(
            "endpoint", .text(.httpsURL),
            "The API's address; PROXMOX_VE_ENDPOINT if left out."),
        SpecField(
            "endpoints", .list(of: .text(.httpsURL), atLeast: 0), fallback: [],
            "Other nodes of the same cluster, asked when the first does not answer."),
        SpecField(
            "fingerprint", .text(.fingerprint),
            "The SHA-256 of the server's certificate, to trust that one alone."),
        SpecField(
            "node", .text(.node), fallback: "auto", "The node to use, or the one with most room."),
        SpecField("storage", .text(.storage), fallback: "local-lvm", "Where disks go."),
        SpecField(
            "image_storage", .text(.storage), fallback: "local",
            "Where images and seeds go: its content must include iso and import."),
        SpecField("bridge", .text(.bridge), fallback: "vmbr0", "The network of the guests."),
        image,
        SpecField(
            "guest", .choice(of: GuestKind.self), fallback: "vm",
            "What services run in unless they say otherwise."),
    ]

    private static let image = SpecField(
        "image", .choice(of: MachineImage.self), fallback: "ubuntu-24.04",
        "The operating system.")

    private static let limits = [
        SpecField("deletes", .integer(0...Int.max), "Objects that one plan may delete."),
        SpecField("replaces", .integer(0...Int.max), "Objects that one plan may replace."),
        SpecField("monthly_usd", .integer(0...Int.max), "US dollars a month, for all services."),
    ]

    private static let drift = [
        SpecField(
            "ignore", .list(of: .mapping(exemption), atLeast: 0), fallback: [],
            "Drift that nobody is to be told of for a while.")
    ]

    private static let moves = [
        SpecField(
            "grace", .text(.grace), fallback: "24h",
            "How long the old machine rests, switched off, once the new one serves.")
    ]

    private static let exemption = [
        SpecField("address", .text(.address), required: true, "The object's address."),
        SpecField(
            "fields", .list(of: .text(.fieldName), atLeast: 1),
            "The fields that may differ; the whole object if left out."),
        SpecField("until", .text(.day), required: true, "The last day, in UTC."),
        SpecField("reason", .text(.remark), "Why, for whoever reads the report."),
    ]

    private static let workflows = [
        SpecField(
            "branch", .text(.branch), fallback: "main", "The branch whose pushes are converged."),
        SpecField(
            "setup", .text(.action),
            "The action that installs Launch; the one in the repository's root if left out."),
    ]

    private static let budget = [
        SpecField(
            "monthly_usd", .integer(1...Int(Int32.max)),
            "US dollars a month; limits.monthly_usd if left out."),
        SpecField(
            "notify", .list(of: .text(.subscriber), atLeast: 1), required: true,
            "Who is told: mail addresses, and ARNs of SNS topics."),
        SpecField(
            "alert_at", .list(of: .integer(1...1000), atLeast: 1), fallback: [80, 100],
            "Percentages of the sum; when what was spent reaches one, people are told. They are"
                + " told as well when the forecast reaches the sum."),
        SpecField(
            "watch", .choice(of: BudgetSpec.Watched.self), fallback: "project",
            "What is counted: what bears the project's tag, or the whole account."),
    ]
}
