package import Services

/// One thing that is wrong in a file.
package struct Diagnostic: Hashable, Sendable {
    /// Relative to the repository's root.
    package let file: String
    package let place: Place
    /// What is wrong and what is allowed; one line.
    package let message: String

    package init(file: String, place: Place, message: String) {
        self.file = file
        self.place = place
        self.message = message
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `services/web/service.yaml:4:7: error: …`, as compilers write it and editors read it.
    package var description: String {
        "\(file):\(place.line):\(place.column): error: \(message)"
    }
}

extension Diagnostic: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        (left.file, left.place.line, left.place.column, left.message)
            < (right.file, right.place.line, right.place.column, right.message)
    }
}

extension Place {
    /// Where a file begins: for what is missing from it as a whole.
    static let start = Place(line: 1, column: 1)

    func isBefore(_ other: Place) -> Bool { (line, column) < (other.line, other.column) }
}

/// The repository's files do not say what Launch should do.
package struct InvalidRepository: Error, Hashable, Sendable, CustomStringConvertible {
    /// Everything that is wrong, in order of file, line and column; never empty.
    package let diagnostics: [Diagnostic]

    init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = Set(diagnostics).sorted()
    }

    package var description: String {
        diagnostics.map(\.description).joined(separator: "\n")
    }
}
