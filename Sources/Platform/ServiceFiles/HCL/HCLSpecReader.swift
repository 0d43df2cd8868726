import HCL
import Services

/// Makes trees of the bodies of HCL files, and keeps what is wrong with them.
struct HCLSpecReader {
    private var evaluator: HCLEvaluator
    private var problems: [HCLProblem]

    init(_ files: [HCLFile]) {
        problems = files.flatMap(\.problems)
        evaluator = HCLEvaluator(HCLScope(files))
    }

    var diagnostics: [Diagnostic] { (problems + evaluator.problems).map(Diagnostic.init) }

    mutating func report(_ file: HCLFile, _ place: Place, _ message: String) {
        problems.append(HCLProblem(file: file.name, place: place, message: message))
    }

    /// The spec that a body is: its attributes, and its blocks as if they were attributes.
    mutating func node(
        of body: HCLBody, in file: HCLFile, at place: Place, leavingOut: Set<String>
    ) -> HCLNode {
        var body = body
        body.attributes.removeAll { leavingOut.contains($0.name) }
        return node(of: body, in: file, at: place, SpecField.service)
    }

    private mutating func node(
        of body: HCLBody, in file: HCLFile, at place: Place, _ fields: [SpecField]
    ) -> HCLNode {
        var entries = body.attributes.map {
            HCLEntry($0.name, $0.place, evaluator.node(of: $0.value, in: file.name))
        }
        var lists: [String: [HCLNode]] = [:]
        for block in body.blocks {
            guard block.type != "dynamic" else {
                report(
                    file, block.place, "a dynamic block is not evaluated; write each block out")
                continue
            }
            let field = fields.first { $0.name == block.type }
            let value = node(of: block, in: file, field?.shape.members ?? [])
            guard body.attribute(block.type) == nil else {
                reportRepetition(block, file)
                continue
            }
            let isFirst = !entries.contains { $0.key == block.type }
            if case .list? = field?.shape {
                lists[block.type, default: []].append(value)
            } else if !isFirst {
                reportRepetition(block, file)
            }
            if isFirst { entries.append(HCLEntry(block.type, block.place, value)) }
        }
        entries = entries.map { entry in
            lists[entry.key].map {
                HCLEntry(entry.key, entry.place, HCLNode(.list($0), entry.value.place))
            } ?? entry
        }
        return HCLNode(.object(entries.sorted { $0.place.isBefore($1.place) }), place)
    }

    private mutating func node(
        of block: HCLBlock, in file: HCLFile, _ fields: [SpecField]
    ) -> HCLNode {
        if let label = block.labels.first {
            report(file, label.place, "a block of a spec has no label")
        }
        return node(of: block.body, in: file, at: block.place, fields)
    }

    private mutating func reportRepetition(_ block: HCLBlock, _ file: HCLFile) {
        report(file, block.place, "the key \"\(block.type)\" stands here a second time")
    }
}

extension Diagnostic {
    init(_ problem: HCLProblem) {
        self.init(file: problem.file, place: problem.place, message: problem.message)
    }
}
