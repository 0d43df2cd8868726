package import Foundation
package import Resources

extension AWSProvider: ChangeWitness {
    /// Asks CloudTrail about each object of EC2, those first that Launch left last.
    package func lastChanges(
        of objects: [ChangedObject], at now: Date
    ) async -> [Address: Attribution] {
        var trail = CloudTrail(api: ec2.api)
        var found: [Address: Attribution] = [:]
        let inOrder = objects.filter { Self.witnessed.contains($0.address.kind) }
            .sorted { ($0.since ?? now, $1.address) > ($1.since ?? now, $0.address) }
        do {
            for object in inOrder {
                found[object.address] = try await trail.lastChange(of: object)
            }
        } catch {
            // Whoever may not ask about one may not ask about any.
            return found
        }
        return found
    }

    /// What the trail of the region has under the id that the state knows.
    private static let witnessed: Set = [
        SecurityGroup.kind.name, Volume.kind.name, ElasticIP.kind.name, Instance.kind.name,
    ]
}
