import Foundation
package import Resources

/// How far somebody has seen a state go: one that ends earlier is an older copy.
package struct StateMark: Hashable, Sendable {
    /// Of the state's document; marks of different lineages say nothing of each other.
    package let lineage: String
    /// The last entry of the journal.
    package let position: Int
    package let serial: Int

    package init(lineage: String, position: Int, serial: Int) {
        self.lineage = lineage
        self.position = position
        self.serial = serial
    }

    /// The further of two marks of one lineage; of two lineages, this one.
    package func further(than other: StateMark?) -> StateMark {
        guard let other, other.lineage == lineage, other.position > position else { return self }
        return other
    }
}

extension StateMark: JSONCodable {
    package init(json: Value) throws {
        lineage = try json.member("lineage")
        position = try json.member("position")
        serial = try json.member("serial")
    }

    package var json: Value {
        .members(["lineage": lineage, "position": position, "serial": serial])
    }
}

/// What one machine remembers of states, apart from where they are kept.
///
/// A machine that cannot remember is as one that has seen nothing: nothing here fails.
package protocol StateMemory: Sendable {
    /// Where it is remembered of the state at `location`, for people.
    func witness(of location: String, lineage: String) -> String
    func mark(of location: String, lineage: String) -> StateMark?
    func remember(_ mark: StateMark, of location: String)
}

extension Replica {
    var mark: StateMark {
        StateMark(lineage: document.lineage, position: position, serial: document.serial)
    }

    /// - Parameter witness: where `mark` was found, for people.
    /// - Throws: `StateError.rolledBack` when this ends before it.
    func prove(notBefore mark: StateMark?, of witness: String, at location: String) throws {
        guard let mark, mark.lineage == document.lineage, position < mark.position else { return }
        throw StateError.rolledBack(
            location: location,
            detail: "it ends with change \(position) (serial \(document.serial)), and \(witness) "
                + "knows of change \(mark.position) (serial \(mark.serial)); if it was put back "
                + "on purpose, remove that witness")
    }
}
