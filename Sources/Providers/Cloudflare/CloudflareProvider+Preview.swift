import HTTP
package import Resources

extension CloudflareProvider: AdoptionPreviewing {
    /// A read for each record, two for each tunnel.
    package func previews(of claims: [AdoptionClaim]) async throws -> [AdoptionPreview] {
        try await claims.concurrentMap { [self] claim -> AdoptionPreview? in
            switch claim.desired.address.kind {
            case Tunnels.kind: try await tunnels.preview(claim, of: project)
            case DNSRecords.kind: try await records.preview(claim, of: project)
            default: nil
            }
        }.compactMap(\.self)
    }
}

extension DNSRecords {
    /// `nil` also for a record that has another name by now.
    fileprivate func preview(
        _ claim: AdoptionClaim, of project: String
    ) async throws -> AdoptionPreview? {
        let address = claim.desired.address
        let purpose = purpose("look at \(claim.id)", address)
        return try await purpose.run {
            let zone = try await zones.zone(of: hostname(address), for: purpose)
            guard let record = try await find(claim.id, in: zone) else { return nil }
            let mark = Self.mark(of: address.service, in: project)
            var object = record.observed(for: address.service)
            guard object.address == address else { return nil }
            object.attributes["comment"] = .string(mark)
            let owner: AdoptionPreview.Owner =
                record.comment == mark
                ? .wanted
                : record.comment.hasPrefix("launch:") ? .another(record.comment) : .nobody
            return AdoptionPreview(object, owner: owner)
        }
    }
}

extension Tunnels {
    fileprivate func preview(
        _ claim: AdoptionClaim, of project: String
    ) async throws -> AdoptionPreview? {
        let address = claim.desired.address
        let purpose = purpose("look at \(claim.id)", address)
        return try await purpose.run {
            guard let account = try await account(for: hostnames(claim.desired["ingress"])) else {
                throw unknownAccount(purpose)
            }
            guard let found = try await find(claim.id, account, of: address.service) else {
                return nil
            }
            let name = Self.name(project: project, service: address.service)
            var object = observed(found, try await configuration(of: found))
            object.attributes["name"] = .string(name)
            let owner: AdoptionPreview.Owner =
                found.name == name
                ? .wanted : found.name.hasPrefix("launch-") ? .another(found.name) : .nobody
            return AdoptionPreview(object, owner: owner)
        }
    }
}
