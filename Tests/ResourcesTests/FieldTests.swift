import Resources
import Testing

@Suite struct FieldTests {
    struct Example: Sendable {
        let field: Field
        let value: Value?
        let expected: Value
    }

    private static let lowercase: @Sendable (Value) -> Value = { value in
        value.string.map { .string($0.lowercased()) } ?? value
    }

    @Test(arguments: [
        Example(field: Field("name", .string), value: "Web", expected: "Web"),
        Example(field: Field("name", .string), value: nil, expected: .null),
        Example(field: Field("ttl", .integer, fallback: 1), value: nil, expected: 1),
        Example(field: Field("ttl", .integer, fallback: 1), value: 60, expected: 60),
        Example(
            field: Field("name", .string, fallback: "A", canonical: lowercase), value: nil,
            expected: "a"),
        Example(
            field: Field("name", .string, canonical: lowercase), value: "WEB", expected: "web"),
        Example(field: Field("labels", .list), value: ["b", "a"], expected: ["b", "a"]),
        Example(
            field: Field("labels", .list, [.unordered]), value: ["b", 1, "a"],
            expected: [1, "a", "b"]),
        Example(
            field: Field("rules", .list, [.unordered]), value: [["port": 80], ["port": 22]],
            expected: [["port": 22], ["port": 80]]),
    ])
    func bringsEqualValuesToOneForm(_ example: Example) {
        let normalised = example.field.normalised(example.value)
        #expect(normalised == example.expected)
        #expect(example.field.normalised(normalised) == normalised)
    }

    @Test(
        arguments: [
            ([], true), ([.immutable, .restarting, .unordered], true), ([.computed], false),
            ([.secret], false), ([.createOnly], false), ([.unobservable, .immutable], false),
        ] as [(Set<Field.Trait>, Bool)])
    func comparesOnlyWhatCanBeObserved(traits: Set<Field.Trait>, expected: Bool) {
        #expect(Field("f", .string, traits).isComparable == expected)
    }
}
