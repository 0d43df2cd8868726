import Services

import Resources

/// Finds the literal values of expressions. What has none is reported, each thing once.
package struct HCLEvaluator: Sendable {
    /// References to references, of which each takes some of the stack.
    static let longestChain = 100
    /// Scalars and nodes that all values may have together: little enough to hold, whatever a few
    /// references to references to references make of a small file.
    static let mostWeight = 4 << 20

    /// Problems after which no more words are guessed: a guess compares with every name there is.
    static let mostGuesses = 50

    private let scope: HCLScope
    package private(set) var problems: [HCLProblem]
    /// Values of definitions that were referred to.
    private var known: [String: HCLNode] = [:]
    /// The definitions that are being looked into.
    private var chain: [String] = []
    private var weight = 0

    package init(_ scope: HCLScope) {
        self.scope = scope
        problems = scope.problems
    }

    /// - Parameter file: where the expression stands.
    package mutating func node(of expression: HCLExpression, in file: String) -> HCLNode {
        let place = expression.place
        guard afford(1, file, place) else { return HCLNode(.unread, place) }
        switch expression.form {
        case .null: return HCLNode(.null, place)
        case .boolean(let flag): return HCLNode(.boolean(flag), place)
        case .number(let number): return HCLNode(.number(number), place)
        case .template(let parts): return template(parts, file, place)
        case .list(let elements):
            return HCLNode(.list(elements.map { node(of: $0, in: file) }), place)
        case .object(let elements): return object(elements, file, place)
        case .reference(let reference): return value(of: reference, file, place)
        case .unsupported(let what): return refuse(file, place, what.message)
        case .unread: return HCLNode(.unread, place)
        }
    }

    private mutating func refuse(_ file: String, _ place: Place, _ message: String) -> HCLNode {
        problems.append(HCLProblem(file: file, place: place, message: message))
        return HCLNode(.unread, place)
    }

    /// - Returns: false once the values are too large, which is reported the first time.
    private mutating func afford(_ amount: Int, _ file: String, _ place: Place) -> Bool {
        guard weight <= Self.mostWeight else { return false }
        weight += amount
        guard weight > Self.mostWeight else { return true }
        _ = refuse(file, place, "with what is referred to, the values are too large to be read")
        return false
    }

    // MARK: - Templates and objects

    private mutating func template(
        _ parts: [HCLTemplatePart], _ file: String, _ place: Place
    ) -> HCLNode {
        if parts.count == 1, case .expression(let expression) = parts[0] {
            return HCLNode(node(of: expression, in: file).content, place)
        }
        var text = ""
        var isRead = true
        for part in parts {
            switch part {
            case .text(let piece): text += piece
            case .expression(let expression):
                guard let piece = self.text(of: expression, file) else {
                    isRead = false
                    continue
                }
                isRead = isRead && afford(piece.utf8.count, file, place)
                if isRead { text += piece }
            }
        }
        return HCLNode(isRead ? .text(text) : .unread, place)
    }

    /// A value as it stands inside a text or is a key; `nil` when it cannot, which is reported.
    private mutating func text(of expression: HCLExpression, _ file: String) -> String? {
        switch node(of: expression, in: file).content {
        case .boolean(let flag): return String(flag)
        case .number(let number): return number.text
        case .text(let text): return text
        case .unread: return nil
        case .null, .list, .object:
            _ = refuse(
                file, expression.place,
                "text, a number or a boolean must stand here: null, lists and objects are no text")
            return nil
        }
    }

    private mutating func object(
        _ elements: [HCLElement], _ file: String, _ place: Place
    ) -> HCLNode {
        var entries: [HCLEntry] = []
        var keys: Set<String> = []
        var isRead = true
        for element in elements {
            let value = node(of: element.value, in: file)
            guard let key = text(of: element.key, file) else {
                isRead = false
                continue
            }
            if keys.insert(key).inserted {
                entries.append(HCLEntry(key, element.key.place, value))
            } else {
                _ = refuse(
                    file, element.key.place, "the key \"\(key)\" stands here a second time")
            }
        }
        return HCLNode(isRead ? .object(entries) : .unread, place)
    }

    // MARK: - References

    private mutating func value(
        of reference: HCLReference, _ file: String, _ place: Place
    ) -> HCLNode {
        guard ["local", "var"].contains(reference.root),
            case .attribute(let name, _)? = reference.steps.first
        else { return refuse(file, place, reference.remedy) }
        var node = definition("\(reference.root).\(name)", file, place)
        var path = "\(reference.root).\(name)"
        for step in reference.steps.dropFirst() {
            guard let part = part(of: node, step, path: &path, file, place) else {
                return HCLNode(.unread, place)
            }
            node = part
        }
        return moved(node, to: place, file)
    }

    private mutating func definition(_ name: String, _ file: String, _ place: Place) -> HCLNode {
        if let node = known[name] { return node }
        guard let definition = scope.definitions[name] else {
            let nearest = guess(name, among: scope.definitions.keys.sorted())
            return refuse(
                file, place, "there is no \(name)\(nearest.map { "; did you mean \($0)?" } ?? "")")
        }
        guard !chain.contains(name) else {
            let circle = chain.drop { $0 != name } + [name]
            return refuse(
                file, place, "\(name) refers to itself: \(circle.joined(separator: " → "))")
        }
        guard let value = definition.value else {
            return refuse(
                file, place,
                "\(name) has no default, and terraform.tfvars is not read; give it a"
                    + " default, or write the value itself")
        }
        guard chain.count < Self.longestChain else {
            return refuse(
                file, place, "more than \(Self.longestChain) references lead to each other here")
        }
        chain.append(name)
        let node = node(of: value, in: definition.file)
        chain.removeLast()
        known[name] = node
        return node
    }

    private func guess(_ name: String, among names: @autoclosure () -> [String]) -> String? {
        problems.count < Self.mostGuesses ? nearestMatch(to: name, among: names()) : nil
    }

    /// - Returns: `nil` when there is no such part, which is reported.
    private mutating func part(
        of node: HCLNode, _ step: HCLReference.Step, path: inout String, _ file: String,
        _ place: Place
    ) -> HCLNode? {
        let key: String
        switch step {
        case .attribute(let name, _): key = name
        case .index(let expression):
            guard let text = text(of: expression, file) else { return nil }
            key = text
        }
        let whole = path
        path += Int(key) == nil ? ".\(key)" : "[\(key)]"
        switch node.content {
        case .object(let entries):
            if let entry = entries.first(where: { $0.key == key }) { return entry.value }
            let nearest = guess(key, among: entries.map(\.key))
            _ = refuse(
                file, place,
                "there is no \"\(key)\" in \(whole)"
                    + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""))
        case .list(let nodes):
            if let index = Int(key), nodes.indices.contains(index) { return nodes[index] }
            _ = refuse(
                file, place, "there is no element \(key) in \(whole), which has \(nodes.count)")
        case .unread: break
        case .null, .boolean, .number, .text:
            _ = refuse(file, place, "\(whole) is neither a list nor an object, so it has no parts")
        }
        return nil
    }

    /// The value as if it were written where it is referred to.
    private mutating func moved(_ node: HCLNode, to place: Place, _ file: String) -> HCLNode {
        guard afford(1, file, place) else { return HCLNode(.unread, place) }
        switch node.content {
        case .list(let nodes):
            return HCLNode(.list(nodes.map { moved($0, to: place, file) }), place)
        case .object(let entries):
            return HCLNode(
                .object(entries.map { HCLEntry($0.key, place, moved($0.value, to: place, file)) }),
                place)
        default: return HCLNode(node.content, place)
        }
    }
}

extension HCLReference {
    /// What to write instead of a reference that Launch cannot follow.
    fileprivate var remedy: String {
        guard steps.isEmpty else {
            return "\(text) cannot be known from the files: only local.NAME and var.NAME with"
                + " literal values can; write the value itself"
        }
        return ["local", "var"].contains(root)
            ? "a name must follow \(root): \(root).NAME" : "a text stands in quotes: \"\(root)\""
    }
}
