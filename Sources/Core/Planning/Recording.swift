package import Foundation
package import Resources

/// Turns an object into what the state keeps of it.
package struct Recording: Sendable {
    private let kinds: KindCatalogue
    private let fingerprints: any Fingerprinting

    package init(kinds: KindCatalogue, fingerprints: any Fingerprinting) {
        self.kinds = kinds
        self.fingerprints = fingerprints
    }

    /// The canonical, secret-free record of `observed`.
    ///
    /// - Parameter desired: what it was made from, for fields that the provider does not show;
    ///   without it those of `previous` stay.
    package func record(
        _ observed: ObservedResource, desired: Resource?, previous: RecordedResource?, at now: Date,
        madeBy maker: LeaseHolder? = nil
    ) -> RecordedResource {
        var attributes: [String: Value] = [:]
        var digests = previous?.fingerprints ?? [:]
        for field in kinds.kind(of: observed.address).fields {
            if field.traits.contains(.secret) {
                if !field.traits.contains(.createOnly),
                    case .secret(let secret)? = desired?[field.name]
                {
                    digests[field.name] = fingerprints.fingerprint(of: secret)
                }
            } else if field.traits.contains(.unobservable) {
                var value = desired?[field.name] ?? previous?.attributes[field.name]
                if field.traits.contains(.createOnly), value?.isKnown == false {
                    value = previous?.attributes[field.name]
                }
                if let value, value.isKnown { attributes[field.name] = field.normalised(value) }
            } else if !field.traits.contains(.createOnly), field.offeredTo == nil {
                let value = field.normalised(observed[field.name])
                if value != .null { attributes[field.name] = value }
            }
        }
        return RecordedResource(
            address: observed.address, id: observed.id, attributes: attributes,
            fingerprints: digests,
            dependencies: (desired?.requirements.sorted()) ?? previous?.dependencies ?? [],
            createdAt: previous?.createdAt ?? now, updatedAt: now,
            createdBy: previous.map(\.createdBy) ?? maker)
    }
}
