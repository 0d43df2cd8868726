package import Foundation
package import Resources

/// What goes with a service of which nothing is wanted any more, so that a person sees it before
/// it is gone.
package struct ServiceLoss: Hashable, Sendable {
    package let service: String
    /// When the oldest of its objects was made; `nil` when the state records none.
    package let since: Date?
    /// Names that stop answering.
    package let hostnames: [String]
    /// The machines' own disks.
    package let disks: [Disk]
    /// Data that is deleted.
    package let data: [Disk]
    /// Data that stays, since nobody asked for its end.
    package let keptData: [Disk]
    /// Names of runners.
    package let runners: [String]
    /// Names of secrets.
    package let secrets: [String]

    package init(
        service: String, since: Date? = nil, hostnames: [String] = [], disks: [Disk] = [],
        data: [Disk] = [], keptData: [Disk] = [], runners: [String] = [], secrets: [String] = []
    ) {
        self.service = service
        self.since = since
        self.hostnames = hostnames
        self.disks = disks
        self.data = data
        self.keptData = keptData
        self.runners = runners
        self.secrets = secrets
    }
}

/// A disk, or an object with a disk in it.
package struct Disk: Hashable, Sendable {
    package let address: Address
    /// The provider's identifier of the object.
    package let id: String
    /// `nil` where nobody knows it.
    package let gibibytes: Int?

    package init(_ address: Address, id: String, gibibytes: Int?) {
        self.address = address
        self.id = id
        self.gibibytes = gibibytes
    }
}

extension ServiceLoss {
    /// Of every service that loses something and keeps no object that is wanted.
    static func all(in changes: [Change], _ kinds: KindCatalogue) -> [ServiceLoss] {
        let services = Dictionary(grouping: changes, by: \.service).filter(isLoss)
        return services.map { ServiceLoss($0, $1, kinds) }.sorted { $0.service < $1.service }
    }

    private static func isLoss(_ service: String, _ changes: [Change]) -> Bool {
        service != Address.projectWide && changes.contains { $0.action == .delete }
            && changes.allSatisfy { $0.desired == nil && $0.leftBy == nil }
    }

    private init(_ service: String, _ changes: [Change], _ kinds: KindCatalogue) {
        let leaving = changes.filter { $0.action == .delete }.compactMap(\.observed)
        let kept = changes.filter { $0.action == .noOp }.compactMap(\.observed)
        func texts(_ pick: (ObservedResource, ResourceKind.Loss) -> String?) -> [String] {
            leaving.flatMap { object in
                kinds.kind(of: object.address).losses.compactMap { pick(object, $0) }
            }.withoutRepetition
        }
        self.init(
            service: service, since: changes.compactMap { $0.recorded?.createdAt }.min(),
            hostnames: texts { object, loss in
                guard case .hostname = loss else { return nil }
                return object.address.key.map { String($0.prefix { $0 != "/" }) }
            },
            disks: leaving.compactMap { object in
                kinds.kind(of: object.address).size(of: object) {
                    if case .disk(let field) = $0 { field } else { nil }
                }
            },
            data: leaving.compactMap { kinds.kind(of: $0.address).data(on: $0) },
            keptData: kept.compactMap { kinds.kind(of: $0.address).data(on: $0) },
            runners: texts { object, loss in
                if case .runner(let name) = loss { object[name]?.string } else { nil }
            },
            secrets: texts { object, loss in
                if case .secret(let name) = loss { object[name]?.string } else { nil }
            })
    }
}

extension Plan {
    /// Data that nobody has any more when the plan is carried out.
    package func lostData(_ kinds: KindCatalogue) -> [Disk] {
        changes.filter { $0.losesData(kinds) }.compactMap { change in
            change.observed.flatMap { kinds.kind(of: change.address).data(on: $0) }
        }
    }
}

extension Change {
    /// True when data that the object holds is gone with it.
    func losesData(_ kinds: KindCatalogue) -> Bool {
        let kind = kinds.kind(of: address)
        guard removesObject, let observed, kind.holdsData(observed) else { return false }
        return !(action == .replace && kind.handsDataOn)
    }
}

extension ResourceKind {
    /// The data that an object holds.
    fileprivate func data(on object: ObservedResource) -> Disk? {
        guard holdsData(object) else { return nil }
        return size(of: object) { if case .data(let field) = $0 { field } else { nil } }
            ?? Disk(object.address, id: object.id, gibibytes: nil)
    }

    /// - Parameter field: the field with the size, of the loss that is meant.
    fileprivate func size(
        of object: ObservedResource, _ field: (Loss) -> String?
    ) -> Disk? {
        losses.lazy.compactMap(field).first.map {
            Disk(object.address, id: object.id, gibibytes: object[$0]?.integer)
        }
    }
}
