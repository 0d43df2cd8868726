import Foundation
import HCL
import Resources
import Simulation
import Testing
import TestSupport

@Suite struct PrinterTests {
    @Test func theFormIsOneLine() {
        let value: Value = [
            "port": 22, "from": ["10.0.0.0/8", .null], "for": true, "a b": [:], "c": [],
            "text": "say \"${x}\" %{y} \\ \n\t\u{7}",
        ]
        #expect(
            value.hclText() == #"""
                { "a b" = {}, c = [], "for" = true, from = ["10.0.0.0/8", null], port = 22, text = "say \"$${x}\" %%{y} \\ \n\t\u0007" }
                """#)
    }

    @Test(arguments: 0..<8) func whatIsPrintedIsReadAsTheSame(seed: UInt64) {
        let random = SeededRandom(seed: seed)
        for _ in 0..<200 {
            let value = random.value(depth: 4)
            let locals = Locals("locals {\n  a = \(value.hclText())\n}\n")
            #expect(locals.values["a"] == value, "\(value.hclText())")
        }
    }

    @Test(
        .enabled(if: ExternalTool("terraform").isInstalled, "terraform is not installed"))
    func terraformTakesItForSound() throws {
        let random = SeededRandom(seed: 7)
        let text = (0..<200).map { "  a\($0) = \(random.value(depth: 4).hclText())\n" }.joined()
        try PackageFiles.withTemporaryFolder { folder in
            try "locals {\n\(text)}\n".write(
                toFile: "\(folder)/main.tf", atomically: true, encoding: .utf8)
            let terraform = ExternalTool("terraform")
            #expect(try terraform.complaint(["-chdir=\(folder)", "fmt", "-list=false"]) == nil)
        }
    }
}

extension SeededRandom {
    private static let words = [
        "", "a", "${", "%{", "$${b}", "$", "%", "\"", "\\", "\n", "\r\n", "\t", "é", "🚀", "\u{1B}",
        "\u{85}", "\u{2028}", "for", "null", "a b", "#", "//", "<<EOT", "~}", "{", "\u{0}",
    ]

    private func number(below limit: Int) -> Int { Int(next() % UInt64(limit)) }

    private func text() -> String {
        (0..<number(below: 5)).map { _ in Self.words[number(below: Self.words.count)] }.joined()
    }

    fileprivate func value(depth: Int) -> Value {
        switch number(below: depth > 0 ? 8 : 5) {
        case 0: return .null
        case 1: return .boolean(number(below: 2) == 0)
        case 2: return .integer(Int(bitPattern: UInt(next())))
        case 3: return .number(Double(number(below: 1_000_000)) / 8 + 0.0625)
        case 4: return .string(text())
        case 5: return .list((0..<number(below: 4)).map { _ in value(depth: depth - 1) })
        default:
            return .object(
                Dictionary(
                    (0..<number(below: 4)).map { _ in (text(), value(depth: depth - 1)) },
                    uniquingKeysWith: { first, _ in first }))
        }
    }
}
