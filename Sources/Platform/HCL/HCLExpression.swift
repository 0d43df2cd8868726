package import Services

/// An expression as it is written; `HCLEvaluator` says what it means.
package struct HCLExpression: Hashable, Sendable {
    package indirect enum Form: Hashable, Sendable {
        case null
        case boolean(Bool)
        case number(HCLNumber)
        /// A text, with expressions in it. A single expression without text is its own value.
        case template([HCLTemplatePart])
        case list([HCLExpression])
        case object([HCLElement])
        case reference(HCLReference)
        /// Sound HCL that is more than a literal value.
        case unsupported(HCLUnsupported)
        /// What could not be read, and was reported.
        case unread
    }

    package let form: Form
    package let place: Place

    init(_ form: Form, _ place: Place) {
        self.form = form
        self.place = place
    }

    /// The text of an expression that is nothing but text.
    package var plainText: String? {
        guard case .template(let parts) = form else { return nil }
        var text = ""
        for part in parts {
            guard case .text(let piece) = part else { return nil }
            text += piece
        }
        return text
    }
}

package enum HCLTemplatePart: Hashable, Sendable {
    case text(String)
    case expression(HCLExpression)
}

/// `key = value` between braces.
package struct HCLElement: Hashable, Sendable {
    package let key: HCLExpression
    package let value: HCLExpression
}

/// `local.sizes["big"].cpu`
package struct HCLReference: Hashable, Sendable {
    package enum Step: Hashable, Sendable {
        case attribute(String, Place)
        case index(HCLExpression)
    }

    /// `local`
    package let root: String
    package var steps: [Step]

    /// As it is written, but for what stands in brackets.
    package var text: String {
        steps.reduce(root) { text, step in
            switch step {
            case .attribute(let name, _): "\(text).\(name)"
            case .index: "\(text)[…]"
            }
        }
    }
}

/// What Launch does not evaluate.
package enum HCLUnsupported: Hashable, Sendable {
    case call(String)
    case operation(String)
    case conditional
    case iteration
    case splat
    case directive
    case stripMarker
    case part
    case ambiguousKey(String)

    /// What it is, and what to write instead.
    var message: String {
        switch self {
        case .call(let name):
            "the function call \(name)(…) is not evaluated; write its result"
        case .operation(let symbol):
            "the operation \"\(symbol)\" is not evaluated; write its result"
        case .conditional:
            "the conditional \"… ? … : …\" is not evaluated; write the value that holds"
        case .iteration:
            "the \"for\" expression is not evaluated; write the elements out"
        case .splat: "the splat \"*\" is not evaluated; write the elements out"
        case .directive:
            "the template directive \"%{ … }\" is not evaluated; write the text out, or %%{ for the"
                + " characters themselves"
        case .stripMarker: "the strip marker \"~\" is not evaluated; write the text without it"
        case .part:
            "a part is taken of a reference alone; write the part itself"
        case .ambiguousKey(let text):
            "the key \(text) is neither a word nor a text; write it in quotes, or as (\(text)) for"
                + " its value"
        }
    }
}
