/// What a parameter, or a property inside one, may hold: the part of `PVE::JSONSchema`
/// (`pve-common: src/PVE/JSONSchema.pm`) that the API uses.
struct PVEParameter: Sendable {
    enum Kind: String, Sendable { case boolean, integer, number, string, array }

    var kind: Kind
    var isRequired = false
    var minimum: Double?
    var maximum: Double?
    var minimumLength: Int?
    var maximumLength: Int?
    /// A regular expression for the whole value.
    var pattern: String?
    var choices: [String]?
    var format: PVEFormat?
    /// The parameter that has to come with this one.
    var companion: String?
    var since = PVEVersion.oldest
    /// For `net[n]`: n is below it.
    var count: Int?
    /// Inside a property string: the key may be left out.
    var isDefaultKey = false
    /// Inside a property string: another name for that key.
    var alias: String?
    /// Inside a property string: the key itself is the value of that key (`virtio=MAC`).
    var keyAlias: String?

    private init(_ kind: Kind) { self.kind = kind }

    static let boolean = PVEParameter(.boolean)
    static let number = PVEParameter(.number)
    static let array = PVEParameter(.array)
    static let text = PVEParameter(.string)
    static let integer = PVEParameter(.integer)

    static func integer(_ range: ClosedRange<Int>) -> Self {
        integer.with {
            ($0.minimum, $0.maximum) = (Double(range.lowerBound), Double(range.upperBound))
        }
    }

    static func integer(_ range: PartialRangeFrom<Int>) -> Self {
        integer.with { $0.minimum = Double(range.lowerBound) }
    }

    static func number(_ range: ClosedRange<Double>) -> Self {
        number.with { ($0.minimum, $0.maximum) = (range.lowerBound, range.upperBound) }
    }

    static func text(atMost length: Int) -> Self { text.with { $0.maximumLength = length } }
    static func text(_ lengths: ClosedRange<Int>) -> Self {
        text(atMost: lengths.upperBound).with { $0.minimumLength = lengths.lowerBound }
    }
    static func text(matching pattern: String) -> Self { text.with { $0.pattern = pattern } }
    static func one(of choices: String...) -> Self { one(of: choices) }
    static func one(of choices: [String]) -> Self { text.with { $0.choices = choices } }
    static func format(_ format: PVEFormat) -> Self { text.with { $0.format = format } }
    static func properties(_ properties: PVEPropertySchema) -> Self {
        format(.properties(properties))
    }
    static func alias(of name: String) -> Self { text.with { $0.alias = name } }

    static let vmid = integer(100...999_999_999).with { $0.format = .vmid }

    var required: Self { with { $0.isRequired = true } }
    var defaultKey: Self { with { $0.isDefaultKey = true } }
    func requiring(_ companion: String) -> Self { with { $0.companion = companion } }
    func since(_ major: Int, _ minor: Int) -> Self { with { $0.since = PVEVersion(major, minor) } }
    func indexed(below count: Int) -> Self { with { $0.count = count } }
    func matching(_ pattern: String) -> Self { with { $0.pattern = pattern } }
    func atMost(_ length: Int) -> Self { with { $0.maximumLength = length } }

    func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }
}
