import Services

/// What the `locals` and `variable` blocks of some files define, for all of these files.
package struct HCLScope: Sendable {
    struct Definition: Sendable {
        let file: String
        let place: Place
        /// `nil` for a variable without a default.
        let value: HCLExpression?
    }

    /// By `local.name` and `var.name`.
    private(set) var definitions: [String: Definition] = [:]
    /// What is defined more than once, or without a name.
    package private(set) var problems: [HCLProblem] = []

    package init(_ files: [HCLFile]) {
        for file in files {
            for block in file.body.blocks {
                switch block.type {
                case "locals":
                    for attribute in block.body.attributes {
                        define("local.\(attribute.name)", file, attribute.place, attribute.value)
                    }
                case "variable": defineVariable(block, in: file)
                default: break
                }
            }
        }
    }

    private mutating func defineVariable(_ block: HCLBlock, in file: HCLFile) {
        guard block.labels.count == 1 else {
            problems.append(
                HCLProblem(
                    file: file.name, place: block.place,
                    message: "a variable has one label, its name: variable \"size\" { … }"))
            return
        }
        define(
            "var.\(block.labels[0].text)", file, block.labels[0].place,
            block.body.attribute("default")?.value)
    }

    private mutating func define(
        _ name: String, _ file: HCLFile, _ place: Place, _ value: HCLExpression?
    ) {
        guard let first = definitions[name] else {
            definitions[name] = Definition(file: file.name, place: place, value: value)
            return
        }
        problems.append(
            HCLProblem(
                file: file.name, place: place,
                message: "\(name) is defined a second time; first at \(first.file):"
                    + "\(first.place.line):\(first.place.column)"))
    }
}
