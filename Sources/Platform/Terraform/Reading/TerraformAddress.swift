import HCL

/// Where an object stands in a Terraform configuration: `module.web.aws_instance.this["a"]`.
///
/// <https://developer.hashicorp.com/terraform/cli/state/resource-addressing>
package struct TerraformAddress: Hashable, Sendable {
    /// What tells the instances of `count` or `for_each` apart.
    package enum Key: Hashable, Sendable {
        case index(Int)
        case name(String)

        /// The name of a `for_each`; `nil` for a number.
        var text: String? { if case .name(let text) = self { text } else { nil } }
    }

    /// One `module.<name>[<key>]` of the path.
    package struct Step: Hashable, Sendable {
        package let name: String
        package let key: Key?
    }

    /// From the root to the module that declares the object.
    package let modules: [Step]
    /// `aws_instance`.
    package let type: String
    package let name: String
    package let key: Key?

    init(modules: [Step] = [], type: String, name: String, key: Key? = nil) {
        self.modules = modules
        self.type = type
        self.name = name
        self.key = key
    }

    /// True for the object that `text` names, and for all of a module or resource that it names.
    package func isNamed(by text: String) -> Bool {
        let own = description
        guard own.hasPrefix(text) else { return false }
        return own.count == text.count || [".", "["].contains(own.dropFirst(text.count).first)
    }
}

extension TerraformAddress: CustomStringConvertible {
    package var description: String {
        let steps = modules.map { "module.\($0.name)\($0.key?.suffix ?? "")." }.joined()
        return "\(steps)\(type).\(name)\(key?.suffix ?? "")"
    }
}

extension TerraformAddress.Key {
    fileprivate var suffix: String {
        switch self {
        case .index(let number): "[\(number)]"
        case .name(let text): "[\(text.hclQuoted)]"
        }
    }
}

extension TerraformAddress.Step {
    /// Reads `module.web`, `module.services["web"].module.inner[0]`; `nil` when it is no such path.
    static func path(_ text: String) -> [Self]? {
        var steps: [Self] = []
        var rest = text[...]
        while !rest.isEmpty {
            guard rest.hasPrefix("module.") else { return nil }
            rest.removeFirst("module.".count)
            let name = rest.prefix { $0 != "." && $0 != "[" }
            rest.removeFirst(name.count)
            var key: TerraformAddress.Key?
            if rest.first == "[" {
                guard let read = TerraformAddress.Key.read(from: &rest) else { return nil }
                key = read
            }
            guard !name.isEmpty, rest.isEmpty || rest.removeFirst() == "." else { return nil }
            steps.append(Self(name: String(name), key: key))
        }
        return steps
    }
}

extension TerraformAddress.Key {
    /// Takes `[0]` or `["web"]` from the beginning of `text`.
    fileprivate static func read(from text: inout Substring) -> Self? {
        text.removeFirst()
        guard text.first == "\"" else {
            let number = text.prefix { $0 != "]" }
            text.removeFirst(number.count)
            guard let index = Int(number), text.popFirst() == "]" else { return nil }
            return .index(index)
        }
        text.removeFirst()
        var name = ""
        while let character = text.popFirst(), character != "\"" {
            guard character == "\\" else {
                name.append(character)
                continue
            }
            guard let escaped = text.popFirst() else { return nil }
            name.append(["n": "\n", "r": "\r", "t": "\t"][escaped] ?? escaped)
        }
        return text.popFirst() == "]" ? .name(name) : nil
    }
}
