/// The schema of a kind of object, as data.
///
/// Diffing, drift, redaction, ordering and wording are derived from it.
package struct ResourceKind: Sendable {
    package let name: KindName
    /// What people call it: "EC2 instance".
    package let title: String
    package let fields: [Field]
    /// The kinds it may refer to: those are created before it and deleted after it.
    package let requires: [KindName]
    package let data: DataHolding
    /// True when an object changes its name and its mark while it lives: `Provider.update` of one
    /// that bears another service's mark gives it its new one.
    package let survivesRename: Bool
    /// True when users find the service by it: a service that moves has it lead to the new machine
    /// once that serves.
    package let leadsToService: Bool
    /// What people lose with an object, in the order in which reports tell it.
    package let losses: [Loss]

    /// What of a user's data goes when an object goes.
    package enum DataHolding: Hashable, Sendable {
        case none
        /// The object is a volume: it outlives the service unless its deletion is asked for.
        case always
        /// The object carries data inside when this field is set: deleting it is refused.
        case when(String)
        /// The same, and a replacement takes the data over.
        case carried(String)
    }

    /// What somebody misses when an object is gone; each names the field that tells more of it.
    package enum Loss: Hashable, Sendable {
        /// The hostname that begins the address's key stops answering.
        case hostname
        /// A machine's own disk, of so many GiB.
        case disk(String)
        /// Data that outlives machines, of so many GiB; nothing where the field is not set.
        case data(String)
        /// The runner of that name.
        case runner(String)
        /// The secret of that name.
        case secret(String)
    }

    package init(
        _ name: KindName, title: String, requires: [KindName] = [], data: DataHolding = .none,
        losses: [Loss] = [], survivesRename: Bool = false, leadsToService: Bool = false,
        fields: [Field]
    ) {
        self.name = name
        self.title = title
        self.fields = fields
        self.requires = requires
        self.data = data
        self.survivesRename = survivesRename
        self.leadsToService = leadsToService
        self.losses = losses
    }

    /// True when deleting this object loses a user's data.
    package func holdsData(_ observed: ObservedResource) -> Bool {
        switch data {
        case .none: false
        case .always: true
        case .when(let field), .carried(let field): (observed[field] ?? .null) != .null
        }
    }

    /// True when a replacement takes over what data an object carries.
    package var handsDataOn: Bool {
        if case .carried = data { true } else { false }
    }

    /// True for a machine whose provider keeps its seed until it is removed.
    package var keepsSeed: Bool { self["seed_attached"] != nil }

    /// True for a machine that can start from another seed; others take one only when made.
    package func takesAnotherSeed(_ machine: ObservedResource?) -> Bool {
        keepsSeed || machine?["reseedable"] == true
    }

    /// The field that holds something newer, and the one that a replacement would give it to.
    package var offer: (field: Field, to: String)? {
        fields.lazy.compactMap { field in field.offeredTo.map { (field, $0) } }.first
    }

    package subscript(_ field: String) -> Field? { fields.first { $0.name == field } }
}

/// One attribute of a kind.
package struct Field: Sendable {
    package enum Shape: Sendable { case string, integer, boolean, list, object }

    package enum Trait: Hashable, Sendable {
        /// The provider decides it; it is shown and can be referred to, never compared.
        case computed
        /// Never shown or stored; a keyed fingerprint tells whether it changed.
        case secret
        /// A change needs a new object.
        case immutable
        /// A change needs the machine to restart, unless the machine takes it live.
        case restarting
        /// A change has another one issued in the object's place: nothing stops meanwhile, and it
        /// has another identity afterwards.
        case reissuing
        /// A list whose order means nothing.
        case unordered
        /// Used when the object is made and never compared afterwards.
        case createOnly
        /// An object that exists keeps what it has, whatever a new one would get.
        case lasting
        /// A new object of the same value takes the place of the one that has it.
        case exclusive
        /// The provider does not show it: it is compared with what was recorded.
        case unobservable
        /// What a replacement would give that other field: told, never recorded.
        case offered(to: String)
    }

    package let name: String
    package let shape: Shape
    package let traits: Set<Trait>
    /// What the provider shows when the attribute is not set.
    package let fallback: Value?
    /// Brings equal values to one form: sizes, case, defaults, key=value lists.
    package let canonical: @Sendable (Value) -> Value
    /// For a restarting field: whether the machine, as it is, takes this value without a restart.
    package let isLive: @Sendable (_ wanted: Value, _ machine: ObservedResource) -> Bool

    package init(
        _ name: String, _ shape: Shape, _ traits: Set<Trait> = [], fallback: Value? = nil,
        canonical: @escaping @Sendable (Value) -> Value = { $0 },
        isLive: @escaping @Sendable (Value, ObservedResource) -> Bool = { _, _ in false }
    ) {
        self.name = name
        self.shape = shape
        self.traits = traits
        self.fallback = fallback
        self.canonical = canonical
        self.isLive = isLive
    }

    /// True when the observed value says whether the object is as wanted.
    package var isComparable: Bool {
        traits.isDisjoint(with: [.computed, .createOnly, .lasting, .unobservable, .secret])
    }

    /// The field that this one has something newer for.
    package var offeredTo: String? {
        traits.lazy.compactMap { if case .offered(let field) = $0 { field } else { nil } }.first
    }

    /// The one form of `value`, for comparing and for recording.
    package func normalised(_ value: Value?) -> Value {
        let value = canonical(value ?? fallback ?? .null)
        guard traits.contains(.unordered), case .list(let elements) = value else { return value }
        return .list(elements.sortedByText)
    }
}
