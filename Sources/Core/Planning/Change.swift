package import Resources

/// What happens to one object, and why.
package struct Change: Hashable, Sendable {
    package enum Action: String, Sendable, CaseIterable {
        case create, update, replace, delete, adopt, forget
        case noOp = "no-op"
    }

    package let address: Address
    package let action: Action
    /// One clause: "size: small → medium", "not in the specs any more".
    package let reason: String
    package let fields: [FieldChange]
    package let desired: Resource?
    package let observed: ObservedResource?
    package let recorded: RecordedResource?
    /// Changes of other objects that force this one to be replaced.
    package let replacedByChangeOf: [Address]
    /// True when an earlier run began this creation and did not see its end.
    package let finishesEarlierRun: Bool
    /// True when the machine is to start again from another seed.
    package let reseeds: Bool
    /// Where the object was before its service was renamed.
    package let former: Address?
    /// The service that has left the object behind, and whose change its going is a part of.
    package let leftBy: String?

    package init(
        _ address: Address, _ action: Action, reason: String, fields: [FieldChange] = [],
        desired: Resource? = nil, observed: ObservedResource? = nil,
        recorded: RecordedResource? = nil, replacedByChangeOf: [Address] = [],
        finishesEarlierRun: Bool = false, reseeds: Bool = false, former: Address? = nil,
        leftBy: String? = nil
    ) {
        self.address = address
        self.action = action
        self.reason = reason
        self.fields = fields
        self.desired = desired
        self.observed = observed
        self.recorded = recorded
        self.replacedByChangeOf = replacedByChangeOf
        self.finishesEarlierRun = finishesEarlierRun
        self.reseeds = reseeds
        self.former = former
        self.leftBy = leftBy
    }

    package var service: String { address.service }

    /// True when the machine restarts.
    package var restarts: Bool { fields.contains { $0.consequence == .restart } }

    /// True when another one is issued in the object's place.
    package var reissues: Bool { fields.contains { $0.consequence == .reissue } }

    /// True when the object is another one afterwards, with keys of its own.
    package var isMadeAnew: Bool {
        switch action {
        case .create, .replace: true
        case .update: reissues
        default: false
        }
    }

    /// True when more than its fields says why.
    package var hasPlight: Bool { bringsAnotherSeed || fields.contains(.lostKey) }

    /// True when the machine gets a seed other than the one that it has.
    package var bringsAnotherSeed: Bool {
        action != .create && fields.contains { $0.path == "seed" }
    }

    /// True when an object that exists goes away.
    package var removesObject: Bool { action == .delete || action == .replace }
}

/// One field that is not as it should be.
package struct FieldChange: Hashable, Sendable {
    package enum Consequence: Sendable {
        case none
        /// It takes effect while the machine runs.
        case live
        case restart, replace
        /// Another one is issued, and nothing stops meanwhile.
        case reissue
    }

    package let path: String
    /// What is; `nil` for a field of an object that is not there yet.
    package let before: Value?
    /// What shall be; a template while it waits for another object.
    package let after: Value?
    package let consequence: Consequence
    /// True for a secret: only that it changed may be shown.
    package let isSecret: Bool

    package init(
        _ path: String, before: Value?, after: Value?, consequence: Consequence = .none,
        isSecret: Bool = false
    ) {
        self.path = path
        self.before = before
        self.after = after
        self.consequence = consequence
        self.isSecret = isSecret
    }

    /// A key that nobody has any more.
    static let lostKey = FieldChange(
        "key", before: nil, after: nil, consequence: .reissue, isSecret: true)

    package var isUnknown: Bool { after.map { !$0.isKnown } ?? false }

    /// "height: 12 → 10", "scent changed", "bed follows web/aws.bed".
    package var summary: String {
        if isSecret { return "\(path) changed" }
        let causes = Set(after?.references.map(\.address) ?? []).sorted()
        guard causes.isEmpty else {
            return "\(path) follows \(causes.map(\.description).joined(separator: ", "))"
        }
        return "\(path): \(transition)"
    }

    /// Where the change comes from: the spec's line, somebody's hand, or both; `nil` when that is
    /// plain.
    package func origin(_ desired: Resource?, _ recorded: RecordedResource?) -> String? {
        let isForeign =
            before != nil && !isUnknown && after != nil && recorded?.attributes[path] == after
        let key = desired?.origins[path]?.description
        let parts = [isForeign ? "not as Launch left it" : nil, key]
        let known = parts.compactMap(\.self)
        return known.isEmpty ? nil : known.joined(separator: "; ")
    }

    /// "12 → 10".
    package var transition: String { Value.transition(from: before, to: after) }
}
