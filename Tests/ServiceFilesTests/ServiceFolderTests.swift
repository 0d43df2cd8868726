import Foundation
import Testing
import TestSupport

@testable import ServiceFiles

@Suite struct ServiceFolderTests {
    private static let missing = "the file is missing; `launch new` shows what belongs into it"

    @Test(arguments: [
        (["services/web/notes.md"], ["compose.yaml", "service.yaml"]),
        (["services/web/service.yaml"], ["compose.yaml"]),
        (["services/web/compose.yaml"], ["service.yaml"]),
    ])
    func bothFilesMustBeThere(present: [String], absent: [String]) {
        var texts = ["launch.yaml": InMemoryFiles.sampleProject]
        for path in present {
            texts[path] = path.hasSuffix("compose.yaml") ? InMemoryFiles.compose : "target: aws"
        }
        #expect(
            InMemoryFiles(texts: texts).problems()
                == absent.map { "services/web/\($0):1:1: error: \(Self.missing)" })
    }

    @Test func aFileOfAnotherNameIsPointedOut() {
        let files = InMemoryFiles(texts: [
            "launch.yaml": InMemoryFiles.sampleProject,
            "services/web/service.yml": "target: aws",
            "services/web/docker-compose.yml": InMemoryFiles.compose,
        ])
        #expect(
            files.problems() == [
                "services/web/compose.yaml:1:1: error: the file is missing; rename"
                    + " docker-compose.yml to it",
                "services/web/service.yaml:1:1: error: the file is missing; rename service.yml to"
                    + " it",
            ])
    }

    @Test(arguments: [
        (
            "Web",
            "the folder's name is the service's name and must be a name of small letters,"
                + " digits and hyphens, at most 31 long, that begins with a letter and does not"
                + " end with a hyphen, not \"Web\""
        ),
        (
            "arm64",
            "a service cannot be called arm64: its runner's labels would be taken for"
                + " those of other runners; reserved: arm, arm64, linux, macos, self-hosted,"
                + " windows, x64, x86"
        ),
        (
            "production",
            "a service cannot be called production: that is an environment, and"
                + " runner labels would not tell them apart"
        ),
    ])
    func someNamesAreRefused(name: String, message: String) {
        let files = InMemoryFiles(texts: [
            "launch.yaml": InMemoryFiles.sampleProject,
            "services/\(name)/service.yaml": "target: aws",
            "services/\(name)/compose.yaml": InMemoryFiles.compose,
        ])
        #expect(files.problems() == ["services/\(name)/service.yaml:1:1: error: \(message)"])
    }

    @Test(arguments: [
        ("a: 1", "1:1: error: a Compose file must have a mapping \"services\""),
        (
            "services:",
            "1:10: error: \"services\" must be a mapping with at least one service,"
                + " not empty"
        ),
        (
            "services: {}",
            "1:11: error: \"services\" must be a mapping with at least one service,"
                + " not a mapping"
        ),
        ("services:\n\tx: 1", "2:1: error: YAML is indented with spaces, not tabs"),
    ])
    func theComposeFileMustHaveServices(text: String, problem: String) {
        let files = InMemoryFiles(texts: [
            "launch.yaml": InMemoryFiles.sampleProject,
            "services/web/service.yaml": "target: aws",
            "services/web/compose.yaml": text,
        ])
        #expect(files.problems() == ["services/web/compose.yaml:\(problem)"])
    }

    @Test func whatCannotBeReadOnDiskIsSaid() throws {
        try PackageFiles.withTemporaryFolder { root in
            let disk = FileManager.default
            for name in ["folder", "latin", "large", "loop", "pipe"] {
                try disk.createDirectory(
                    atPath: "\(root)/services/\(name)", withIntermediateDirectories: true)
                try InMemoryFiles.compose.write(
                    toFile: "\(root)/services/\(name)/compose.yaml", atomically: false,
                    encoding: .utf8)
            }
            try "project: p".write(
                toFile: "\(root)/launch.yaml", atomically: false, encoding: .utf8)
            try disk.createDirectory(
                atPath: "\(root)/services/folder/service.yaml", withIntermediateDirectories: true)
            try Data([0x74, 0x3A, 0x0A, 0x20, 0xE9, 0x0A]).write(
                to: URL(fileURLWithPath: "\(root)/services/latin/service.yaml"))
            try Data(repeating: 0x20, count: FileProblem.largestFile + 1).write(
                to: URL(fileURLWithPath: "\(root)/services/large/service.yaml"))
            try disk.createSymbolicLink(
                atPath: "\(root)/services/loop/service.yaml", withDestinationPath: "service.yaml")
            mkfifo("\(root)/services/pipe/service.yaml", 0o600)
            try "stray".write(
                toFile: "\(root)/services/README.md", atomically: false, encoding: .utf8)
            let cannot = "1:1: error: the file cannot be read:"
            #expect(
                RepositoryReader(root: root, environment: [:]).problems == [
                    "services/folder/service.yaml:\(cannot) it is a folder",
                    "services/large/service.yaml:\(cannot) it is larger than 256 KiB",
                    "services/latin/service.yaml:2:2: error: the file is not UTF-8 text",
                    "services/loop/service.yaml:\(cannot) its symbolic links lead in a circle",
                    "services/pipe/service.yaml:\(cannot) it is not a regular file",
                ])
        }
    }

    @Test func aBombOfAliasesIsHarmless() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...40 {
            let inside = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(inside)]\n"
        }
        #expect(InMemoryFiles.service("target: aws\n" + text).problems().count == 41)
    }

    @Test func deepNestingIsRefused() {
        let text = "target: " + String(repeating: "[", count: 100_000)
        #expect(InMemoryFiles.service(text).problems().count == 1)
    }
}
