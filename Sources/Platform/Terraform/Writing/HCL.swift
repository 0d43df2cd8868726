/// A value as Terraform's language writes it.
enum HCLExpression: Hashable, Sendable {
    case string(String)
    case integer(Int)
    case boolean(Bool)
    /// Anything that is to be written as it stands: `aws_instance.web.id`.
    case reference(String)
    /// On one line, unless there are objects in it.
    case list([HCLExpression])
    /// In the order of writing.
    case object([HCLAttribute])
    /// `jsonencode(…)` of a document.
    indirect case json(HCLExpression)
}

/// `name = value`.
struct HCLAttribute: Hashable, Sendable {
    let name: String
    let value: HCLExpression

    init(_ name: String, _ value: HCLExpression) {
        self.name = name
        self.value = value
    }
}

/// A block with its attributes first.
struct HCLBlock: Hashable, Sendable {
    let type: String
    let labels: [String]
    let attributes: [HCLAttribute]
    let blocks: [HCLBlock]

    init(
        _ type: String, _ labels: String..., attributes: [HCLAttribute], blocks: [HCLBlock] = []
    ) {
        self.type = type
        self.labels = labels
        self.attributes = attributes
        self.blocks = blocks
    }
}
