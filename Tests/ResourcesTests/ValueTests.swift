import Foundation
import Resources
import Testing

@Suite struct ValueTests {
    private static let instance = Address(service: "web", kind: KindName(.aws, "instance"))
    private static let token = Ephemeral("github.registration_token", service: "web")
    private static let address = Segment.reference(Reference(instance, "public_ipv4"))

    @Test(
        arguments: [
            .null, true, false, 0, -7, .integer(.max), .number(1.5), .number(-0.25), "",
            "ä \"quoted\"\n",
            "true", "12", [], [:], [1, "a", .null, [true], ["k": []]],
            ["a": ["b": ["c": .number(2.5)]], "ü": ""],
        ] as [Value])
    func survivesJSON(value: Value) throws {
        let data = try JSONEncoder().encode(["v": value])
        #expect(try JSONDecoder().decode([String: Value].self, from: data) == ["v": value])
    }

    @Test(
        arguments: [
            .secret(Secret("hunter2")), ["deep": [.secret(Secret("hunter2"))]],
            .reference(instance, "id"), [.template([.ephemeral(token)])],
        ] as [Value])
    func neverWritesASecretOrAnUnknown(value: Value) {
        #expect(throws: EncodingError.self) { try JSONEncoder().encode(value) }
    }

    @Test func aSecretShowsNowhere() {
        let secret = Secret("hunter2")
        let value: Value = ["a": [.secret(secret)]]
        var dumped = ""
        dump(value, to: &dumped)
        let shown = [
            "\(secret)", String(reflecting: secret), "\(value)", String(reflecting: value),
            value.plainText, dumped, "\(Mirror(reflecting: secret).children.map(\.value))",
            "\(EncodingError.invalidValue(value, .init(codingPath: [], debugDescription: "")))",
        ]
        #expect(shown.filter { $0.contains("hunter2") } == [])
        #expect("\(secret)" == "(secret)")
    }

    struct Resolution: Sendable {
        let value: Value
        let known: [Segment: Value]
        let expected: Value
    }

    @Test(arguments: [
        // A single reference keeps the type of what it refers to.
        Resolution(
            value: .template([address]), known: [address: ["10.0.0.1"]], expected: ["10.0.0.1"]),
        Resolution(
            value: .template([.text("http://"), address, .text(":80")]),
            known: [address: "10.0.0.1"], expected: "http://10.0.0.1:80"),
        // What is not known stays.
        Resolution(
            value: .template([address, .text("-"), .ephemeral(token)]), known: [address: 7],
            expected: .template([.text("7"), .text("-"), .ephemeral(token)])),
        // A secret hides the whole text, and waits until all of it is known.
        Resolution(
            value: .template([.text("t="), .ephemeral(token)]),
            known: [.ephemeral(token): .secret(Secret("abc"))], expected: .secret(Secret("t=abc"))),
        Resolution(
            value: .template([address, .ephemeral(token)]),
            known: [.ephemeral(token): .secret(Secret("abc"))],
            expected: .template([address, .ephemeral(token)])),
        Resolution(
            value: ["a": [.template([address]), 1]], known: [address: "x"],
            expected: ["a": ["x", 1]]),
    ])
    func resolves(_ example: Resolution) {
        #expect(example.value.resolving { example.known[$0] } == example.expected)
    }

    @Test func findsWhatItWaitsFor() {
        let value: Value = ["a": [.template([Self.address, .ephemeral(Self.token)])], "b": 1]
        #expect(value.references == [Reference(Self.instance, "public_ipv4")])
        #expect(value.ephemerals == [Self.token])
        #expect(!value.isKnown)
        #expect(value.resolving { _ in "x" }.isKnown)
    }

    @Test(
        arguments: [
            (.integer(4), 4), (.number(4), 4), (.number(4.5), nil), ("4", 4), ("4 GB", nil),
            (true, nil), (.null, nil),
        ] as [(Value, Int?)])
    func readsIntegersInEveryForm(value: Value, expected: Int?) {
        #expect(value.integer == expected)
    }

    @Test(
        arguments: [
            (.null, ""), (true, "true"), (2, "2"), (.number(2.5), "2.5"), ("a", "a"),
            (["b", "a"], "b,a"), (["size": 20, "cache": "none"], "cache=none,size=20"),
            (
                .template([.text("ip="), address, .ephemeral(token)]),
                "ip=${web/aws.instance.public_ipv4}(secret)"
            ),
        ] as [(Value, String)])
    func printsPlainly(value: Value, expected: String) {
        #expect(value.plainText == expected)
    }
}
