import Services
import Testing

@testable import ServiceFiles

/// What is not edited in place, and what is said instead.
@Suite struct SpecEditingRefusalTests {
    private static let refused:
        [(text: String, change: @Sendable (inout ServiceSpec) -> Void, problem: String)] = [
            (
                "target: aws\nsize: &s small\n", { $0.size = .named(.large) },
                "2:1: error: \"size\" is not edited in place: an anchor or an alias has its value"
            ),
            (
                "target: aws\ndata: &d {size: 5GiB}\n", { $0.data?.gibibytes = 6 },
                "2:1: error: \"data.size\" is not edited in place: an anchor or an alias has its"
                    + " value"
            ),
            (
                "target: aws\nport: &p 80\npublic: { hostname: a.example.com, port: *p }\n",
                { $0.publicAccess?.port = 90 },
                "3:36: error: \"public.port\" is not edited in place: an anchor or an alias has its"
                    + " value"
            ),
            (
                "target: &t aws\n", { $0.protect = true },
                "1:1: error: \"protect\" is not edited in place: an anchor or an alias has its"
                    + " value"
            ),
            (
                "target: aws\nsecrets: [&e A]\nenvironment: &p production\nsize: !!str small\n",
                { $0.size = .named(.large) },
                "4:7: error: \"size\" is not edited in place: its value has a tag or is a block of"
                    + " text"
            ),
            (
                "target: aws\ndata: {size: >-\n    5GiB\n  }\n",
                { $0.data?.gibibytes = 6 },
                "2:14: error: not YAML"
            ),
            (
                "target: aws\nenvironment: |-\n  production\n", { $0.environment = "staging" },
                "2:14: error: \"environment\" is not edited in place: its value has a tag or is a"
                    + " block of text"
            ),
            (
                "target: aws\nsize: # S\n  cpu: 1 # C\n  memory: 2GiB\n  disk: 20GiB\n",
                { $0.size = .named(.small) },
                "3:3: error: \"size\" is not edited in place: there is a comment inside its value"
            ),
            (
                "target: aws\ningress:\n- {port: 22, from: [10.0.0.0/8]} # ssh\n"
                    + "- {port: 80, from: [10.0.0.0/8]}\n",
                { $0.ingress.removeFirst() },
                "3:3: error: \"ingress\" is not edited in place: a comment would go with what is"
                    + " taken out"
            ),
            (
                "target: aws\n", { $0.environment = "web" },
                "1:1: error: a service cannot be called web: that is an environment, and runner"
                    + " labels would not tell them apart"
            ),
            (
                "target: aws\n", { $0.kind = .worker },
                "1:1: error: the edited file would not say just what is real"
            ),
        ]

    @Test(arguments: refused.indices)
    func whatCannotBeEditedIsRefused(index: Int) throws {
        let (text, change, problem) = Self.refused[index]
        do {
            _ = try SpecEditingTests.edited(text, change)
            Issue.record("it was edited")
        } catch let error as UneditableSpec {
            #expect(error.description == "services/web/service.yaml:\(problem)")
        } catch let error as InvalidRepository {
            #expect(error.description.contains(problem))
        }
    }

    @Test func whatToWriteByHandIsSaid() throws {
        let error = #expect(throws: UneditableSpec.self) {
            try SpecEditingTests.edited("target: aws\nsize: &s small\n") { spec in
                spec.size = SpecEditingTests.shape(2, 2048, 20)
                spec.protect = true
            }
        }
        #expect(
            error?.remedy == "Write it by hand: size: {cpu: 2, memory: 2GiB, disk: 20GiB};"
                + " protect: true. Then run `launch converge`.")
    }
}
