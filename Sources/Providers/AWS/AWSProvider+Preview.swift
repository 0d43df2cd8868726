package import Resources

extension AWSProvider: AdoptionPreviewing {
    /// A list for each 200 objects of a kind, and a read for each role.
    package func previews(of claims: [AdoptionClaim]) async throws -> [AdoptionPreview] {
        try await inWords("look at what is to be adopted", on: nil) {
            var previews: [AdoptionPreview] = []
            for (kind, group) in Dictionary(grouping: claims, by: \.desired.address.kind) {
                let claims = Dictionary(group.map { ($0.id, $0) }) { first, _ in first }
                for start in stride(from: 0, to: group.count, by: Filter.maximumValues) {
                    let ids = group[start...].prefix(Filter.maximumValues).map(\.id)
                    for view in try await views(of: ids, kind) {
                        guard let claim = claims[view.id] else { continue }
                        previews += [preview(view, of: claim)].compactMap(\.self)
                    }
                }
            }
            return previews
        }
    }

    /// An object whose tags can be thought to be others.
    private struct View {
        let id: String
        let tags: Tags
        let observed: (_ marks: [String: String]) -> ObservedResource?

        init(
            id: String, tags: Tags,
            observed: @escaping (_ marks: [String: String]) -> ObservedResource?
        ) {
            self.id = id
            self.tags = tags
            self.observed = observed
        }

        /// - Parameters:
        ///   - tags: where the document has them.
        ///   - read: reads the object out of a document.
        init<Document>(
            _ document: Document, id: String,
            _ tags: WritableKeyPath<Document, ItemSet<TagDocument>?>,
            as read: @escaping (Document) -> ObservedResource?
        ) {
            self.init(id: id, tags: Tags(document[keyPath: tags])) { marks in
                var marked = document
                marked[keyPath: tags] = document[keyPath: tags].with(marks)
                return read(marked)
            }
        }
    }

    private func preview(_ view: View, of claim: AdoptionClaim) -> AdoptionPreview? {
        let owner = owner(of: view.tags, wanting: claim.desired.address)
        let key = IdempotencyKey("adopted-\(claim.id)")
        let marks =
            owner == .wanted
            ? claim.desired.ownership : claim.desired.tags(project: ec2.project, key: key)
        return view.observed(marks).map { AdoptionPreview($0, owner: owner) }
    }

    private func owner(of tags: Tags, wanting address: Address) -> AdoptionPreview.Owner {
        guard tags[Tag.project] != .null else { return .nobody }
        return tags.say(address, of: ec2.project)
            ? .wanted
            : .another(
                "\(tags[Tag.address].plainText) of the project \(tags[Tag.project].plainText)")
    }

    private func views(of ids: [String], _ kind: KindName) async throws -> [View] {
        switch kind {
        case Instance.kind.name: return try await instanceViews(ids)
        case Volume.kind.name:
            return try await ec2.volumes(Filter("volume-id", ids)).filter(Volume.isAlive)
                .map { View($0, id: $0.volumeId, \.tagSet, as: Volume.observed) }
        case SecurityGroup.kind.name:
            return try await ec2.securityGroups(Filter("group-id", ids))
                .map { View($0, id: $0.groupId, \.tagSet, as: SecurityGroup.observed) }
        case ElasticIP.kind.name:
            return try await ec2.addresses(Filter("allocation-id", ids))
                .map { View($0, id: $0.allocationId, \.tagSet, as: ElasticIP.observed) }
        case InstanceProfile.kind.name: return try await roleViews(ids)
        default: return []
        }
    }

    private func instanceViews(_ ids: [String]) async throws -> [View] {
        let instances = try await ec2.instances(Filter("instance-id", ids))
        guard !instances.isEmpty else { return [] }
        let volumes = try await ec2.volumes(Filter("attachment.instance-id", ids))
        let addresses = try await ec2.addresses(Filter("instance-id", ids))
        return instances.map { instance in
            View(instance, id: instance.instanceId, \.tagSet) {
                Instance.observed($0, volumes: volumes, addresses: addresses)
            }
        }
    }

    private func roleViews(_ names: [String]) async throws -> [View] {
        let iam = IAM(api: ec2.api)
        var views: [View] = []
        for name in names {
            guard let role = try await iam.role(named: name) else { continue }
            views.append(
                View(id: role.name, tags: Tags(role.tags)) { [ec2] marks in
                    var marked = role
                    let kept = (role.tags?.items ?? []).filter { marks[$0.key] == nil }
                    marked.tags = MemberList(
                        kept + marks.map { RoleDocument.Tag(key: $0.key, value: $0.value) })
                    return InstanceProfile.observed(
                        marked, project: ec2.project)
                })
        }
        return views
    }
}

extension ItemSet<TagDocument>? {
    /// With these tags in place of those of the same keys.
    fileprivate func with(_ marks: [String: String]) -> ItemSet<TagDocument> {
        let kept = (self?.items ?? []).filter { marks[$0.key] == nil }
        return ItemSet(kept + marks.map { TagDocument(key: $0.key, value: $0.value) })
    }
}
