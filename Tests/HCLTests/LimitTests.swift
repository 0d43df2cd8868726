import HCL
import Resources
import Testing

/// A small file cannot take up the stack, nor all memory.
@Suite struct LimitTests {
    private static let many = 5000

    @Test(arguments: [
        ("[", "]"), ("{ a = ", "}"), ("(", ")"), ("\"${", "}\""), ("f(", ")"), ("-", ""),
        ("local.a[", "]"), ("<<A\n${", "}\nA\n"), ("%{", "}"), ("\"%{ f(", ")}\""), ("[for ", "]"),
        ("!", ""), ("<<A\n%{", "}\nA\n"),
    ])
    func nestingIsLimited(open: String, close: String) {
        for text in [
            "a = " + String(repeating: open, count: Self.many),
            "a = " + String(repeating: open, count: Self.many) + "1"
                + String(repeating: close, count: Self.many) + "\n",
        ] {
            #expect(HCLFile(text, name: "main.tf").body.attributes.map(\.name) == ["a"])
        }
    }

    @Test func blocksInBlocksAreLimited() {
        let text = String(repeating: "a {\n", count: Self.many)
        #expect(
            HCLFile(text, name: "main.tf").problems.map(\.message) == [
                "brackets and blocks are more than 100 deep here"
            ])
    }

    @Test func aHundredBracketsAreRead() {
        let text =
            "locals {\na = " + String(repeating: "[", count: 90)
            + String(repeating: "]", count: 90) + "\n}\n"
        #expect(Locals(text).report == "")
    }

    @Test func chainsAreLimited() {
        var text = "locals {\n  a0 = 1\n"
        for level in 1...Self.many { text += "  a\(level) = local.a\(level - 1)\n" }
        let file = HCLFile(text + "}\nlast = local.a\(Self.many)\n", name: "main.tf")
        var evaluator = HCLEvaluator(HCLScope([file]))
        for attribute in file.body.attributes {
            #expect(evaluator.node(of: attribute.value, in: file.name).value == nil)
        }
        #expect(
            evaluator.problems.map(\.message) == [
                "more than 100 references lead to each other here"
            ])
    }

    @Test(arguments: ["[x, x, x, x, x, x, x, x, x]", "\"xxxxxxxxx\"", "{ a = x, b = x, c = x }"])
    func bombsOfReferencesAreHarmless(form: String) {
        var text = "locals {\n  a0 = \"x\"\n"
        for level in 1...60 {
            let reference = form.hasPrefix("\"") ? "${local.a\(level - 1)}" : "local.a\(level - 1)"
            text += "  a\(level) = \(form.replacing("x", with: reference))\n"
        }
        #expect(
            Locals(text + "}\n").problems.map(\.message) == [
                "with what is referred to, the values are too large to be read"
            ])
    }
}
