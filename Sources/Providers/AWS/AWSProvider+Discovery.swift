package import Resources

extension AWSProvider: Discovering {
    /// One list for each kind that is looked for. Objects are called by their tag `Name`, security
    /// groups also by their own name; a role is found under the service's own name alone.
    package func lookalikes(of desired: [Resource]) async throws -> [Lookalike] {
        try await inWords("look for what may be adopted", on: nil) {
            var found: [Lookalike] = []
            for (kind, wanted) in Dictionary(grouping: desired, by: \.address.kind)
                .sorted(by: { $0.key.description < $1.key.description })
            {
                found += Stranger.lookalikes(
                    among: try await strangers(of: kind), of: wanted,
                    exactly: kind == InstanceProfile.kind.name)
            }
            return found
        }
    }

    private func strangers(of kind: KindName) async throws -> [Stranger] {
        let all: [(id: String, tags: Tags, name: String?)]
        switch kind {
        case Instance.kind.name:
            all = try await ec2.instances().map { ($0.instanceId, Tags($0.tagSet), nil) }
        case Volume.kind.name:
            all = try await ec2.volumes().filter(Volume.isAlive)
                .map { ($0.volumeId, Tags($0.tagSet), nil) }
        case SecurityGroup.kind.name:
            all = try await ec2.securityGroups()
                .map { ($0.groupId, Tags($0.tagSet), $0.groupName) }
        case ElasticIP.kind.name:
            all = try await ec2.addresses().map { ($0.allocationId, Tags($0.tagSet), nil) }
        case InstanceProfile.kind.name:
            all = try await IAM(api: ec2.api).roles().map { ($0.name, Tags($0.tags), $0.name) }
        default: all = []
        }
        return all.filter { $0.tags[Tag.project] == .null }.map {
            Stranger(id: $0.id, names: [$0.tags[Tag.name].string, $0.name])
        }
    }
}
