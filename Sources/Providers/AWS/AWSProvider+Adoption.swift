package import Resources

extension AWSProvider {
    /// Puts the project's marks on an object that somebody else made, so that it counts as the
    /// desired one from then on. Changes nothing else of it: the next plan shows what differs.
    ///
    /// - Throws: `ProviderError` with `.notFound`, `.conflict` when it bears another's mark, or
    ///   `.unsupported` for a kind whose objects are found by their name.
    package func adopt(_ id: String, as desired: Resource) async throws {
        let address = desired.address
        try await inWords("adopt \(id)", on: address) {
            let tags = try await tags(of: id, for: desired)
            guard let tags else { throw adoptionError(.notFound, id, address, "there is none") }
            let isMarked = tags[Tag.project] != .null
            let isOurs =
                tags[Tag.project] == .string(ec2.project)
                && tags[Tag.address] == .string(address.description)
            guard !isMarked || isOurs else {
                throw adoptionError(
                    .conflict, id, address,
                    "it belongs to \(tags[Tag.address].plainText) of the project "
                        + tags[Tag.project].plainText)
            }
            let marks = Tag.list(
                desired.tags(project: ec2.project, key: IdempotencyKey("adopted-\(id)")))
            if address.kind == InstanceProfile.kind.name {
                try await IAM(api: ec2.api).perform(
                    "TagRole", ["RoleName": .string(id), "Tags": marks])
            } else {
                try await ec2.perform(
                    "CreateTags", ["ResourceId": [.string(id)], "Tag": marks])
            }
        }
    }

    /// The tags of a living object; `nil` when there is none of that id and kind.
    private func tags(of id: String, for desired: Resource) async throws -> Tags? {
        switch desired.address.kind {
        case Instance.kind.name:
            try await ec2.instances(Filter("instance-id", id)).first.map { Tags($0.tagSet) }
        case Volume.kind.name:
            try await ec2.volumes(Filter("volume-id", id)).first(where: Volume.isAlive)
                .map { Tags($0.tagSet) }
        case SecurityGroup.kind.name:
            try await ec2.securityGroups(Filter("group-id", id)).first.map { Tags($0.tagSet) }
        case ElasticIP.kind.name:
            try await ec2.addresses(Filter("allocation-id", id)).first.map { Tags($0.tagSet) }
        case InstanceProfile.kind.name:
            try await tagsOfRole(id, for: desired)
        default:
            throw adoptionError(
                .unsupported, id, nil,
                "objects of the kind \(desired.address.kind) are found by their name")
        }
    }

    /// Under any other name the next converge would replace it.
    private func tagsOfRole(_ name: String, for desired: Resource) async throws -> Tags? {
        let wanted = desired["name"]?.plainText ?? ""
        guard name == wanted else {
            throw adoptionError(
                .unsupported, name, desired.address, "the service's role is called \(wanted)")
        }
        return try await IAM(api: ec2.api).role(named: name).map { Tags($0.tags) }
    }

    private func adoptionError(
        _ reason: ProviderError.Reason, _ id: String, _ address: Address?, _ detail: String
    ) -> ProviderError {
        ProviderError(
            reason, provider: .aws, address: address, action: "adopt \(id)", detail: detail,
            remedy: "Name an instance, a volume, a security group, an Elastic IP address of this "
                + "region or the service's role, that nobody else owns.")
    }
}
