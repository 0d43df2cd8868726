import Foundation
import HCL
import Resources
import Services
import Testing

@Suite struct CorpusTests {
    @Test(arguments: Fixture.valid) func whatIsSoundHasItsValue(_ fixture: Fixture) throws {
        let locals = Locals(try fixture.text())
        #expect(Value.object(locals.values) == (try fixture.value()))
    }

    @Test(arguments: Fixture.invalid) func everythingThatIsWrongIsSaid(_ fixture: Fixture) throws {
        let expected = String(decoding: try fixture.companion("txt"), as: UTF8.self)
        #expect(Locals(try fixture.text()).report == expected)
    }

    @Test func aValueKnowsTheDefinitionItComesFrom() throws {
        let shared = HCLFile("locals {\n  size = upper(\"small\")\n}\n", name: "locals.tf")
        let user = HCLFile("a = [local.size, local.size]\nb = local.size\n", name: "main.tf")
        var evaluator = HCLEvaluator(HCLScope([shared, user]))
        for attribute in user.body.attributes {
            _ = evaluator.node(of: attribute.value, in: user.name)
        }
        #expect(
            evaluator.problems == [
                HCLProblem(
                    file: "locals.tf", place: Place(line: 2, column: 10),
                    message: "the function call upper(…) is not evaluated; write its result")
            ])
    }

    @Test func aReferredValueStandsWhereItIsReferredTo() {
        let file = HCLFile("locals {\n  a = { b = [true] }\n}\nc = local.a\n", name: "main.tf")
        var evaluator = HCLEvaluator(HCLScope([file]))
        let place = Place(line: 4, column: 5)
        #expect(
            file.body.attributes.map { evaluator.node(of: $0.value, in: "main.tf") } == [
                HCLNode(
                    .object([
                        HCLEntry(
                            "b", place,
                            HCLNode(.list([HCLNode(.boolean(true), place)]), place))
                    ]), place)
            ])
    }

    @Test func commentsBelongToWhatTheyStandAboveOrBeside() {
        let file = HCLFile(
            """
            # Head
            // of it

            a = 1 # beside
            /* over
             * lines */
            b {
              c = 2
              # end
            }
            # foot
            """, name: "main.tf")
        #expect(file.problems.isEmpty)
        #expect(file.body.attributes.map(\.comments) == [["Head", "of it"]])
        #expect(file.body.attributes.map(\.remark) == ["beside"])
        #expect(file.body.blocks.map(\.comments) == [["over", "lines"]])
        #expect(file.body.blocks.map(\.body.closingComments) == [["end"]])
        #expect(file.body.closingComments == ["foot"])
    }
}
