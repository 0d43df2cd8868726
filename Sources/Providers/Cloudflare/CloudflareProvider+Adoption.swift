import HTTP
package import Resources

extension CloudflareProvider: OwnershipMarking {
    /// A certificate bears its mark among its hostnames, which stay as they were signed.
    package var kindsFoundByName: Set<KindName> { [OriginCertificates.kind] }

    /// - Parameter id: of a record or a tunnel, with or without the zone or the account before it.
    package func adopt(_ id: String, as desired: Resource) async throws {
        try requireMarkable(desired.address, for: "adopt \(id)")
        let bareID = id.split(separator: "/").last.map(String.init) ?? id
        switch desired.address.kind {
        case Tunnels.kind: try await tunnels.adopt(bareID, as: desired, project)
        default: try await records.adopt(bareID, as: desired, project)
        }
    }

    package func release(_ observed: ObservedResource) async throws {
        try requireMarkable(observed.address, for: "let \(observed.id) go")
        switch observed.address.kind {
        case Tunnels.kind: try await tunnels.release(observed, project)
        default: try await records.release(observed, project)
        }
    }
}

// MARK: - Records

extension DNSRecords {
    /// Puts the mark in the place of the record's comment, which is one line and the only place.
    fileprivate func adopt(
        _ id: String, as desired: Resource, _ project: String
    ) async throws {
        let address = desired.address
        let purpose = purpose("adopt \(id)", address)
        try await purpose.run {
            let zone = try await zones.zone(of: hostname(address), for: purpose)
            guard let record = try await find(id, in: zone) else {
                throw purpose.refusal(
                    .notFound, "\(zone.name) has no record of that id",
                    remedy: "Name the record by its id in the zone \(zone.name).")
            }
            let place = record.observed(for: address.service).address
            guard place == address else {
                throw purpose.refusal(
                    .unsupported, "it is a record of \(place.key ?? "")",
                    remedy: "Name the record of \(hostname(address)), or set `public` to the "
                        + "hostname that is wanted.")
            }
            let mark = Self.mark(of: address.service, in: project)
            guard record.comment != mark else { return }
            guard !record.comment.hasPrefix("launch:") else {
                throw purpose.taken(by: record.comment)
            }
            try await comment(record, mark, in: zone)
        }
    }

    fileprivate func release(_ observed: ObservedResource, _ project: String) async throws {
        let address = observed.address
        try await purpose("let the DNS record \(observed.id) go", address).run {
            guard let zone = try await zones.find(hostname(address)),
                let record = try await find(observed.id, in: zone),
                record.comment == Self.mark(of: address.service, in: project)
            else { return }
            do {
                try await comment(record, "", in: zone)
            } catch let failure as CloudflareFailure where failure.isNotFound {}
        }
    }

    func find(_ id: String, in zone: Zone) async throws -> DNSRecord? {
        do {
            return DNSRecord(try await api.get("\(zone.records)/\(id.percentEncoded)"))
        } catch let failure as CloudflareFailure where failure.isNotFound {
            return nil
        }
    }

    private func comment(_ record: DNSRecord, _ text: String, in zone: Zone) async throws {
        _ = try await api.result(
            .patch, "\(zone.records)/\(record.id.percentEncoded)", ["comment": .string(text)])
    }
}

// MARK: - Tunnels

extension Tunnels {
    /// Gives the tunnel the name that says whose it is. Its connectors and its token go on.
    ///
    /// <https://developers.cloudflare.com/api/resources/zero_trust/subresources/tunnels/subresources/cloudflared/methods/edit/>
    fileprivate func adopt(
        _ id: String, as desired: Resource, _ project: String
    ) async throws {
        let purpose = purpose("adopt \(id)", desired.address)
        try await purpose.run {
            guard let account = try await account(for: hostnames(desired["ingress"])) else {
                throw unknownAccount(purpose)
            }
            let service = desired.address.service
            guard let found = try await find(id, account, of: service) else {
                throw purpose.refusal(
                    .notFound, "the account has no tunnel of that id",
                    remedy: "Name the tunnel by its id, as `cloudflared tunnel list` shows it.")
            }
            guard !found.isLocallyManaged else {
                throw purpose.refusal(
                    .unsupported, "it is configured on its own machine, which cannot be changed",
                    remedy: "Let `launch converge` make a tunnel, then delete that one.")
            }
            let name = Self.name(project: project, service: service)
            guard found.name != name else { return }
            guard !found.name.hasPrefix("launch-") else { throw purpose.taken(by: found.name) }
            try await rename(found, to: name, purpose)
        }
    }

    /// Gives the tunnel a name that is nobody's.
    fileprivate func release(_ observed: ObservedResource, _ project: String) async throws {
        let purpose = purpose("let the tunnel \(observed.id) go", observed.address)
        try await purpose.run {
            let account = try await account(of: observed, purpose)
            let service = observed.address.service
            guard let found = try await find(observed.id, account, of: service),
                found.name == Self.name(project: project, service: service)
            else { return }
            let free = "released-\(project)-\(service)"
            do {
                try await rename(found, to: free, purpose)
            } catch let failure as CloudflareFailure where failure.isNameTaken {
                try await rename(found, to: "\(free)-\(found.id.prefix(8))", purpose)
            } catch let failure as CloudflareFailure where failure.isNotFound {}
        }
    }

    func find(_ id: String, _ account: String, of service: String) async throws -> Found? {
        do {
            let value = try await api.get("\(path(account))/\(id.percentEncoded)")
            guard value["deleted_at"]?.isNull ?? true else { return nil }
            return Found(value, account, of: service)
        } catch let failure as CloudflareFailure where failure.isNotFound {
            return nil
        }
    }
}

extension Purpose {
    fileprivate func refusal(
        _ reason: ProviderError.Reason, _ detail: String, remedy: String
    ) -> ProviderError {
        ProviderError(
            reason, provider: .cloudflare, address: address, action: action, detail: detail,
            remedy: remedy)
    }

    fileprivate func taken(by mark: String) -> ProviderError {
        refusal(
            .conflict, "it bears the mark \(mark)",
            remedy: "Name one that nobody else owns, or let that one go first: "
                + "`launch state forget`.")
    }
}
