@testable import AWS
import Resources
import Services
import Testing

/// What the engine does with a service, in the order of its resources.
struct TestEngine: Sendable {
    let project: ProjectSpec
    private let blueprint = AWSBlueprint { _ in .secret(Secret("#cloud-config\n")) }

    init(project: ProjectSpec) { self.project = project }

    private static func order(_ object: ObservedResource) -> Int {
        AWSProvider.kinds.firstIndex { $0.name == object.address.kind } ?? 0
    }

    func observed(_ aws: AWSProvider) async throws -> [ObservedResource] {
        try await aws.observe(Scope(project: project.project))
    }

    /// Desired resources with what they refer to filled in.
    func resolved(_ service: ServiceSpec, _ known: [ObservedResource]) -> [Resource] {
        blueprint.resources(for: service, in: project).map { resource in
            var resource = resource
            resource.attributes = resource.attributes.mapValues { value in
                value.resolving { segment in
                    guard case .reference(let reference) = segment else { return nil }
                    return known.first { $0.address == reference.address }?[reference.attribute]
                }
            }
            return resource
        }
    }

    func create(
        _ service: ServiceSpec, on aws: AWSProvider
    ) async throws -> [ObservedResource] {
        var made: [ObservedResource] = []
        for index in blueprint.resources(for: service, in: project).indices {
            let desired = resolved(service, made)[index]
            made.append(
                try await aws.create(desired, key: IdempotencyKey("1-\(desired.address)")))
        }
        return made.sorted { $0.address < $1.address }
    }

    func update(_ service: ServiceSpec, on aws: AWSProvider) async throws {
        let known = try await observed(aws)
        for desired in resolved(service, known) {
            let present = try #require(known.first { $0.address == desired.address })
            _ = try await aws.update(present, to: desired)
        }
    }

    /// Removes everything, each object twice: the second time it is gone already.
    func removeAll(from aws: AWSProvider) async throws {
        for object in try await observed(aws).sorted(by: { Self.order($0) > Self.order($1) }) {
            try await aws.delete(object)
            try await aws.delete(object)
        }
    }

    /// Every field that is not as desired: `web/aws.instance.running`.
    func drift(_ service: ServiceSpec, on aws: AWSProvider) async throws -> [String] {
        let known = try await observed(aws)
        return resolved(service, known).flatMap { desired in
            let present = known.first { $0.address == desired.address }
            let fields = aws.kinds.first { $0.name == desired.address.kind }?.fields ?? []
            return fields.filter { field in
                field.isComparable && desired[field.name] != nil
                    && field.normalised(desired[field.name])
                        != field.normalised(present?[field.name])
            }
            .map { "\(desired.address).\($0.name)" }
        }
        .sorted()
    }

    func expectNoDrift(_ service: ServiceSpec, on aws: AWSProvider) async throws {
        let drifted = try await drift(service, on: aws)
        #expect(drifted.isEmpty)
    }
}
