import Planning
package import Resources
package import Services

/// A spec that says what is real of some objects.
package struct Acceptance: Hashable, Sendable {
    package let before: ServiceSpec
    package let after: ServiceSpec
    /// The objects that were not as they were left.
    package let addresses: [Address]
}

extension Reconciler {
    /// Takes what is real at `addresses` as what is wanted, under the leases of their services:
    /// finds the specs that say it, has them written, and records the objects as they are.
    /// Changes nothing in the world.
    ///
    /// - Parameters:
    ///   - specs: of the services concerned, as they are.
    ///   - goal: what specs want, and no other ones.
    ///   - write: writes what was found, or throws to refuse all of it.
    /// - Returns: by service; addresses that are as they were left are in none.
    /// - Throws: `AcceptanceRefused` when a spec cannot say one of them, `AcceptanceUnrecorded`
    ///   after the specs were written; `ProviderError`, `StateError` and what `write` throws.
    package func accept(
        _ addresses: Set<Address>, of specs: [ServiceSpec], claim: LeaseClaim,
        goal: @escaping ([ServiceSpec]) -> Goal, write: ([Acceptance]) throws -> Void
    ) async throws -> [Acceptance] {
        let services = Set(specs.map(\.name))
        return try await store.exclusively(services, claim: claim) { writer in
            let document = try await writer.document()
            let present = goal(specs)
            let survey = try await survey(present, document)
            let findings = try changed(addresses, drift(present, survey), survey)
            let acceptances = try await acceptances(of: findings, specs, survey, goal: goal)
            try write(acceptances)
            do {
                for finding in findings { try await record(finding, survey, writer) }
            } catch {
                throw AcceptanceUnrecorded(services: services, cause: error)
            }
            return acceptances
        }
    }

    /// What has changed at the addresses.
    /// - Throws: `AcceptanceRefused` with everything else that is wrong there.
    private func changed(
        _ addresses: Set<Address>, _ drift: Drift, _ survey: Survey
    ) throws -> [DriftFinding] {
        let document = survey.input.document
        let known = Set(document.resources.keys).union(survey.input.observed.keys)
            .union(survey.input.desired.map(\.address))
        let refusals = addresses.sorted().compactMap { address -> AcceptanceRefused.Refusal? in
            let kinds = drift.findings.filter { $0.address == address }.map(\.kind)
            if !known.contains(address) {
                let nearest = nearestMatch(
                    to: address.description, among: known.map(\.description))
                return .init(address, .unknown(nearest: nearest))
            }
            if document.intents.contains(where: { $0.address == address }) {
                return .init(address, .unfinished)
            }
            if kinds.contains(.missing) { return .init(address, .missing) }
            return kinds.contains(.unmanaged) ? .init(address, .unmanaged) : nil
        }
        guard refusals.isEmpty else { throw AcceptanceRefused(refusals) }
        return drift.findings.filter { $0.kind == .changed && addresses.contains($0.address) }
    }

    private func acceptances(
        of findings: [DriftFinding], _ specs: [ServiceSpec], _ survey: Survey,
        goal: @escaping ([ServiceSpec]) -> Goal
    ) async throws -> [Acceptance] {
        let recorded = survey.input.document.resources
        let search = SpecSearch(survey: survey) { spec in
            try await refining(goal([spec]).desired, recorded)
        }
        var acceptances: [Acceptance] = []
        var refusals: [AcceptanceRefused.Refusal] = []
        for spec in specs {
            let own = findings.filter { $0.address.service == spec.name }
            guard !own.isEmpty else { continue }
            let (found, refused) = try await search.spec(saying: own, from: spec)
            refusals += refused
            acceptances.append(
                Acceptance(before: spec, after: found, addresses: own.map(\.address)))
        }
        guard refusals.isEmpty else {
            throw AcceptanceRefused(
                refusals.sorted { ($0.address, $0.words) < ($1.address, $1.words) })
        }
        return acceptances
    }

    /// Records the object as it is, but for what an exemption covers: that stays as it was left.
    private func record(
        _ finding: DriftFinding, _ survey: Survey, _ writer: any StateWriter
    ) async throws {
        let document = survey.input.document
        guard var real = survey.input.observed[finding.address],
            let previous = document.resources[finding.address]
        else { return }
        let accepted = Set(finding.fields.map(\.path))
        for field in kinds[finding.address.kind]?.fields ?? []
        where field.isComparable && !accepted.contains(field.name) {
            real.attributes[field.name] = previous.attributes[field.name]
        }
        let record = Recording(kinds: kinds, fingerprints: fingerprints(document.lineage))
            .record(real, desired: nil, previous: previous, at: time.now())
        try await writer.record(.recorded(record), at: finding.address)
    }
}
