import Foundation
import Resources
import Simulation

/// Makes arbitrary values and state documents; the same ones for the same seed.
struct Generator {
    private let random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    func value(depth: Int) -> Value {
        switch number(below: depth > 0 ? 8 : 6) {
        case 0: .null
        case 1: .boolean(number(below: 2) == 0)
        case 2: .integer(Int(truncatingIfNeeded: random.next() >> UInt64(number(below: 64))))
        // A whole number would be read as an integer.
        case 3: .number(Double(number(below: 1 << 20)) + 0.5)
        case 4, 5: .string(text())
        case 6: .list(list { value(depth: depth - 1) })
        default: .object(object { value(depth: depth - 1) })
        }
    }

    func document() -> StateDocument {
        StateDocument(
            lineage: random.hexadecimal(32), serial: number(below: 1000), project: text(),
            services: object(serviceState), intents: list(intent))
    }

    private func serviceState() -> ServiceState {
        ServiceState(
            specDigest: optional(text), target: optional(text), environment: optional(text),
            url: optional(text), lastConvergedAt: optional(date), resources: list(resource),
            generations: object { number(below: 100) },
            timeline: list { TimelineEntry(stage: text(), reachedAt: date()) })
    }

    private func resource() -> RecordedResource {
        RecordedResource(
            address: address(), id: text(), attributes: object { value(depth: 2) },
            fingerprints: object(text), dependencies: list(address), createdAt: date(),
            updatedAt: date(), createdBy: optional(holder))
    }

    private func holder() -> LeaseHolder {
        LeaseHolder(
            user: text(), host: text(), pid: number(below: 1000), runURL: optional(text),
            commit: optional(text))
    }

    private func intent() -> Intent {
        let actions: [Intent.Action] = [.create, .update, .delete]
        return Intent(
            id: text(), address: address(), action: actions[number(below: 3)],
            key: optional(text), objectID: optional(text), startedAt: date(), run: text(),
            reason: optional(text))
    }

    private func address() -> Address {
        Address(
            service: "service-\(number(below: 9))", kind: KindName(.aws, "volume"),
            key: optional { "key-\(number(below: 9))" })
    }

    /// With milliseconds, which is what a document keeps.
    private func date() -> Date {
        Date(timeIntervalSinceReferenceDate: Double(number(below: 6_000_000_000_000)) / 1000)
    }

    private func text() -> String {
        let alphabet = Array("abcXYZ019 /\\\"\n\t\u{1}\u{1F}\u{7F}äß€\u{1F600}\u{2028}{}[],:")
        return String((0..<number(below: 12)).map { _ in alphabet[number(below: alphabet.count)] })
    }

    private func optional<Element>(_ element: () -> Element) -> Element? {
        number(below: 2) == 0 ? nil : element()
    }

    private func list<Element>(_ element: () -> Element) -> [Element] {
        (0..<number(below: 5)).map { _ in element() }
    }

    private func object<Element>(_ element: () -> Element) -> [String: Element] {
        (0..<number(below: 5)).reduce(into: [:]) { members, _ in members[text()] = element() }
    }

    private func number(below limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
}
