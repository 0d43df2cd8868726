import Foundation
import Planning
import Resources
import Services
import TestSupport

/// Gardens of many services in which everything happens that a plan or a drift can tell: each
/// service meets with one of ten things, by its number.
struct Fleet: Sendable {
    let count: Int

    /// Enough to tell findings apart: FNV-1a, <https://www.rfc-editor.org/rfc/rfc9923.html>.
    private struct Fingerprints: Fingerprinting {
        func fingerprint(of secret: Secret) -> String {
            let hash = secret.revealed.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
                ($0 ^ UInt64($1)) &* 0x100_0000_01b3
            }
            let text = String(hash, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
    }

    private enum Fate: Int {
        case resized, new, rebuilt, removed, rewritten, edited, gone, found, upgradable, untouched
    }

    private struct Service {
        let name: String
        let fate: Fate
        var bed: Address { Garden.address(name, Garden.bed) }
        var plant: Address { Garden.address(name, Garden.plant) }
        var label: Address { Garden.address(name, Garden.label) }
        var cellar: Address { Garden.address(name, Garden.cellar) }
    }

    private var services: [Service] {
        (0..<count).compactMap { number in
            let digits = String(number)
            let name = "s" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            return Fate(rawValue: number % 10).map { Service(name: name, fate: $0) }
        }
    }

    private let planner = Planner(
        kinds: KindCatalogue(Garden.kinds), fingerprints: Fingerprints())

    // MARK: - What is told of them

    var plan: Plan {
        let plan = planner.plan(input)
        let shares = services.map { service in
            let after = service.fate == .resized ? "12.00" : "10.00"
            return (service.name, Samples.cost("10.00"), Samples.cost(after))
        }
        return Plan(
            project: plan.project, lineage: plan.lineage, serial: plan.serial,
            changes: plan.changes, bootsToFinish: Set(all(.found).map(\.bed)),
            keptForData: plan.keptForData,
            upgrades: all(.upgradable).map { Upgrade($0.bed, offered: "soil-2027") },
            cost: Samples.forecast(shares))
    }

    var drift: Drift {
        let attribution = Attribution(by: "alice", at: Date(timeIntervalSince1970: 1_750_000_000))
        let exemptions = all(.found).compactMap {
            DriftExemption($0.label, until: "2027-01-31", reason: "a trial")
        }
        let changes = all(.edited).map { ($0.bed, attribution) }
        return planner.drift(input)
            .attributed(to: Dictionary(uniqueKeysWithValues: changes))
            .exempting(exemptions, at: Date(timeIntervalSince1970: 1_760_000_000))
    }

    private func all(_ fate: Fate) -> [Service] { services.filter { $0.fate == fate } }

    private var input: PlanInput {
        PlanInput(
            desired: services.flatMap(desired), document: document,
            observed: services.flatMap(observed))
    }

    private var document: StateDocument {
        let states = services.map { service in
            let records = recorded(service).map { real in
                RecordedResource(
                    address: real.address, id: real.id, attributes: real.attributes,
                    fingerprints: [:], dependencies: [], createdAt: .distantPast,
                    updatedAt: .distantPast, createdBy: nil)
            }
            return (service.name, ServiceState(resources: records))
        }
        return StateDocument(
            lineage: "l-1", serial: 7, project: "garden",
            services: Dictionary(uniqueKeysWithValues: states))
    }

    // MARK: - The three values

    private static let oldText = "# Peas\nplanted in May\n~~~\n"
    private static let newText = "# Peas\n```\n</details>\n| sown | in *April* |\n~~~\n"

    private func desired(_ service: Service) -> [Resource] {
        guard service.fate != .removed else { return [] }
        func origin(_ key: String, _ line: Int) -> Origin {
            Origin(
                key,
                at: Origin.Place(
                    file: "services/\(service.name)/service.yaml", line: line, column: 1))
        }
        let all = [
            Resource(
                service.bed,
                attributes: [
                    "soil": service.fate == .rebuilt ? "sand" : "loam",
                    "width": service.fate == .resized ? 3 : 2,
                ], origins: ["soil": origin("ground", 4), "width": origin("size", 2)]),
            Resource(
                service.plant,
                attributes: [
                    "bed": .reference(service.bed, "id"),
                    "height": service.fate == .resized ? 12 : 10,
                ], origins: ["height": origin("size", 2)]),
            Resource(
                service.label,
                attributes: [
                    "text": .string(service.fate == .rewritten ? Self.newText : Self.oldText)
                ], origins: ["text": origin("label", 7)]),
        ]
        return all.map { resource in
            var resource = resource
            resource.file = "services/\(service.name)/service.yaml"
            return resource
        }
    }

    private func left(_ service: Service) -> [ObservedResource] {
        let bed: [String: Value] = ["id": "b", "soil": "loam", "width": 2]
        let plant: [String: Value] = ["id": "p", "bed": "b", "height": 10]
        let label: [String: Value] = ["id": "l", "text": .string(Self.oldText)]
        let all = [(service.bed, bed), (service.plant, plant), (service.label, label)]
        let cellar: [(Address, [String: Value])] = [(service.cellar, ["id": "c", "width": 1])]
        return (service.fate == .removed ? all + cellar : all).map { address, attributes in
            ObservedResource(address, id: "\(attributes["id"] ?? "")", attributes: attributes)
        }
    }

    private func recorded(_ service: Service) -> [ObservedResource] {
        switch service.fate {
        case .new: []
        case .found: left(service).filter { $0.address != service.label }
        default: left(service)
        }
    }

    private func observed(_ service: Service) -> [ObservedResource] {
        switch service.fate {
        case .new: return []
        case .gone: return left(service).filter { $0.address != service.plant }
        case .edited:
            return left(service).map { object in
                var object = object
                if object.address == service.bed { object.attributes["width"] = 5 }
                if object.address == service.label {
                    object.attributes["text"] = .string(Self.newText)
                }
                return object
            }
        default: return left(service)
        }
    }
}
