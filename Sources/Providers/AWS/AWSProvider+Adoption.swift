package import Resources

extension AWSProvider: OwnershipMarking {
    package var kindsFoundByName: Set<KindName> { [Budget.kind.name] }

    /// The next plan shows what differs from the spec. The disk that a machine boots from is
    /// marked along with it.
    package func adopt(_ id: String, as desired: Resource) async throws {
        let address = desired.address
        try requireMarkable(address, for: "adopt \(id)")
        try await inWords("adopt \(id)", on: address) {
            try requireName(id, of: desired)
            guard let object = try await markable(id, address.kind) else {
                throw adoptionError(.notFound, id, address, "there is none")
            }
            let tags = object.tags
            let isMarked = tags[Tag.project] != .null
            guard !isMarked || tags.say(address, of: ec2.project) else {
                throw adoptionError(
                    .conflict, id, address,
                    "it belongs to \(tags[Tag.address].plainText) of the project "
                        + tags[Tag.project].plainText)
            }
            // What was asked for when it was made stays known of what is the project's already.
            let marks =
                isMarked
                ? desired.ownership
                : desired.tags(project: ec2.project, key: IdempotencyKey("adopted-\(id)"))
            try await mark(object, with: Tag.list(marks))
        }
    }

    package func release(_ observed: ObservedResource) async throws {
        let address = observed.address
        try requireMarkable(address, for: "let \(observed.id) go")
        try await inWords("let \(observed.id) go", on: address) {
            guard let object = try await markable(observed.id, address.kind),
                object.tags.say(address, of: ec2.project)
            else { return }
            do {
                try await unmark(object)
            } catch let error as AWSError where error.reason == .notFound {}
        }
    }

    /// Under any other name the next converge would replace it.
    private func requireName(_ id: String, of desired: Resource) throws {
        guard desired.address.kind == InstanceProfile.kind.name,
            let wanted = desired["name"]?.plainText, id != wanted
        else { return }
        throw adoptionError(
            .unsupported, id, desired.address, "the service's role is called \(wanted)")
    }

    private func adoptionError(
        _ reason: ProviderError.Reason, _ id: String, _ address: Address, _ detail: String
    ) -> ProviderError {
        ProviderError(
            reason, provider: .aws, address: address, action: "adopt \(id)", detail: detail,
            remedy: "Name an instance, a volume, a security group, an Elastic IP address of this "
                + "region or the service's role, that nobody else owns.")
    }
}

// MARK: - Marks

extension AWSProvider {
    /// A living object of that kind; `nil` when there is none of that id.
    private func markable(_ id: String, _ kind: KindName) async throws -> Markable? {
        switch kind {
        case Instance.kind.name:
            try await ec2.instance(id).map(Markable.init)
        case Volume.kind.name:
            try await ec2.volumes(Filter("volume-id", id)).first(where: Volume.isAlive)
                .map { Markable(.ec2([id]), Tags($0.tagSet)) }
        case SecurityGroup.kind.name:
            try await ec2.securityGroups(Filter("group-id", id)).first
                .map { Markable(.ec2([id]), Tags($0.tagSet)) }
        case ElasticIP.kind.name:
            try await ec2.addresses(Filter("allocation-id", id)).first
                .map { Markable(.ec2([id]), Tags($0.tagSet)) }
        default:
            try await IAM(api: ec2.api).role(named: id).map(Markable.init)
        }
    }

    private func mark(_ object: Markable, with tags: Value) async throws {
        switch object.place {
        case .ec2(let ids):
            try await ec2.perform(
                "CreateTags", ["ResourceId": .list(ids.map(Value.string)), "Tag": tags])
        case .role(let name, _):
            try await IAM(api: ec2.api).perform(
                "TagRole", ["RoleName": .string(name), "Tags": tags])
        }
    }

    private func unmark(_ object: Markable) async throws {
        switch object.place {
        case .ec2(let ids):
            try await ec2.perform(
                "DeleteTags",
                [
                    "ResourceId": .list(ids.map(Value.string)),
                    "Tag": .list(Tag.marks.map { ["Key": .string($0)] }),
                ])
        case .role(let name, let profiles):
            let iam = IAM(api: ec2.api)
            let keys = Value.list(Tag.marks.map(Value.string))
            for profile in profiles {
                try await iam.remove(
                    "UntagInstanceProfile",
                    ["InstanceProfileName": .string(profile), "TagKeys": keys])
            }
            try await iam.remove("UntagRole", ["RoleName": .string(name), "TagKeys": keys])
        }
    }
}

/// An object with a place for marks.
private struct Markable {
    enum Place {
        /// Ids of what is marked as one.
        case ec2([String])
        /// A role, and the profiles of its name.
        case role(String, profiles: [String])
    }

    let place: Place
    let tags: Tags

    init(_ place: Place, _ tags: Tags) {
        self.place = place
        self.tags = tags
    }

    /// With what is made, and marked, along with a machine.
    init(_ instance: InstanceDocument) {
        self.init(.ec2([instance.instanceId] + instance.parts), Tags(instance.tagSet))
    }

    init(_ role: RoleDocument) {
        let profiles = (role.profiles?.items ?? []).map(\.name).filter { $0 == role.name }
        self.init(.role(role.name, profiles: profiles), Tags(role.tags))
    }
}
