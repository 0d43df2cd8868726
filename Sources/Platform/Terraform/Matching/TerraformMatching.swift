package import Resources
package import Services

/// Which of Terraform's objects is which of the specs'. Pure: asks nobody.
package struct TerraformMatching: Hashable, Sendable {
    /// An object that can be adopted, and what it counts as from then on.
    package struct Match: Hashable, Sendable {
        package let object: TerraformObject
        /// The provider's own identifier.
        package let id: String
        package let desired: Resource
    }

    /// An object that comes along with another.
    package struct Part: Hashable, Sendable {
        package let object: TerraformObject
        package let whole: Address
    }

    /// An object that stays Terraform's, and why.
    package struct Stranger: Hashable, Sendable {
        package let object: TerraformObject
        package let reason: String
    }

    package private(set) var matches: [Match] = []
    package private(set) var parts: [Part] = []
    package private(set) var strangers: [Stranger] = []
    /// Several of Terraform's objects for one of the specs'; none of them is among `matches`.
    package private(set) var rivals: [Address: [TerraformObject]] = [:]
    /// What a choice speaks of, and the state does not hold, or the specs do not.
    package let unknownChoices: [TerraformChoices.Unknown]

    /// - Parameter desired: what the specs want of `services`.
    package init(
        _ objects: [TerraformObject], services: [ServiceSpec], desired: [Resource],
        choices: TerraformChoices = TerraformChoices()
    ) {
        unknownChoices = choices.unknown(among: objects, services: services)
        let fit = TerraformFit(services, desired, choices)
        var found: [(object: TerraformObject, id: String, desired: Resource)] = []
        var deferred: [(object: TerraformObject, whole: String)] = []
        for object in objects {
            switch fit.place(of: object) {
            case .wanted(let resource, let id): found.append((object, id, resource))
            case .part(let whole): deferred.append((object, whole))
            case .stranger(let reason): strangers.append(Stranger(object: object, reason: reason))
            }
        }
        for (address, group) in Dictionary(grouping: found, by: \.desired.address) {
            // One object may stand in the state twice, by an old and a new name of its type.
            if Set(group.map(\.id)).count > 1 {
                rivals[address] = group.map(\.object)
            } else {
                matches.append(
                    Match(object: group[0].object, id: group[0].id, desired: group[0].desired))
            }
        }
        matches.sort { $0.desired.address < $1.desired.address }
        let wholes = Dictionary(matches.map { ($0.id, $0.desired.address) }) { first, _ in first }
        for (object, whole) in deferred {
            if let address = wholes[whole] {
                parts.append(Part(object: object, whole: address))
            } else {
                strangers.append(
                    Stranger(
                        object: object, reason: "what it is a part of, \(whole), is not adopted"))
            }
        }
    }
}

/// What a person says about objects that cannot be told from the state alone.
package struct TerraformChoices: Hashable, Sendable {
    /// A Terraform address, of an object, a resource or a module, and the service that it is of.
    package var services: [String: String]
    /// What is left to Terraform.
    package var left: Set<String>

    package init(services: [String: String] = [:], left: Set<String> = []) {
        self.services = services
        self.left = left
    }

    /// A choice about nothing.
    package enum Unknown: Hashable, Sendable {
        case address(String, nearest: String?)
        case service(String, nearest: String?)
    }

    func unknown(among objects: [TerraformObject], services specs: [ServiceSpec]) -> [Unknown] {
        let (addresses, names) = (objects.map(\.address.description), specs.map(\.name))
        let strange = left.union(services.keys).sorted().filter { text in
            !objects.contains { $0.address.isNamed(by: text) }
        }
        let unheard = Set(services.values).subtracting(names).sorted()
        return strange.map { .address($0, nearest: nearestMatch(to: $0, among: addresses)) }
            + unheard.map { .service($0, nearest: nearestMatch(to: $0, among: names)) }
    }

    func leaves(_ object: TerraformObject) -> Bool {
        left.contains(where: object.address.isNamed)
    }

    /// The most exact choice counts.
    func service(of object: TerraformObject) -> String? {
        services.filter { object.address.isNamed(by: $0.key) }
            .max { $0.key.count < $1.key.count }?.value
    }
}
