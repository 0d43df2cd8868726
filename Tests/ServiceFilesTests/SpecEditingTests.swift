import Foundation
import Services
import Testing

@testable import ServiceFiles

/// Specs are edited in place: whole files before and after.
@Suite struct SpecEditingTests {
    struct Layout: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let before: String
        let after: String
        let edits: [String]
        let change: @Sendable (inout ServiceSpec) -> Void

        init(
            _ name: String, _ before: String, _ after: String, _ edits: String...,
            change: @escaping @Sendable (inout ServiceSpec) -> Void
        ) {
            testDescription = name
            self.before = before
            self.after = after
            self.edits = edits.map { "services/web/service.yaml:\($0)" }
            self.change = change
        }
    }

    static func edited(
        _ text: String, _ change: (inout ServiceSpec) -> Void
    ) throws -> EditedSpec {
        let files = InMemoryFiles.service(text)
        let repository = try RepositoryReader(files: files, environment: [:]).read()
        var spec = repository.services[0]
        change(&spec)
        let editor = RepositoryEditor(files: files, environment: [:])
        return try #require(try editor.edited(repository, to: [spec]).first)
    }

    @Test(arguments: layouts) func onlyTheValueIsOther(layout: Layout) throws {
        let edited = try Self.edited(layout.before, layout.change)
        #expect(String(decoding: edited.content, as: UTF8.self) == layout.after)
        #expect(edited.edits == layout.edits)
    }

    static func shape(_ cpu: Int, _ memory: Int, _ disk: Int) -> Size {
        .custom(MachineShape(cpu: cpu, memoryMebibytes: memory, diskGibibytes: disk))
    }

    static let layouts = scalars + left + sizes + lists

    private static let scalars = [
        Layout(
            "a plain value with a comment behind",
            "# Web\ntarget: aws\n\nsize:  small   # for now\nport: 80\n",
            "# Web\ntarget: aws\n\nsize:  large   # for now\nport: 80\n",
            "4: size: small → large"
        ) { $0.size = .named(.large) },
        Layout(
            "double quotes", "target: aws\nenvironment: \"production\"\n",
            "target: aws\nenvironment: \"staging\"\n",
            "2: environment: \"production\" → staging"
        ) { $0.environment = "staging" },
        Layout(
            "single quotes", "target: aws\nenvironment: 'production' # it's\n",
            "target: aws\nenvironment: 'staging' # it's\n",
            "2: environment: 'production' → staging"
        ) { $0.environment = "staging" },
        Layout(
            "a text that needs quotes", "target: aws\nenvironment: a\n",
            "target: aws\nenvironment: \"null\"\n", "2: environment: a → \"null\""
        ) { $0.environment = "null" },
        Layout(
            "lines that end as on Windows", "target: aws\r\nprotect: false\r\n# end\r\n",
            "target: aws\r\nprotect: true\r\n# end\r\n", "2: protect: false → true"
        ) { $0.protect = true },
        Layout(
            "a byte order mark and letters of several bytes",
            "\u{FEFF}# Größe 🙂\ntarget: aws\nsize: small # für jetzt\n",
            "\u{FEFF}# Größe 🙂\ntarget: aws\nsize: medium # für jetzt\n",
            "3: size: small → medium"
        ) { $0.size = .named(.medium) },
        Layout(
            "one line in brackets", "{target: aws, size: small, spot: false}",
            "{target: aws, size: large, spot: true}", "1: size: small → large",
            "1: spot: false → true"
        ) {
            $0.size = .named(.large)
            $0.spot = true
        },
        Layout(
            "nothing behind the key", "target: aws\nenvironment:\nport: 80\n",
            "target: aws\nenvironment: staging\nport: 80\n",
            "2: environment: (left out) → staging"
        ) { $0.environment = "staging" },
    ]

    /// Keys that were left to their defaults.
    private static let left = [
        Layout(
            "between its neighbours", "target: aws # here\n\n# The door\nport: 80\n",
            "target: aws # here\nsize: large\n\n# The door\nport: 80\n",
            "2: size: (left out) → large"
        ) { $0.size = .named(.large) },
        Layout(
            "at the end, without a last line's end", "target: aws\nport: 80",
            "target: aws\nport: 80\nprotect: true", "3: protect: (left out) → true"
        ) { $0.protect = true },
        Layout(
            "behind a block", "target: aws\ndata:\n  size: 5GiB  # much\n\n# end\n",
            "target: aws\ndata:\n  size: 5GiB  # much\nprotect: true\n\n# end\n",
            "4: protect: (left out) → true"
        ) { $0.protect = true },
        Layout(
            "on Windows", "target: aws\r\nport: 80\r\n",
            "target: aws\r\nsize: large\r\nport: 80\r\n", "2: size: (left out) → large"
        ) { $0.size = .named(.large) },
        Layout(
            "in brackets", "{ target: aws, port: 80 }\n",
            "{ target: aws, size: large, port: 80 }\n", "1: size: (left out) → large"
        ) { $0.size = .named(.large) },
        Layout(
            "in a nested block",
            "target: aws\npublic:\n    hostname: a.example.com # A\nport: 80\n",
            "target: aws\npublic:\n    hostname: a.example.com # A\n    port: 90\nport: 80\n",
            "4: public.port: (left out) → 90"
        ) { $0.publicAccess?.port = 90 },
        Layout(
            "in nested brackets",
            "target: aws\npublic: {hostname: a.example.com} # A\nport: 80\n",
            "target: aws\npublic: {hostname: a.example.com, port: 90} # A\nport: 80\n",
            "2: public.port: (left out) → 90"
        ) { $0.publicAccess?.port = 90 },
        Layout(
            "in empty brackets", "target: aws\npublic: {}\nport: 80\n",
            "target: aws\npublic: {port: 90}\nport: 80\n", "2: public.port: (left out) → 90"
        ) { $0.publicAccess?.port = 90 },
        Layout(
            "a list", "target: aws\nenvironment: a\n",
            "target: aws\ningress: [{port: 53, from: [\"::/0\"], protocol: udp}]\nenvironment: a\n",
            "2: ingress: (left out) → [{port: 53, from: [\"::/0\"], protocol: udp}]"
        ) { $0.ingress = [IngressRule(port: 53, sources: ["::/0"], transport: .udp)] },
    ]

    private static let sizes = [
        Layout(
            "a name gives way to numbers", "target: aws\nsize: small # S\n",
            "target: aws\nsize: {cpu: 2, memory: 512MiB, disk: 20GiB} # S\n",
            "2: size: small → {cpu: 2, memory: 512MiB, disk: 20GiB}"
        ) { $0.size = shape(2, 512, 20) },
        Layout(
            "numbers in a block",
            "target: aws\nsize:\n  disk: 20GiB # D\n  # M\n  memory: \"2GiB\"\n  cpu: 1\n",
            "target: aws\nsize:\n  disk: 30GiB # D\n  # M\n  memory: \"4GiB\"\n  cpu: 1\n",
            "5: size.memory: \"2GiB\" → 4GiB", "3: size.disk: 20GiB → 30GiB"
        ) { $0.size = shape(1, 4096, 30) },
        Layout(
            "numbers in brackets", "target: aws\nsize: { cpu: 1, memory: 2GiB, disk: 20GiB }\n",
            "target: aws\nsize: { cpu: 7, memory: 2GiB, disk: 20GiB }\n", "2: size.cpu: 1 → 7"
        ) { $0.size = shape(7, 2048, 20) },
        Layout(
            "a volume", "target: aws\ndata: { size: 5GiB } # keep\n",
            "target: aws\ndata: { size: 30GiB } # keep\n", "2: data.size: 5GiB → 30GiB"
        ) { $0.data = DataVolume(gibibytes: 30) },
    ]

    private static let ssh = IngressRule(port: 22, sources: ["10.0.0.0/8"])
    private static let web = IngressRule(port: 80, sources: ["10.0.0.0/8", "10.1.0.0/16"])

    private static let lists = [
        Layout(
            "one more in a block",
            "target: aws\ningress:\n  # Ours\n  - port: 22\n    from: [10.0.0.0/8] # net\n# end\n",
            "target: aws\ningress:\n  # Ours\n  - port: 22\n    from: [10.0.0.0/8] # net\n"
                + "  - {port: 80, from: [10.0.0.0/8, 10.1.0.0/16]}\n# end\n",
            "6: ingress: added {port: 80, from: [10.0.0.0/8, 10.1.0.0/16]}"
        ) { $0.ingress = [ssh, web] },
        Layout(
            "one more in a block at the margin",
            "target: aws\ningress:\n- {port: 22, from: [10.0.0.0/8]}",
            "target: aws\ningress:\n- {port: 22, from: [10.0.0.0/8]}\n"
                + "- {port: 80, from: [10.0.0.0/8, 10.1.0.0/16]}",
            "4: ingress: added {port: 80, from: [10.0.0.0/8, 10.1.0.0/16]}"
        ) { $0.ingress = [ssh, web] },
        Layout(
            "one more in brackets",
            "target: aws\ningress: [ {port: 22, from: [10.0.0.0/8]} ] # I\n",
            "target: aws\ningress: [ {port: 22, from: [10.0.0.0/8]}, {port: 80, from: [10.0.0.0/8,"
                + " 10.1.0.0/16]} ] # I\n",
            "2: ingress: added {port: 80, from: [10.0.0.0/8, 10.1.0.0/16]}"
        ) { $0.ingress = [ssh, web] },
        Layout(
            "the first in empty brackets", "target: aws\ningress: [] # none\n",
            "target: aws\ningress: [{port: 22, from: [10.0.0.0/8]}] # none\n",
            "2: ingress: added {port: 22, from: [10.0.0.0/8]}"
        ) { $0.ingress = [ssh] },
        Layout(
            "one less in a block",
            "target: aws\ningress:\n  - port: 22\n    from:\n      - 10.0.0.0/8\n  # Web\n"
                + "  - {port: 80, from: [10.0.0.0/8, 10.1.0.0/16]}\n",
            "target: aws\ningress:\n  # Web\n  - {port: 80, from: [10.0.0.0/8, 10.1.0.0/16]}\n",
            "2: ingress: removed {port: 22, from: [10.0.0.0/8]}"
        ) { $0.ingress = [web] },
        Layout(
            "the last one less in a block",
            "target: aws\ningress:\n  - {port: 22, from: [10.0.0.0/8]}\n"
                + "  - {port: 80, from: [10.0.0.0/8, 10.1.0.0/16]}",
            "target: aws\ningress:\n  - {port: 22, from: [10.0.0.0/8]}",
            "2: ingress: removed {port: 80, from: [10.0.0.0/8, 10.1.0.0/16]}"
        ) { $0.ingress = [ssh] },
        Layout(
            "none left in a block",
            "target: aws\ningress:\n  - {port: 22, from: [10.0.0.0/8]} # ssh\nprotect: true\n",
            "target: aws\ningress: [] # ssh\nprotect: true\n",
            "2: ingress: removed {port: 22, from: [10.0.0.0/8]}"
        ) { $0.ingress = [] },
        Layout(
            "less and more in brackets",
            "target: aws\ningress: [{port: 80, from: [10.0.0.0/8, 10.1.0.0/16]}]\n",
            "target: aws\ningress: [{port: 80, from: [10.1.0.0/16, 10.2.0.0/16]}]\n",
            "2: ingress.0.from: added 10.2.0.0/16", "2: ingress.0.from: removed 10.0.0.0/8"
        ) { $0.ingress[0].sources = ["10.1.0.0/16", "10.2.0.0/16"] },
        Layout(
            "less and more in a block",
            "target: aws\ningress:\n- port: 80\n  from:\n  - 10.0.0.0/8 \n  - \"10.1.0.0/16\" # 1\n",
            "target: aws\ningress:\n- port: 80\n  from:\n  - \"10.1.0.0/16\" # 1\n  - 10.2.0.0/16\n",
            "7: ingress.0.from: added 10.2.0.0/16", "4: ingress.0.from: removed 10.0.0.0/8"
        ) { $0.ingress[0].sources = ["10.1.0.0/16", "10.2.0.0/16"] },
    ]

    // MARK: - Writing

    @Test func aFileKeepsItsModeAndALinkItsTarget() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "launch-\(UUID().uuidString)")
        let service = folder.appending(path: "services/web")
        try FileManager.default.createDirectory(at: service, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let real = folder.appending(path: "real.yaml")
        let link = service.appending(path: "service.yaml")
        try Data("target: aws\n".utf8).write(to: real)
        try Data(InMemoryFiles.compose.utf8).write(to: service.appending(path: "compose.yaml"))
        try Data(InMemoryFiles.sampleProject.utf8).write(to: folder.appending(path: "launch.yaml"))
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: real.path)
        try FileManager.default.createSymbolicLink(
            atPath: link.path, withDestinationPath: "../../real.yaml")
        let repository = try RepositoryReader(root: folder.path, environment: [:]).read()
        var spec = repository.services[0]
        spec.protect = true
        let editor = RepositoryEditor(root: folder.path, environment: [:])
        let edited = try #require(try editor.edited(repository, to: [spec]).first)
        try editor.write(edited)
        #expect(try String(contentsOf: real, encoding: .utf8) == "target: aws\nprotect: true\n")
        let mode = try FileManager.default.attributesOfItem(atPath: real.path)[.posixPermissions]
        #expect(mode as? Int == 0o640)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["launch.yaml", "real.yaml", "services"])
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: link.path)
                == "../../real.yaml")
        try FileManager.default.removeItem(at: real)
        #expect(throws: UneditableSpec.self) { try editor.write(edited) }
    }
}

extension InMemoryFiles: EditableFiles {
    func replace(_ path: String, with content: [UInt8]) throws(FileProblem) {
        throw .other("nothing is written here")
    }
}
