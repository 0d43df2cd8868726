import Foundation
import Resources
import Testing

@Suite struct JSONReaderTests {
    @Test(
        arguments: [
            (" null ", .null), ("true", true), ("false", false), ("0", 0), ("-7", -7),
            ("1.5", .number(1.5)),
            ("-0.25e+2", -25), ("1E3", 1000), ("2.0", 2), ("9223372036854775807", .integer(.max)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), (#""""#, ""),
            (#""ä \" \\ \/ \b\f\n\r\t""#, "ä \" \\ / \u{8}\u{c}\n\r\t"),
            (#""\u00e4\ud83d\ude00\u0000""#, "ä😀\0"), ("[]", []), ("{}", [:]),
            ("\t[ 1 ,\r\n[ ] , { \"a\" : { \"b\" : null } } ]", [1, [], ["a": ["b": .null]]]),
            (#"{"a":1,"a":2}"#, ["a": 2]),
        ] as [(String, Value)])
    func reads(json: String, expected: Value) {
        #expect(Value(json: Array(json.utf8)) == expected)
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "tru", "01", "-", "+1", ".5", "1.", "1e", "1e+", "NaN", "0x10",
        "1 2",
        "\"", "\"\\\"", "\"\n\"", #""\x""#, #""\u12""#, #""\u12g4""#, #""\ud83d""#, #""\ud83dx""#,
        #""\ude00""#, "[", "[1", "[1,", "[1,]", "[,]", "[1 2]", "]", "{", "{\"a\"}", "{\"a\":}",
        "{\"a\":1,}", "{a:1}", "{1:1}", "1e999", String(repeating: "[", count: 100_000),
    ])
    func refuses(json: String) {
        #expect(Value(json: Array(json.utf8)) == nil)
    }

    @Test func refusesTextThatIsNotUTF8() {
        #expect(Value(json: [0x22, 0xFF, 0x22]) == nil)
    }

    @Test(
        arguments: [
            ["a": [1, .number(0.1), true, .null, ["ü": "\u{1F600}\u{7}\"\\/"]]], .integer(.min),
            .number(1e-300), .number(123456789.125),
        ] as [Value])
    func agreesWithFoundation(value: Value) throws {
        let data = try JSONEncoder().encode(value)
        #expect(Value(json: Array(data)) == value)
        #expect(try JSONDecoder().decode(Value.self, from: data) == value)
    }
}
