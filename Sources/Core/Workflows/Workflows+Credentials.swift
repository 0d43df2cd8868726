import Services

/// Whose credentials a job needs, apart from GitHub's.
enum Vendor: CaseIterable {
    case aws
    case proxmox
    case cloudflare
}

extension Workflows {
    /// Those that the specs name. AWS also keeps the state, unless that is in another S3.
    var vendors: Set<Vendor> {
        var used: Set<Vendor> = []
        let state = project.state
        if services.contains(where: { $0.target == .aws }) || state.kmsKeyID != nil
            || (state.backend == .s3 && state.endpoint == nil)
        {
            used.insert(.aws)
        }
        if services.contains(where: { $0.target == .proxmox }) { used.insert(.proxmox) }
        if services.contains(where: { $0.publicAccess != nil }) { used.insert(.cloudflare) }
        return used
    }

    /// What was removed may be the last of its vendor; what is not set at GitHub arrives empty.
    static let everyVendor = Set(Vendor.allCases)

    /// What Launch reads in a job: secrets and variables, each by its name.
    func credentials(_ vendors: Set<Vendor>) -> [(name: String, value: String)] {
        var all = githubCredentials
        if vendors.contains(.aws) {
            all.append(("AWS_ROLE_ARN", variable("AWS_ROLE_ARN")))
            if needsRegion { all.append(("AWS_REGION", variable("AWS_REGION"))) }
        }
        if vendors.contains(.proxmox) {
            all += ["PROXMOX_VE_API_TOKEN", "PROXMOX_VE_HEADERS"].map { ($0, secret($0)) }
            if project.proxmox.endpoint == nil {
                all.append(("PROXMOX_VE_ENDPOINT", variable("PROXMOX_VE_ENDPOINT")))
            }
        }
        if vendors.contains(.cloudflare) {
            all.append(("CLOUDFLARE_API_TOKEN", secret("CLOUDFLARE_API_TOKEN")))
            all.append(("CLOUDFLARE_ACCOUNT_ID", variable("CLOUDFLARE_ACCOUNT_ID")))
        }
        return all + stateCredentials
    }

    /// Launch's own at GitHub.
    var githubCredentials: [(name: String, value: String)] {
        [
            ("GITHUB_TOKEN", secret("LAUNCH_GITHUB_TOKEN")),
            ("LAUNCH_GITHUB_APP_ID", variable("LAUNCH_GITHUB_APP_ID")),
            ("LAUNCH_GITHUB_APP_KEY", secret("LAUNCH_GITHUB_APP_KEY")),
        ]
    }

    /// True when launch.yaml leaves a region to the environment.
    private var needsRegion: Bool {
        project.aws.region == nil
            || (project.state.backend == .s3 && project.state.region == nil)
    }

    private var stateCredentials: [(name: String, value: String)] {
        let isElsewhere = project.state.backend == .s3 && project.state.endpoint != nil
        let keys =
            isElsewhere ? ["LAUNCH_STATE_ACCESS_KEY_ID", "LAUNCH_STATE_SECRET_ACCESS_KEY"] : []
        return (keys + [project.state.passphraseVariable].compactMap(\.self))
            .map { ($0, secret($0)) }
    }

    /// Least permissions; AWS trusts GitHub's identity token, so no key of its is stored.
    func permissions(_ more: [String] = [], for vendors: Set<Vendor>) -> String {
        let identity = vendors.contains(.aws) ? ["id-token: write"] : []
        let all = ["contents: read"] + more + identity
        return "permissions:\n" + all.sorted().joined(separator: "\n").indented(2)
    }

    func environment(_ variables: [(name: String, value: String)]) -> String {
        "env:\n" + variables.map { "\($0.name): \($0.value)" }.joined(separator: "\n").indented(2)
    }

    func secret(_ name: String) -> String { "${{ secrets.\(name) }}" }
    func variable(_ name: String) -> String { "${{ vars.\(name) }}" }
}
