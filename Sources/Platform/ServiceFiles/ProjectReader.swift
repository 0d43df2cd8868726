import Resources
import Services

/// Makes a `ProjectSpec` of a checked `launch.yaml`.
struct ProjectReader {
    private(set) var checker: SpecChecker

    init(environment: [String: String]) {
        checker = SpecChecker(file: RepositoryReader.projectFile, environment: environment)
    }

    /// The project as far as it could be read; what could not is in `checker.diagnostics`.
    mutating func read(_ document: YAMLText) -> ProjectSpec {
        let value = checker.check(.yaml(document.root), SpecField.project)
        let state = value["state"] ?? [:]
        checkState(state)
        if let problem = value["environment"]?.string.flatMap(
            ServiceName.problem(withEnvironment:))
        {
            checker.report(at: "environment", problem)
        }
        var spec = ProjectSpec(
            project: value["project"]?.string ?? "",
            environment: value["environment"]?.string ?? "production",
            domain: value["domain"]?.string,
            repository: value["repository"]?.string ?? checker.environment?["GITHUB_REPOSITORY"],
            state: StateSettings(state), aws: AWSSettings(value["targets"]?["aws"] ?? [:]),
            proxmox: ProxmoxSettings(value["targets"]?["proxmox"] ?? [:]),
            limits: Limits(
                deletes: value["limits"]?["deletes"]?.integer,
                replaces: value["limits"]?["replaces"]?.integer,
                monthlyUSD: value["limits"]?["monthly_usd"]?.integer),
            budget: budget(value["budget"], limit: value["limits"]?["monthly_usd"]?.integer),
            workflows: WorkflowSettings(value["workflows"] ?? [:]))
        spec.grace = value["moves"]?["grace"]?.string.flatMap(Duration.init(span:)) ?? spec.grace
        spec.exemptions = exemptions(value["drift"]?["ignore"]?.list ?? [])
        spec.githubServer = GitHubServer.pages(ofAPI: checker.environment?["GITHUB_API_URL"])
        return spec
    }

    private mutating func exemptions(_ values: [Value]) -> [DriftExemption] {
        values.enumerated().compactMap { index, value in
            guard let address = value["address"]?.string.flatMap(Address.init),
                let day = value["until"]?.string
            else { return nil }
            let exemption = DriftExemption(
                address, fields: (value["fields"]?.list ?? []).compactMap(\.string), until: day,
                reason: value["reason"]?.string)
            if exemption == nil {
                checker.report(at: "drift.ignore.\(index).until", "there is no day \(day)")
            }
            return exemption
        }
    }

    /// AWS allows a budget 10 notifications of 11 subscribers each, 10 of them by mail.
    private mutating func budget(_ value: Value?, limit: Int?) -> BudgetSpec? {
        guard let value, !value.isNull else { return nil }
        for (key, most) in [("notify", 10), ("alert_at", 5)] {
            if value[key]?.list?.count ?? 0 > most {
                checker.report(at: "budget.\(key)", "\"budget.\(key)\" may have \(most) elements")
            }
        }
        guard let sum = value["monthly_usd"]?.integer ?? limit, sum > 0 else {
            checker.report(
                at: "budget",
                "\"budget.monthly_usd\" is missing: a budget needs a sum, this or limits.monthly_usd"
            )
            return nil
        }
        var spec = BudgetSpec(
            monthlyUSD: sum, notify: (value["notify"]?.list ?? []).compactMap(\.string),
            watched: value.choice("watch") ?? .project)
        spec.alertAt = value["alert_at"]?.list?.compactMap(\.integer) ?? spec.alertAt
        return spec
    }

    private mutating func checkState(_ state: Value) {
        let isS3 = state["backend"]?.string == "s3"
        for key in ["bucket", "key"] where isS3 && checker.keyPlaces["state.\(key)"] == nil {
            checker.report(at: "state", "\"state.\(key)\" is missing: the s3 backend needs it")
        }
        let foreign =
            isS3
            ? ["path"]
            : [
                "bucket", "key", "region", "endpoint", "lock", "lock_table", "sse",
                "sse_kms_key_id",
            ]
        for key in foreign where checker.keyPlaces["state.\(key)"] != nil {
            checker.report(
                at: "state.\(key)",
                "\"state.\(key)\" has no meaning for the \(isS3 ? "s3" : "sqlite") backend;"
                    + " remove it, or set \"state.backend\" to \(isS3 ? "sqlite" : "s3")")
        }
        let locksByTable = state["lock"]?.string == "dynamodb"
        if isS3, locksByTable, checker.keyPlaces["state.lock_table"] == nil {
            checker.report(
                at: "state.lock", "\"state.lock_table\" is missing: a dynamodb lock needs it")
        }
        if isS3, !locksByTable, state["lock_table"] != nil {
            checker.report(
                at: "state.lock_table",
                "\"state.lock_table\" has no meaning unless \"state.lock\" is dynamodb")
        }
        if isS3, state["sse"]?.string != "aws:kms", state["sse_kms_key_id"] != nil {
            checker.report(
                at: "state.sse_kms_key_id",
                "\"state.sse_kms_key_id\" has no meaning unless \"state.sse\" is aws:kms")
        }
        if let encryption = state["encryption"]?.object, encryption.count != 1 {
            checker.report(
                at: "state.encryption",
                "\"state.encryption\" must have one of passphrase_env and kms_key_id,"
                    + " not \(encryption.isEmpty ? "neither" : "both")")
        }
    }
}

extension StateSettings {
    fileprivate init(_ value: Value) {
        self.init()
        backend = value.choice("backend") ?? backend
        path = value["path"]?.string ?? path
        bucket = value["bucket"]?.string
        key = value["key"]?.string
        region = value["region"]?.string
        endpoint = value["endpoint"]?.string
        lock = value.choice("lock") ?? lock
        lockTable = value["lock_table"]?.string
        leaseLifetime = value["lease"]?.string.flatMap(Duration.init(span:)) ?? leaseLifetime
        bucketEncryption = value.choice("sse")
        bucketKMSKeyID = value["sse_kms_key_id"]?.string
        passphraseVariable = value["encryption"]?["passphrase_env"]?.string
        kmsKeyID = value["encryption"]?["kms_key_id"]?.string
    }
}

extension WorkflowSettings {
    fileprivate init(_ value: Value) {
        self.init()
        branch = value["branch"]?.string ?? branch
        setup = value["setup"]?.string
    }
}

extension AWSSettings {
    fileprivate init(_ value: Value) {
        self.init()
        region = value["region"]?.string
        subnet = value["subnet"]?.string ?? subnet
        instanceProfile = value["instance_profile"]?.string
        architecture = value.choice("architecture") ?? architecture
        image = value.choice("image") ?? image
    }
}

extension ProxmoxSettings {
    fileprivate init(_ value: Value) {
        self.init()
        endpoint = value["endpoint"]?.string
        endpoints = (value["endpoints"]?.list ?? []).compactMap(\.string)
        fingerprint = value["fingerprint"]?.string
        node = value["node"]?.string ?? node
        storage = value["storage"]?.string ?? storage
        imageStorage = value["image_storage"]?.string ?? imageStorage
        bridge = value["bridge"]?.string ?? bridge
        image = value.choice("image") ?? image
        guest = value.choice("guest") ?? guest
    }
}

extension Value {
    /// A member that is one of an enumeration's names.
    func choice<Choice: RawRepresentable>(_ key: String) -> Choice?
    where Choice.RawValue == String {
        self[key]?.string.flatMap(Choice.init(rawValue:))
    }
}
