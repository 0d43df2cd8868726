import Foundation
package import Resources

extension AWSProvider: SelfExamining {
    /// Asks whose the credentials are, compares the clocks, and asks for each operation whether it
    /// would be allowed: a dry run is refused in one way when it is, and in another when not.
    package func examine(for desired: [Resource]) async -> [Finding] {
        let account = await Finding.of("AWS credentials") {
            let identity = try await identity()
            return [
                .good(
                    "AWS credentials",
                    "\(identity.arn) in account \(identity.account), from "
                        + "\(ec2.api.credentialOrigin); region \(try ec2.api.region)")
            ]
        }
        let access = account.contains { $0.grade == .bad } ? [] : await permissions(for: desired)
        return account + clock + access
    }

    // MARK: - The clock

    private var clock: [Finding] {
        guard let offset = ec2.api.clockOffset else { return [] }
        let seconds = Int(offset.rounded())
        let words = "\(abs(seconds)) s \(seconds > 0 ? "behind" : "ahead of") AWS's clock"
        let remedy = "Set this machine's clock, for example with `timedatectl set-ntp true`."
        return switch abs(seconds) {
        case ...10: [.good("AWS clock", "this machine's clock agrees with AWS's")]
        case ...300: [.warning("AWS clock", "this machine's is \(words)", remedy: remedy)]
        // More than AWS accepts from a signature.
        default: [.bad("AWS clock", "this machine's is \(words)", remedy: remedy)]
        }
    }

    // MARK: - Permissions

    private static let subject = "AWS permissions"
    private static let listings = [
        "DescribeAddresses", "DescribeInstances", "DescribeSecurityGroups", "DescribeSubnets",
        "DescribeVolumes",
    ]

    /// Every listing, and one creation of each kind that the specs want.
    private func permissions(for desired: [Resource]) async -> [Finding] {
        var allowed: [String] = []
        var findings: [Finding] = []
        func note(_ name: String, _ attempt: () async throws -> Void) async {
            let problems = await Finding.of(Self.subject) {
                try await inWords("try \(name)", on: nil) {
                    do {
                        try await attempt()
                    } catch is NoNetwork {
                        // Then converge makes one, and whether it may is told by its parts.
                        try await rehearse("CreateVpc", ["CidrBlock": "10.98.0.0/16"])
                    }
                }
                return []
            }
            findings += problems
            if problems.isEmpty { allowed.append(name) }
        }
        for listing in Self.listings { await note(listing) { try await rehearse(listing, [:]) } }
        if !usesForeignProfile {
            await note("GetAccountAuthorizationDetails") {
                _ = try await IAM(api: ec2.api).roles()
            }
        }
        if desired.contains(where: { $0.address.kind == Budget.kind.name }) {
            await note("ViewBudget") { _ = try await budget.observed(try await budget.budgets()) }
        }
        for kind in kinds {
            guard let example = desired.first(where: { $0.address.kind == kind.name }),
                let handler = try? handler(of: example.address), handler.hasDryRun
            else { continue }
            await note(handler.creation) {
                let parameters = try await handler.parameters(
                    toCreate: example.known, key: Self.key)
                try await rehearse(handler.creation, parameters)
            }
        }
        if allowed.isEmpty { return findings }
        return [.good(Self.subject, "allowed: \(allowed.sorted().joined(separator: ", "))")]
            + findings.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// The mark of a creation that never happens.
    private static let key = IdempotencyKey("launch-doctor")

    /// - Throws: `AWSError` when the operation would be refused.
    private func rehearse(_ operation: String, _ parameters: [String: Value]) async throws {
        var parameters = parameters
        parameters["DryRun"] = true
        parameters["ClientToken"] = nil
        do {
            try await ec2.perform(operation, parameters)
        } catch let error as AWSError where Self.permitting.contains(error.code) {}
    }

    /// A security group that is there already is complained of only to those who may make one.
    private static let permitting: Set = ["DryRunOperation", "InvalidGroup.Duplicate"]
}

extension Resource {
    /// The same without what is known only when other objects exist.
    fileprivate var known: Resource {
        var resource = self
        resource.attributes = attributes.filter(\.value.isKnown)
        return resource
    }
}
