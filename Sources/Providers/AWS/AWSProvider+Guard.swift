package import Resources

extension AWSProvider {
    /// The machines with termination protection: no list shows it, and one question tells of one
    /// machine. Spot machines never have it.
    ///
    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html>
    package func guarded(among observed: [ObservedResource]) async throws -> Set<Address> {
        let machines = observed.filter {
            $0.address.kind == Instance.kind.name && $0["spot"] != true
        }
        return try await withThrowingTaskGroup(of: Address?.self) { group in
            for machine in machines {
                group.addTask { try await isGuarded(machine) ? machine.address : nil }
            }
            return try await group.reduce(into: []) { guarded, address in
                if let address { guarded.insert(address) }
            }
        }
    }

    /// One that is gone guards nothing.
    private func isGuarded(_ machine: ObservedResource) async throws -> Bool {
        try await inWords("see whether \(machine.id) is protected", on: machine.address) {
            do {
                let answer: TerminationProtectionDocument = try await ec2.call(
                    "DescribeInstanceAttribute",
                    ["InstanceId": .string(machine.id), "Attribute": "disableApiTermination"])
                return answer.disableApiTermination?.value == "true"
            } catch let error as AWSError where error.code == "InvalidInstanceID.NotFound" {
                return false
            }
        }
    }
}

/// The answer to DescribeInstanceAttribute.
struct TerminationProtectionDocument: Decodable {
    struct Flag: Decodable { let value: String? }

    let disableApiTermination: Flag?
}
