import Foundation
import HCL
import Resources
import Testing
import TestSupport

/// What other programs make of the same files.
@Suite struct OtherParsersTests {
    private static let terraform = ExternalTool("terraform")
    private static let python = ExternalTool("python3")

    /// `terraform console` evaluates without a provider, and so without the network.
    @Test(
        .enabled(if: terraform.isInstalled, "terraform is not installed"),
        arguments: Fixture.valid)
    func terraformFindsTheSameValues(_ fixture: Fixture) throws {
        let values = Locals(try fixture.text()).values
        let names = values.keys.sorted()
        let members = names.map { "\($0) = local.\($0)" }.joined(separator: ", ")
        try PackageFiles.withTemporaryFolder { folder in
            try Data(fixture.text().utf8).write(to: URL(filePath: "\(folder)/main.tf"))
            let script =
                "echo 'jsonencode({ \(members) })' | \"$0\" -chdir=\"$1\" console -no-color"
            let printed = try ExternalTool("bash").run(
                ["-c", script, try #require(Self.terraform.path), folder], takingErrors: false)
            #expect(printed.status == 0, "\(printed.text)")
            let text = try JSONDecoder().decode(
                String.self, from: Data(printed.text.trimmingCharacters(in: .newlines).utf8))
            #expect(
                try JSONDecoder().decode(Value.self, from: Data(text.utf8)) == .object(values))
        }
    }

    private static var hasHCL2: Bool {
        (try? python.run(["-c", "import hcl2"]).status) == 0
    }

    /// python-hcl2 evaluates nothing, keeps templates as they are written, and knows no comment
    /// between a key and its value; what is left must be equal.
    @Test(.enabled(if: hasHCL2, "no python3 with hcl2: run `make setup`"))
    func pythonReadsTheSameLiterals() throws {
        var compared = 0
        for fixture in Fixture.valid where fixture.testDescription != "comments.hcl" {
            let values = Locals(try fixture.text()).values
            for (name, other) in try readByPython(try fixture.text()) where other.isLiteral {
                #expect(values[name] == other, "\(name) in \(fixture.testDescription)")
                compared += 1
            }
        }
        #expect(compared > 30)
    }

    private func readByPython(_ text: String) throws -> [String: Value] {
        try PackageFiles.withTemporaryFolder { folder in
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/main.tf"))
            let printed = try Self.python.run(
                ["-c", Self.script, "\(folder)/main.tf"], takingErrors: false)
            let blocks = try JSONDecoder().decode(Value.self, from: Data(printed.text.utf8))
            return (blocks["locals"]?.list ?? []).reduce(into: [:]) {
                $0.merge($1.object ?? [:]) { first, _ in first }
            }
        }
    }

    private static let script = """
        import json, sys, hcl2
        from hcl2.utils import SerializationOptions
        options = SerializationOptions(
            strip_string_quotes=True, with_comments=False, explicit_blocks=False,
            preserve_scientific_notation=False)
        with open(sys.argv[1], newline="", encoding="utf-8") as file:
            print(json.dumps(hcl2.loads(file.read(), serialization_options=options)))
        """
}

extension Value {
    /// False for what python-hcl2 leaves to others to evaluate.
    fileprivate var isLiteral: Bool {
        switch self {
        case .string(let text): !["${", "%{", "<<"].contains { text.contains($0) }
        case .list(let values): values.allSatisfy(\.isLiteral)
        case .object(let members):
            members.allSatisfy { Value.string($0.key).isLiteral && $0.value.isLiteral }
        default: true
        }
    }
}
