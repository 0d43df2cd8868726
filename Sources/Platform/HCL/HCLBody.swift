package import Services

/// What a file or a block holds: attributes and blocks, each in its order.
package struct HCLBody: Hashable, Sendable {
    package var attributes: [HCLAttribute] = []
    package var blocks: [HCLBlock] = []
    /// The comments behind the last of them.
    package var closingComments: [String] = []
    /// The attributes' names.
    var names: Set<String> = []

    package init() {}

    package func attribute(_ name: String) -> HCLAttribute? {
        attributes.first { $0.name == name }
    }
}

/// `name = value`
package struct HCLAttribute: Hashable, Sendable {
    package let name: String
    package let place: Place
    package let value: HCLExpression
    /// The comments above it, line by line, without their marks.
    package let comments: [String]
    /// The comment that ends its line.
    package let remark: String?
}

/// `type "label" { … }`
package struct HCLBlock: Hashable, Sendable {
    package let type: String
    package let place: Place
    package let labels: [HCLLabel]
    package let body: HCLBody
    /// The comments above it, line by line, without their marks.
    package let comments: [String]
}

package struct HCLLabel: Hashable, Sendable {
    package let text: String
    package let place: Place
}
