import Assembly
import Foundation
import TestSupport
import Testing

/// Real files and programs, for the ways to AWS credentials that need them.
@Suite struct LocalHostTests {
    private let host = LocalHost(["PATH": "/usr/bin:/bin", "GREETING": "hello"])

    private func text(_ bytes: [UInt8]?) -> String? {
        bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func readsFiles() throws {
        try PackageFiles.withTemporaryFolder { folder in
            try Data("content".utf8).write(to: URL(filePath: "\(folder)/file"))
            #expect(text(try host.content(of: "\(folder)/file")) == "content")
            #expect(try host.content(of: "\(folder)/missing") == nil)
            #expect(try host.content(of: folder) == nil)
        }
    }

    @Test func runsProgramsWithoutAShellAndWithItsEnvironmentAlone() async throws {
        #expect(text(try await host.output(of: ["printf", "%s|", "$HOME", "a b"])) == "$HOME|a b|")
        #expect(
            text(try await host.output(of: ["/bin/sh", "-c", "echo $GREETING$HOME"])) == "hello\n")
        #expect(text(try await host.output(of: ["cat"])) == "")
    }

    @Test(arguments: [
        (["no-such-program"], "there is no such program"),
        (["/no/such/program"], "it cannot be started"), ([], "there is no such program"),
        (["sh", "-c", "echo secret; exit 3"], "it ended with the exit code 3"),
        (["sh", "-c", "kill -9 $$"], "a signal ended it"),
        (["cat", "/dev/zero"], "it is longer than 1 MiB"),
    ])
    func saysWhyAProgramFailed(command: [String], detail: String) async throws {
        await #expect {
            try await host.output(of: command)
        } throws: { error in
            "\(error)".contains("\"\(detail)\"")
        }
    }

    @Test func cancellingEndsTheProgram() async throws {
        let task = Task { [host] in try await host.output(of: ["sleep", "600"]) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
