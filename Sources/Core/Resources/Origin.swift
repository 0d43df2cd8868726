/// What a field comes from: a key of a spec, and where that stands.
package struct Origin: Hashable, Sendable {
    /// A key as it is written in a file of the repository.
    package struct Place: Hashable, Sendable {
        /// Relative to the repository.
        package let file: String
        /// From 1 on.
        package let line: Int
        /// From 1 on.
        package let column: Int

        package init(file: String, line: Int, column: Int) {
            self.file = file
            self.line = line
            self.column = column
        }
    }

    /// "size"; in words where it is no key of a spec.
    package let key: String
    /// `nil` for a key that was left to its default.
    package let place: Place?

    package init(_ key: String, at place: Place? = nil) {
        self.key = key
        self.place = place
    }
}

extension Origin: ExpressibleByStringLiteral {
    package init(stringLiteral key: String) { self.init(key) }
}

extension Origin: CustomStringConvertible {
    /// "size in services/web/service.yaml:3".
    package var description: String { place.map { "\(key) in \($0.file):\($0.line)" } ?? key }
}
