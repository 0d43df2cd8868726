import Reconciling
package import Reporting
package import Resources
import ServiceFiles
import Services
package import Terraform

extension Workspace {
    /// Has the objects of a Terraform state change hands that are what the specs want: marks them,
    /// and records them. Terraform's state stays as it is.
    ///
    /// - Parameters:
    ///   - location: what errors call the state.
    ///   - approve: sees what will be done, and whether that is anything; throws to refuse it.
    /// - Throws: `AdoptionRefused` with everything that is in the way, before anything is written;
    ///   `ProviderError`, `StateError`.
    package func adopt(
        _ state: TerraformState, from location: String, choices: TerraformChoices,
        claim: LeaseClaim,
        approve: @Sendable (AdoptionReport, _ isEmpty: Bool) async throws -> Void
    ) async throws {
        let matching = TerraformMatching(
            state.objects, services: repository.services, desired: goal().desired,
            choices: choices)
        let refused = matching.refusals
        @Sendable func report(_ plan: AdoptionPlan?) -> AdoptionReport {
            AdoptionReport(
                state.words(location), plan, matching.sections,
                project: repository.project.project)
        }
        guard !matching.matches.isEmpty else {
            guard refused.isEmpty else { throw AdoptionRefused(refused) }
            return try await approve(report(nil), true)
        }
        _ = try await reconciler.adopt(
            matching.matches.map {
                AdoptionCandidate(
                    $0.desired.address, id: $0.id, origin: $0.object.address.description)
            }, refused: refused, goal: goal(Set(matching.matches.map(\.desired.address.service))),
            claim: claim
        ) { plan in
            try await approve(report(plan), plan.isEmpty)
        }
    }
}

extension TerraformState {
    fileprivate func words(_ location: String) -> String {
        let read = "\(location): Terraform \(writer), serial \(serial)"
        let left = "; \(Self.counted(dataSources, "data source")) left out, which nobody owns."
        return "\(read), \(Self.counted(objects.count, "object"))" + (dataSources > 0 ? left : ".")
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}

extension TerraformMatching {
    fileprivate var refusals: [AdoptionRefused.Refusal] {
        rivals.sorted { $0.key < $1.key }.map { address, objects in
            let names = objects.map { "\($0.address) (\($0.id ?? ""))" }.sorted()
            return AdoptionRefused.Refusal(
                address.description,
                "\(names.count) of Terraform's objects are it: \(names.joined(separator: ", "))",
                remedy: "Leave all but one out with --leave ADDRESS, or say with --map "
                    + "ADDRESS=SERVICE whose they are.")
        } + unknownChoices.map(\.refusal)
    }

    fileprivate var sections: [AdoptionReport.Section] {
        let tainted = matches.map(\.object).filter(\.isTainted).map { object in
            (
                object: object.address.description,
                words: "Terraform holds it to be broken, and would replace it: something failed "
                    + "after it was made; see that it is whole"
            )
        }
        return [
            .init(.tainted, tainted),
            .init(.along, parts.map { ($0.object.address.description, "with \($0.whole)") }),
            .init(.left, strangers.map { ($0.object.address.description, $0.reason) }),
        ]
    }
}

extension TerraformChoices.Unknown {
    fileprivate var refusal: AdoptionRefused.Refusal {
        switch self {
        case .address(let text, let nearest):
            .init(
                text, "the state holds no such object" + Self.hint(nearest),
                remedy: "Name an address as `terraform state list` does.")
        case .service(let name, let nearest):
            .init(
                name, "there is no such service" + Self.hint(nearest),
                remedy: "Name a folder of services/.")
        }
    }

    private static func hint(_ nearest: String?) -> String {
        nearest.map { "; did you mean \($0)?" } ?? ""
    }
}
