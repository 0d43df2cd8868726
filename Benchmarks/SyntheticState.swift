import Foundation
import Resources

/// A state of services with ten objects each.
struct SyntheticState {
    static let project = "bench"
    static let resourcesPerService = 10

    let resources: Int

    var document: StateDocument {
        StateDocument(
            lineage: "bench", project: Self.project,
            services: Dictionary(uniqueKeysWithValues: services.map { ($0, state(of: $0)) }))
    }

    var services: [String] {
        (0..<resources / Self.resourcesPerService).map { "service-\($0)" }
    }

    /// - Parameter version: tells two states of one object apart.
    static func resource(_ number: Int, of service: String, version: Int = 0) -> RecordedResource {
        let address = Address(
            service: service, kind: KindName(.aws, "volume"), key: String(number))
        return RecordedResource(
            address: address, id: "vol-\(number)",
            attributes: [
                "type": "gp3", "size": .integer(20 + version), "encrypted": true,
                "throughput": .number(125.5),
                "tags": ["launch:project=\(project)", "launch:service=\(service)"],
                "availability_zone": "eu-central-1a", "kms_key": .null,
            ],
            fingerprints: ["seed": "ab12"], dependencies: [address], createdAt: moment,
            updatedAt: moment)
    }

    private static let moment = Date(timeIntervalSince1970: 1_790_000_000.25)

    private func state(of service: String) -> ServiceState {
        ServiceState(
            specDigest: "d", target: "aws", lastConvergedAt: Self.moment,
            resources: (0..<Self.resourcesPerService).map { Self.resource($0, of: service) },
            generations: [service: 1],
            timeline: [TimelineEntry(stage: "serving", reachedAt: Self.moment)])
    }
}
