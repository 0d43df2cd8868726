import HCL
import Resources
import Services

/// Finds specs in HCL files that see each other's `locals` and `variable` blocks.
struct HCLSpecs {
    /// The last folder of the `source` of a module that is a spec.
    static let module = "launch-service"
    /// What Terraform goes by and Launch does not.
    private static let ignored: Set = [
        "source", "version", "providers", "depends_on", ServiceSpec.nameKey,
    ]
    /// What makes several of one module.
    private static let multiplying = ["count", "for_each"]
    /// Letters by which a module's source may differ from the right one and be taken for it.
    private static let nearDistance = 2

    private let files: [HCLFile]
    private var reader: HCLSpecReader

    init(_ files: [HCLFile]) {
        self.files = files
        reader = HCLSpecReader(files)
    }

    var diagnostics: [Diagnostic] { reader.diagnostics }

    /// The specs among the `module` blocks of all files.
    mutating func modules() -> [SpecDocument] {
        files.flatMap { file in
            file.body.blocks.filter { isSpec($0, in: file) }.map { document(of: $0, in: file) }
        }
    }

    /// The one spec of a `service.hcl`: its keys, or its one module.
    /// - Parameter name: the folder's.
    mutating func document(of name: String) -> SpecDocument {
        let modules = modules()
        let file = files[0]
        guard let module = modules.first else { return topLevel(of: file, name) }
        for other in modules where other.name != name {
            reader.report(
                file, other.start,
                "the folder's name, \(name), is the service's name, not"
                    + " \"\(other.name)\"")
        }
        for other in modules.dropFirst() {
            reader.report(file, other.start, "a service.hcl is the spec of one service")
        }
        for attribute in file.body.attributes {
            reader.report(
                file, attribute.place, "\"\(attribute.name)\" must stand inside the module block")
        }
        return SpecDocument(
            name: name, file: file.name, namePlace: nil, root: module.root,
            comments: module.comments)
    }

    private mutating func topLevel(of file: HCLFile, _ name: String) -> SpecDocument {
        var body = file.body
        body.blocks.removeAll { ["locals", "variable"].contains($0.type) }
        if let attribute = body.attribute(ServiceSpec.nameKey),
            let other = literal(attribute, in: file), other != name
        {
            reader.report(
                file, attribute.value.place,
                "the folder's name, \(name), is the service's name,"
                    + " not \"\(other)\"")
        }
        checkFormerName(body, in: file)
        let root = reader.node(
            of: body, in: file, at: .start, leavingOut: [ServiceSpec.nameKey])
        return SpecDocument(
            name: name, file: file.name, namePlace: nil, root: .hcl(root),
            comments: SpecComments(body))
    }

    private mutating func document(of block: HCLBlock, in file: HCLFile) -> SpecDocument {
        for key in Self.multiplying {
            guard let attribute = block.body.attribute(key) else { continue }
            reader.report(
                file, attribute.place,
                "\"\(key)\" is not evaluated: a module is one service;"
                    + " write one for each")
        }
        checkFormerName(block.body, in: file)
        let root = reader.node(
            of: block.body, in: file, at: block.place,
            leavingOut: Self.ignored.union(Self.multiplying))
        let label = block.labels[0]
        let attribute = block.body.attribute(ServiceSpec.nameKey)
        let name = attribute.flatMap { literal($0, in: file) }
        return SpecDocument(
            name: name ?? label.text, file: file.name,
            namePlace: name == nil ? label.place : attribute?.value.place ?? label.place,
            root: .hcl(root), comments: SpecComments(block.body, head: block.comments))
    }

    /// True for a module of Launch's; one that was probably meant to be is reported.
    private mutating func isSpec(_ block: HCLBlock, in file: HCLFile) -> Bool {
        guard block.type == "module", block.labels.count == 1,
            let source = block.body.attribute("source")?.value, let path = source.plainText,
            path.hasPrefix("./") || path.hasPrefix("../"),
            let last = path.split(separator: "/").last
        else { return false }
        if last != Self.module, editDistance(String(last), Self.module) <= Self.nearDistance {
            reader.report(
                file, source.place,
                "this is no spec: the source of one ends with"
                    + " \(Self.module), not \"\(last)\"")
        }
        return last == Self.module
    }

    /// The workflows look for names without evaluating anything.
    private mutating func literal(_ attribute: HCLAttribute, in file: HCLFile) -> String? {
        if let text = attribute.value.plainText { return text }
        if attribute.value.form != .unread {
            reader.report(
                file, attribute.value.place,
                "\"\(attribute.name)\" must be written out in quotes:"
                    + " the workflows read it as it stands")
        }
        return nil
    }

    private mutating func checkFormerName(_ body: HCLBody, in file: HCLFile) {
        guard let attribute = body.attribute("was"), attribute.value.form != .null else { return }
        _ = literal(attribute, in: file)
    }
}

extension SpecComments {
    fileprivate init(_ body: HCLBody, head: [String] = []) {
        self.init()
        self.head = head
        foot = body.closingComments
        for attribute in body.attributes {
            keys[attribute.name] = (attribute.comments, attribute.remark)
        }
        for block in body.blocks where keys[block.type] == nil {
            keys[block.type] = (block.comments, nil)
        }
    }
}
