import Resources

/// The tags that say whose an object is, section 6 of the contract, and those that keep what
/// EC2 itself does not.
enum Tag {
    static let project = "launch:project"
    static let service = "launch:service"
    static let environment = "launch:environment"
    static let address = "launch:address"
    /// The idempotency key of the creation: finds what an earlier attempt made.
    static let key = "launch:key"
    /// The name that the image was chosen by; its id alone does not tell.
    static let image = "launch:image"
    /// The subnet that was asked for.
    static let subnet = "launch:subnet"
    /// The type that was asked for, of a spot machine that may have got another.
    static let spotType = "launch:spot-type"
    /// Whether an instance follows its user data again while it has no runner: `every-boot`.
    static let seeding = "launch:seeding"
    static let everyBoot = "every-boot"
    /// When the registration token ends of the other seed that an instance was given.
    static let seedEnd = "launch:seed-until"
    /// `true` on a data volume that is not to be deleted: EBS has no such flag of its own.
    static let protect = "launch:protect"
    /// What the project made for all its services: `network`.
    static let part = "launch:part"
    static let name = "Name"
    /// All that Launch itself writes and reads; a name is also people's.
    static let marks = [
        project, service, environment, address, key, image, subnet, spotType, seeding, seedEnd,
    ]

    /// `Tag.1.Key=…`, in order of key.
    static func list(_ tags: [String: String]) -> Value {
        .list(
            tags.sorted { $0.key < $1.key }
                .map { ["Key": .string($0.key), "Value": .string($0.value)] })
    }
}

extension Resource {
    /// Every mark of an object that is made for this resource.
    func tags(project: String, key: IdempotencyKey) -> [String: String] {
        var tags = ownership
        tags[Tag.project] = project
        tags[Tag.key] = key.text
        tags[Tag.image] = self["image"]?.string
        tags[Tag.subnet] = self["subnet"]?.string
        tags[Tag.spotType] = self["spot_type"]?.string
        return tags
    }

    /// The marks that may change while the object lives.
    var ownership: [String: String] {
        var tags = [Tag.service: address.service, Tag.address: address.description]
        tags[Tag.environment] = self["environment"]?.string
        tags[Tag.name] = self["name"]?.string
        if address.kind == Volume.kind.name, self["protect"] == true { tags[Tag.protect] = "true" }
        return tags
    }
}

/// The tags of an existing object.
struct Tags {
    private let values: [String: String]

    init(_ set: ItemSet<TagDocument>?) {
        values = Dictionary((set?.items ?? []).map { ($0.key, $0.value ?? "") }) { $1 }
    }

    init(_ list: MemberList<RoleDocument.Tag>?) {
        values = Dictionary((list?.items ?? []).map { ($0.key, $0.value ?? "") }) { $1 }
    }

    /// The tag's value, `.null` without one.
    subscript(_ name: String) -> Value { values[name].map(Value.string) ?? .null }

    /// True when they are the marks of the project's object at that address.
    func say(_ address: Address, of project: String) -> Bool {
        self[Tag.project] == .string(project)
            && self[Tag.address] == .string(address.description)
    }

    /// Whose object it is, when it says so and is of that kind.
    func address(of kind: KindName) -> Address? {
        guard let address = values[Tag.address].flatMap({ Address($0) }), address.kind == kind,
            values[Tag.service] == address.service
        else { return nil }
        return address
    }
}

extension EC2 {
    /// Filters for the project's objects in scope: one set for each 200 services.
    func filters(for scope: Scope) -> [[Filter]] {
        let project = Filter("tag:\(Tag.project)", scope.project)
        guard let services = scope.services?.sorted() else { return [[project]] }
        return stride(from: 0, to: services.count, by: Filter.maximumValues).map { start in
            let chunk = services[start...].prefix(Filter.maximumValues)
            return [project, Filter("tag:\(Tag.service)", Array(chunk))]
        }
    }

    /// `TagSpecification` of a creating call.
    ///
    /// - Parameter more: tags beside the marks.
    func tagSpecification(
        _ types: String..., for desired: Resource, key: IdempotencyKey,
        more: [String: String] = [:]
    ) -> Value {
        let tags = Tag.list(desired.tags(project: project, key: key).merging(more) { $1 })
        return .list(types.map { ["ResourceType": .string($0), "Tag": tags] })
    }

    /// Brings environment, name, owner and a volume's protection up to date.
    ///
    /// - Parameter parts: the ids of what is marked along with the object, asked for when there is
    ///   something to write.
    func retag(
        _ observed: ObservedResource, to desired: Resource,
        withParts parts: () async throws -> [String] = { [] }
    ) async throws {
        var tags = desired.ownership
        let (isGuarded, wasGuarded) = (tags[Tag.protect] != nil, observed["protect"] == true)
        let isCurrent =
            observed.address == desired.address && isGuarded == wasGuarded
            && ["environment", "name"].allSatisfy {
                desired[$0] == nil || desired[$0] == observed[$0]
            }
        if isCurrent { return }
        // A tag that is not written again stays.
        if wasGuarded, !isGuarded { tags[Tag.protect] = "false" }
        let ids = try await [observed.id] + parts()
        try await perform(
            "CreateTags", ["ResourceId": .list(ids.map(Value.string)), "Tag": Tag.list(tags)])
    }
}
