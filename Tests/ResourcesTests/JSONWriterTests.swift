import Foundation
import Resources
import Simulation
import Testing

/// The text must stay what Foundation's encoder makes of a value: digests and earlier states
/// were made with that.
@Suite struct JSONWriterTests {
    private func foundation(_ value: Value, pretty: Bool) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func written(_ value: Value, pretty: Bool) throws -> String {
        String(decoding: try value.jsonBytes(pretty: pretty), as: UTF8.self)
    }

    private static let controls = String(
        String.UnicodeScalarView((0..<0x100).compactMap(Unicode.Scalar.init)))

    @Test(
        arguments: [
            .null, true, false, 0, -7, .integer(.max), .integer(.min), .number(0.1),
            .number(1e300), .number(-1e-300), .number(1e16), .number(123_456_789.125),
            .number(-0.0), .number(0.0), .number(3.0), .number(.leastNonzeroMagnitude),
            .number(.greatestFiniteMagnitude), "", "a/b\\\"c", .string(controls),
            "ä\u{2028}\u{1F600}e\u{301}\u{FEFF}", [], [:], [[], [:], ["a": []]],
            ["b": 1, "a": 2, "B": 3, "a1": 4, "a10": 5, "a2": 6, "": 7, "ü": 8, "z\u{1}": 9],
        ] as [Value], [false, true])
    func writesAsFoundationDoes(value: Value, pretty: Bool) throws {
        #expect(try written(value, pretty: pretty) == foundation(value, pretty: pretty))
    }

    @Test func writesAnythingAsFoundationDoesAndReadsItBack() throws {
        for seed in 0..<300 {
            let value = Generator(seed: UInt64(seed)).value(depth: 4)
            let text = try written(value, pretty: false)
            #expect(try text == foundation(value, pretty: false))
            #expect(Value(json: Array(text.utf8)) == value)
            let pretty = try written(value, pretty: true)
            #expect(try pretty == foundation(value, pretty: true))
            #expect(Value(json: Array(pretty.utf8)) == value)
        }
    }

    @Test(
        arguments: [
            .secret(Secret("hunter2")), ["deep": [.secret(Secret("hunter2"))]],
            .template([.text("a")]), .number(.nan), [.number(.infinity)],
        ] as [Value])
    func refusesWhatNoDocumentMayHold(value: Value) {
        #expect(throws: EncodingError.self) { try value.jsonBytes() }
    }
}
