import Foundation
import Resources

/// The format of every machine-readable report; it grows when a key changes its meaning.
let reportFormat: Value = 1

extension Value {
    /// One machine-readable document, with sorted keys and a final newline.
    var document: String { jsonText(pretty: true) + "\n" }

    init(_ date: Date?) { self = date.map { .string($0.formatted(.iso8601)) } ?? .null }
    init(_ text: String?) { self = text.map(Value.string) ?? .null }
    init(_ number: Int?) { self = number.map(Value.integer) ?? .null }
    init(_ addresses: some Sequence<Address>) {
        self = .list(addresses.sorted().map { .string($0.description) })
    }
    /// How many there are of each case, all of them named.
    init<Case: CaseIterable & RawRepresentable<String>>(counts: [Case: Int]) {
        self = .object(
            Dictionary(
                uniqueKeysWithValues: Case.allCases.map {
                    ($0.rawValue.replacing("-", with: "_"), .integer(counts[$0, default: 0]))
                }))
    }
    /// In seconds, with milliseconds.
    init(_ duration: Duration) {
        self = .number((duration / .milliseconds(1)).rounded() / 1000)
    }
}
