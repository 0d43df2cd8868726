import Testing

@testable import ServiceFiles

/// One `service.yaml` and everything that is said of it, without the file's name.
struct BadService: Sendable, CustomTestStringConvertible {
    let text: String
    let problems: [String]

    init(_ text: String, _ problems: String...) {
        self.text = text
        self.problems = problems
    }

    var testDescription: String { text.replacing("\n", with: " ⏎ ") }

    static let keys =
        "allowed: target, size, public, port, secrets, kind, health, spot, guest, runner, data,"
        + " expose, ingress, environment, protect, was"

    static let all = [
        BadService("size: small", #"1:1: error: "target" is missing: it must be aws or proxmox"#),
        BadService(
            "target: was",
            #"1:9: error: "target" must be aws or proxmox, not "was"; did you mean aws?"#),
        BadService("target:", #"1:8: error: "target" must be aws or proxmox, not empty"#),
        BadService("target: [aws]", #"1:9: error: "target" must be aws or proxmox, not a list"#),
        BadService(
            "target: aws\nsise: small\ncolour: red",
            #"2:1: error: unknown key "sise"; did you mean "size"? \#(keys)"#,
            #"3:1: error: unknown key "colour"; \#(keys)"#),
        BadService(
            "target: aws\nsize: medum",
            #"2:7: error: "size" must be small, medium, large or xlarge, or {cpu, memory, disk}, not "medum"; did you mean medium?"#
        ),
        BadService(
            "target: aws\nsize:\n  cpu: 0\n  memory: 4GB\n  disk: 20",
            #"3:8: error: "size.cpu" must be a whole number from 1 to 512, not 0"#,
            #"4:11: error: "size.memory" must be a size from 512MiB to 24TiB, in MiB, GiB or TiB, not "4GB"; did you mean 4GiB?"#,
            #"5:9: error: "size.disk" must be a size from 8GiB to 64TiB, in GiB or TiB, not 20; did you mean 20GiB?"#
        ),
        BadService(
            "target: aws\nsize: {cpu: 2, memmory: 4GiB, disk: 20GiB}",
            #"2:7: error: "size.memory" is missing: it must be a size from 512MiB to 24TiB, in MiB, GiB or TiB"#,
            #"2:16: error: unknown key "size.memmory"; did you mean "memory"? allowed: cpu, memory, disk"#
        ),
        BadService(
            "target: aws\npublic: yes",
            #"2:9: error: "public" must be true or false, or {hostname, port, certificate}, not "yes"; did you mean true?"#
        ),
        BadService(
            "target: aws\npublic: true",
            #"2:9: error: a public service needs "port", the port that it listens on"#),
        BadService(
            "target: aws\nport: null\npublic: {port: ~}",
            #"3:9: error: a public service needs "port", the port that it listens on"#),
        BadService(
            "target: aws\nport: 80\npublic: {hostname: Chat_1}",
            #"3:20: error: "public.hostname" must be a DNS name in small letters such as chat.example.com, or *.example.com for all names there, not "Chat_1""#
        ),
        BadService(
            "target: aws\nport: 80\npublic: {hostname: a.b.example.com}",
            "3:20: error: a.b.example.com is more than one level below example.com: Cloudflare's"
                + " Universal SSL does not cover it; use a-b.example.com"),
        BadService(
            "target: aws\nport: 80\npublic: {hostname: \"*.a.example.com\"}",
            "3:20: error: *.a.example.com is more than one level below example.com: Cloudflare's"
                + " Universal SSL does not cover it; use *.example.com"),
        BadService(
            "target: aws\nport: 80\nexpose: direct\npublic: {certificate: own}",
            #"4:23: error: "public.certificate" must be origin or none, not "own""#),
        BadService(
            "target: aws\nport: 80\npublic: {certificate: none}",
            #"3:23: error: "certificate" is for expose: direct; a tunnel needs none at the origin"#),
        BadService(
            "target: aws\nport: 70000",
            #"2:7: error: "port" must be a whole number from 1 to 65535, not 70000"#),
        BadService(
            "target: aws\nport: \"80 80\"",
            #"2:7: error: "port" must be a whole number from 1 to 65535, not "80 80""#),
        BadService(
            "target: aws\nsecrets: [api_key, GITHUB_TOKEN, 5, OK]",
            #"2:11: error: this element of "secrets" must be a name of capital letters, digits and underscores that does not begin with a digit or GITHUB_, not "api_key""#,
            #"2:20: error: this element of "secrets" must be a name of capital letters, digits and underscores that does not begin with a digit or GITHUB_, not "GITHUB_TOKEN""#,
            #"2:34: error: this element of "secrets" must be a name of capital letters, digits and underscores that does not begin with a digit or GITHUB_, not 5"#
        ),
        BadService(
            "target: aws\nsecrets: KEY",
            #"2:10: error: "secrets" must be a list, each a name of capital letters, digits and underscores that does not begin with a digit or GITHUB_, not "KEY""#
        ),
        BadService(
            "target: aws\nsecrets: [A, B, A]",
            "2:10: error: the secret A is listed twice"),
        BadService(
            "target: aws\nhealth: healthz",
            #"2:9: error: "health" must be a path that begins with /, not "healthz""#),
        BadService(
            "target: proxmox\nspot: true",
            #"2:7: error: "spot" is for aws; this service's target is proxmox"#),
        BadService(
            "target: aws\nguest: lxc",
            #"2:8: error: "guest" is for proxmox; this service's target is aws"#),
        BadService(
            "target: aws\nrunner: epemeral",
            #"2:9: error: "runner" must be persistent or ephemeral, not "epemeral"; did you mean ephemeral?"#
        ),
        BadService(
            "target: aws\ndata: 20GiB",
            #"2:7: error: "data" must be {size}, not "20GiB""#),
        BadService(
            "target: aws\ndata: {size: 512MiB}",
            #"2:14: error: "data.size" must be a size from 1GiB to 64TiB, in GiB or TiB, not "512MiB""#
        ),
        BadService(
            "target: aws\ningress:\n  - port: 22\n    from: [10.0.0.1, 1.2.3.4/40]\n  - {from: []}",
            #"4:12: error: this element of "ingress.0.from" must be a network such as 10.0.0.0/8 or 2001:db8::/32, not "10.0.0.1"; did you mean 10.0.0.1/32?"#,
            #"4:22: error: this element of "ingress.0.from" must be a network such as 10.0.0.0/8 or 2001:db8::/32, not "1.2.3.4/40""#,
            #"5:5: error: "ingress.1.port" is missing: it must be a whole number from 1 to 65535"#,
            #"5:12: error: "ingress.1.from" must be a list that is not empty, each a network such as 10.0.0.0/8 or 2001:db8::/32, not an empty list"#
        ),
        BadService(
            "target: aws\nenvironment: true",
            #"2:14: error: "environment" must be a name of small letters, digits and hyphens, at most 31 long, that begins with a letter, not true; write "true" with its quotes"#
        ),
        BadService(
            "target: aws\nenvironment: arm64",
            "2:1: error: an environment cannot be called arm64: other runners have that label"),
        BadService(
            "target: aws\nwas: web",
            #"2:1: error: "was" must be a name that is no longer in use; there is a service web"#),
        BadService(
            "target: aws\nprotect: 1",
            #"2:10: error: "protect" must be true or false, not 1; did you mean true?"#),
        BadService("- target: aws", "1:1: error: the file must be a mapping of keys to values"),
        BadService("aws", "1:1: error: the file must be a mapping of keys to values"),
        BadService("", "1:1: error: the file is empty"),
        BadService("# nothing yet\n", "1:1: error: the file is empty"),
        BadService(
            "target: aws\n? [a, b]\n: c",
            "2:3: error: a key must be one word; \(keys)"),
        BadService(
            "target: aws\n<<: {size: small}",
            #"2:1: error: unknown key "<<"; \#(keys)"#),
        BadService(
            "target: aws\nsize: small\ntarget: proxmox",
            #"3:1: error: the key "target" stands here a second time"#),
        BadService(
            "target: aws\nsize:\n\tcpu: 2", "3:1: error: YAML is indented with spaces, not tabs"),
        BadService(
            "target: aws\nsize: {cpu: 2",
            "3:1: error: not YAML: did not find expected ',' or '}' while parsing a flow mapping"),
        BadService(
            "target: *nobody",
            "1:9: error: not YAML: found undefined alias"),
        BadService(
            "target: aws\n---\ntarget: aws",
            "2:1: error: not YAML: but found another document expected a single document in the stream"
        ),
    ]
}

@Suite struct BadServiceTests {
    @Test(arguments: BadService.all) func sayWhatIsWrongAndWhatIsAllowed(_ example: BadService) {
        #expect(
            InMemoryFiles.service(example.text).problems()
                == example.problems.map { "services/web/service.yaml:\($0)" })
    }

    @Test func aPublicServiceNeedsAName() {
        let files = InMemoryFiles.service(
            "target: aws\npublic: true\nport: 80", project: "project: sample")
        #expect(
            files.problems() == [
                "services/web/service.yaml:2:9: error: a public service needs a name: set"
                    + " \"domain\" in launch.yaml, or \"public.hostname\" here"
            ])
    }

    @Test func twoServicesCannotShareAHostnameOrAFormerName() {
        let files = InMemoryFiles(texts: [
            "launch.yaml": InMemoryFiles.sampleProject,
            "services/api/compose.yaml": InMemoryFiles.compose,
            "services/api/service.yaml": "target: aws\nport: 1\npublic: true\nwas: old",
            "services/web/compose.yaml": InMemoryFiles.compose,
            "services/web/service.yaml":
                "target: aws\nport: 1\nwas: old\npublic:\n  hostname: api.example.com",
        ])
        #expect(
            files.problems() == [
                "services/web/service.yaml:3:1: error: api was old too"
                    + " (services/api/service.yaml); only one service can be",
                "services/web/service.yaml:5:3: error: api.example.com is already the hostname of"
                    + " api (services/api/service.yaml)",
            ])
    }

    /// The names of a domain may have one owner beside those of single names, and is asked for by
    /// a name that nobody else has.
    @Test func allNamesOfADomainLeaveOthersTheirOwn() {
        let named = { (hostname: String) in
            "target: aws\nport: 1\npublic: {hostname: \"\(hostname)\"}"
        }
        let files = InMemoryFiles(texts: [
            "launch.yaml": InMemoryFiles.sampleProject,
            "services/all/compose.yaml": InMemoryFiles.compose,
            "services/all/service.yaml": named("*.example.com"),
            "services/apex/compose.yaml": InMemoryFiles.compose,
            "services/apex/service.yaml": named("example.com"),
            "services/other/compose.yaml": InMemoryFiles.compose,
            "services/other/service.yaml": named("all.example.com"),
            "services/web/compose.yaml": InMemoryFiles.compose,
            "services/web/service.yaml": named("web.example.com"),
        ])
        #expect(
            files.problems() == [
                "services/other/service.yaml:3:10: error: all.example.com is already the hostname"
                    + " of all (services/all/service.yaml)"
            ])
    }

    @Test func everyErrorOfEveryFileIsReportedInOrder() {
        let files = InMemoryFiles(texts: [
            "launch.yaml": "projekt: sample\n",
            "services/api/compose.yaml": InMemoryFiles.compose,
            "services/api/service.yaml": "target: aws\nport: x\nkind: job",
            "services/web/compose.yaml": "services: []",
            "services/web/service.yaml": "target: [\n",
        ])
        #expect(
            files.problems() == [
                #"launch.yaml:1:1: error: "project" is missing: it must be a name of small letters, digits and hyphens, at most 32 long, that begins with a letter"#,
                #"launch.yaml:1:1: error: unknown key "projekt"; did you mean "project"? allowed: project, environment, domain, repository, state, targets, limits, budget, drift, moves, workflows"#,
                #"services/api/service.yaml:2:7: error: "port" must be a whole number from 1 to 65535, not "x""#,
                #"services/api/service.yaml:3:7: error: "kind" must be web, mcp or worker, not "job""#,
                #"services/web/compose.yaml:1:11: error: "services" must be a mapping with at least one service, not an empty list"#,
                "services/web/service.yaml:2:1: error: not YAML: did not find expected node content"
                    + " while parsing a flow node",
            ])
    }
}
