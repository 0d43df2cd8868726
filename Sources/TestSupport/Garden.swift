package import Resources

import Synchronization

/// A small provider for tests of the engine: beds, plants in them, labels on plants, and cellars
/// whose stores outlive the rest.
///
/// It keeps its objects in memory, counts its calls, and fails on demand.
package final class Garden: Provider {
    package struct Call: Hashable, Sendable, CustomStringConvertible {
        package let verb: String
        package let address: Address
        package var description: String { "\(verb) \(address)" }
    }

    private struct World {
        var objects: [Address: ObservedResource] = [:]
        var keys: [Address: IdempotencyKey] = [:]
        var calls: [Call] = []
        var nextID = 1
        var twins = 0
        var weeds: Set<Address> = []
        var refused: Set<Address> = []
        var killSwitch = KillSwitch()
    }

    private let world = Mutex(World())

    package init() {}

    package let name = ProviderName.aws
    package var kinds: [ResourceKind] { Self.kinds }

    package static let bed = KindName(.aws, "bed")
    package static let plant = KindName(.aws, "plant")
    package static let label = KindName(.aws, "label")
    package static let cellar = KindName(.aws, "cellar")

    package static let kinds: [ResourceKind] = [
        ResourceKind(
            bed, title: "bed", data: .when("roots"),
            fields: [
                Field("id", .string, [.computed]), Field("soil", .string, [.immutable]),
                Field("width", .integer), Field("roots", .string), Field("protect", .boolean),
            ]),
        ResourceKind(
            plant, title: "plant", requires: [bed],
            fields: [
                Field("id", .string, [.computed]), Field("bed", .string, [.immutable]),
                Field("height", .integer, [.restarting]), Field("colours", .list, [.unordered]),
                // It is given more as it stands, and less when it is taken out.
                Field(
                    "water", .integer, [.restarting],
                    isLive: { ($0.integer ?? 0) > $1["water"]?.integer ?? .max }),
                Field("scent", .string, [.secret]), Field("note", .string, [.unobservable]),
                Field("seed", .string, [.createOnly, .secret]),
            ]),
        ResourceKind(
            label, title: "label", requires: [plant],
            fields: [Field("id", .string, [.computed]), Field("text", .string)]),
        ResourceKind(
            cellar, title: "cellar", data: .always,
            fields: [Field("id", .string, [.computed]), Field("width", .integer)]),
    ]

    package static func address(_ service: String, _ kind: KindName) -> Address {
        Address(service: service, kind: kind)
    }

    // MARK: - For tests

    package var objects: [Address: ObservedResource] { world.withLock { $0.objects } }
    package var calls: [Call] { world.withLock { $0.calls } }

    /// Objects that were made although there was one already.
    package var twins: Int { world.withLock { $0.twins } }

    /// Where a bed was and its weeds still are, which are pulled after it.
    package var weeds: Set<Address> { world.withLock { $0.weeds } }

    /// Has weeds grow where no bed is.
    package func overgrow(_ address: Address) {
        world.withLock { _ = $0.weeds.insert(address) }
    }

    package func forgetCalls() { world.withLock { $0.calls = [] } }

    /// Changes an object behind Launch's back; `nil` removes it.
    package func edit(_ address: Address, _ attributes: [String: Value]?) {
        world.withLock { world in
            if let attributes {
                world.objects[address]?.attributes.merge(attributes) { $1 }
            } else {
                world.objects[address] = nil
            }
        }
    }

    /// Has every call about `address` refused, or no longer.
    package func refuse(_ address: Address, _ isRefused: Bool = true) {
        world.withLock {
            if isRefused { $0.refused.insert(address) } else { $0.refused.remove(address) }
        }
    }

    /// Has each call pass the switch before and after its effect.
    package func use(_ killSwitch: KillSwitch) { world.withLock { $0.killSwitch = killSwitch } }

    // MARK: - Provider

    package func observe(_ scope: Scope) async throws -> [ObservedResource] {
        world.withLock { world in
            world.objects.values.filter { scope.includes($0.address.service) }
        }
    }

    package func create(
        _ desired: Resource, key: IdempotencyKey
    ) async throws -> ObservedResource {
        try call("create", desired.address) { world in
            if let made = world.objects[desired.address], world.keys[desired.address] == key {
                return made
            }
            if world.objects[desired.address] != nil { world.twins += 1 }
            let id = "g-\(world.nextID)"
            world.nextID += 1
            var attributes = Self.visible(desired)
            attributes["id"] = .string(id)
            let made = ObservedResource(desired.address, id: id, attributes: attributes)
            world.objects[desired.address] = made
            world.keys[desired.address] = key
            return made
        }
    }

    package func update(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> ObservedResource {
        try call("update", desired.address) { world in
            world.objects[desired.address]?.attributes.merge(Self.visible(desired)) { $1 }
            return world.objects[desired.address] ?? observed
        }
    }

    package func delete(_ observed: ObservedResource) async throws {
        _ = try call("delete", observed.address) { world in
            world.objects[observed.address] = nil
            if observed.address.kind == Self.bed { world.weeds.insert(observed.address) }
            return observed
        }
        try await finishRemoval(of: observed.address)
    }

    package func finishRemoval(of address: Address) async throws {
        try world.withLock { world in
            guard world.weeds.contains(address) else { return }
            try world.killSwitch.moment()
            world.weeds.remove(address)
        }
    }

    /// What the garden shows of an object: neither secrets nor notes.
    private static func visible(_ desired: Resource) -> [String: Value] {
        let kind = kinds.first { $0.name == desired.address.kind }
        return desired.attributes.filter { name, _ in
            kind?[name].map { $0.traits.isDisjoint(with: [.secret, .unobservable, .createOnly]) }
                ?? false
        }
    }

    private func call(
        _ verb: String, _ address: Address, _ effect: (inout World) throws -> ObservedResource
    ) throws -> ObservedResource {
        try world.withLock { world in
            world.calls.append(Call(verb: verb, address: address))
            if world.refused.contains(address) {
                throw ProviderError(
                    .invalid, provider: .aws, address: address, action: verb, detail: "no room")
            }
            try world.killSwitch.moment()
            let result = try effect(&world)
            try world.killSwitch.moment()
            return result
        }
    }
}
