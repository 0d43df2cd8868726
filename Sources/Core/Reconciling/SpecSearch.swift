import Planning
import Resources
import Services

/// Looks for the spec of one service with which there is nothing left to do for what has changed
/// outside of Launch, and nothing more for anything else.
struct SpecSearch {
    let survey: Survey
    /// What a spec wants, complete.
    let desired: (ServiceSpec) async throws -> [Resource]

    private struct Field: Hashable {
        let address: Address
        let path: String
    }

    /// - Parameters:
    ///   - findings: of the service, each `changed`.
    /// - Returns: the spec as far as it could be found, and what it cannot say.
    func spec(
        saying findings: [DriftFinding], from spec: ServiceSpec
    ) async throws -> (ServiceSpec, [AcceptanceRefused.Refusal]) {
        let (byKey, unsaid) = try await keys(of: findings, spec)
        var (spec, refusals) = (spec, unsaid)
        for (key, fields) in byKey.sorted(by: { $0.key < $1.key }) {
            if let found = try await self.spec(saying: fields, by: key, from: spec) {
                spec = found
            } else {
                refusals += Dictionary(grouping: fields.keys, by: \.address).map {
                    .init($0, .unreached(fields: $1.map(\.path).sorted(), key: key))
                }
            }
        }
        return (spec, refusals)
    }

    /// The fields by the key that says them, and those that none does.
    private func keys(
        of findings: [DriftFinding], _ spec: ServiceSpec
    ) async throws -> ([String: [Field: Value]], [AcceptanceRefused.Refusal]) {
        let wanted = try await byAddress(spec)
        var byKey: [String: [Field: Value]] = [:]
        var refusals: [AcceptanceRefused.Refusal] = []
        for finding in findings {
            guard let resource = wanted[finding.address] else {
                refusals.append(.init(finding.address, .unwanted))
                continue
            }
            if finding.fields.isEmpty {
                refusals.append(.init(finding.address, .fieldless(finding.reason ?? "")))
            }
            for field in finding.fields {
                if let key = SpecCandidates.key(of: field.path, in: resource) {
                    let place = Field(address: finding.address, path: field.path)
                    byKey[key, default: [:]][place] = field.actual ?? .null
                } else {
                    refusals.append(.init(finding.address, .unsaid(field: field.path)))
                }
            }
        }
        return (byKey, refusals)
    }

    private func spec(
        saying fields: [Field: Value], by key: String, from spec: ServiceSpec
    ) async throws -> ServiceSpec? {
        let allowed = try await wishes(of: spec).filter { wish in
            wish.path.map { fields[Field(address: wish.address, path: $0)] == nil } ?? true
        }
        let actual =
            key == "ingress"
            ? try await rules(fields, besides: spec)
            : fields.sorted { $0.key.path < $1.key.path }.map(\.value)
        for candidate in SpecCandidates(from: spec, actual: actual).specs(for: key)
        where try await wishes(of: candidate).isSubset(of: allowed) {
            return candidate
        }
        return nil
    }

    /// The rules that are there, without those that the service has whatever its spec opens.
    private func rules(
        _ fields: [Field: Value], besides spec: ServiceSpec
    ) async throws -> [Value] {
        var closed = spec
        closed.ingress = []
        let wanted = try await byAddress(closed)
        return fields.flatMap { field, actual in
            let own = wanted[field.address]?[field.path]?.list ?? []
            return (actual.list ?? []).filter { !own.contains($0) }
        }
    }

    private func byAddress(_ spec: ServiceSpec) async throws -> [Address: Resource] {
        Dictionary(try await desired(spec).map { ($0.address, $0) }) { first, _ in first }
    }

    private func wishes(of spec: ServiceSpec) async throws -> Set<Wish> {
        var input = survey.input
        input.services = [spec.name]
        input.desired = try await desired(spec)
        return survey.planner.wishes(input)
    }
}
