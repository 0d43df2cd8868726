import Foundation
import TestSupport
import Testing

/// `protect` outlives the spec that said it.
@Suite(.timeLimit(.minutes(20))) struct ProtectionTests {
    /// Runs a line as a person would, in the repository's folder.
    private func shell(_ line: String, in bench: Bench) throws {
        let (status, text) = try ExternalTool("bash").run(
            ["-c", "cd '\(bench.repository.path)' && \(line)"])
        try #require(status == 0, "\(text)")
    }

    /// The repository keeps its past, as people's do.
    private func begin(_ bench: Bench, protecting service: String) throws {
        try bench.edit(
            "services/\(service)/service.yaml", "target: ", "protect: true\ntarget: ")
        try shell(
            "git init -q && git config user.name ada && git config user.email ada@example.com "
                + "&& git add . && git commit -qm begin", in: bench)
    }

    /// The way out is the one that the refusal tells, word by word.
    @Test(arguments: [("librechat", "aws.instance"), ("worker", "proxmox.lxc")], [true, false])
    func itHoldsWithoutASpec(service: (String, String), isCommitted: Bool) async throws {
        let (name, machine) = service
        try await withBench([name]) { (bench) async throws in
            try begin(bench, protecting: name)
            #expect(try await bench.run("converge", "--yes").code == 0)
            try shell("rm -r services/\(name)", in: bench)
            if isCommitted { try shell("git commit -qam gone", in: bench) }
            let before = try await bench.footprint()
            let converge = ["converge", "--yes", "--allow-deletes", "20"]
            let refused = try await bench.run(converge)
            #expect(refused.code == 4)
            #expect(
                refused.errors.hasPrefix(
                    "Error: \(name)/\(machine) is protected, and the plan would delete it\n"
                        + "→ services/\(name) is gone; bring it back as it last was: `git"))
            for command in [[name], ["--all"], [name, "--with-data"]] {
                let destroy = try await bench.run(["destroy"] + command + ["--yes"])
                #expect(destroy.code == 4)
            }
            #expect(try await bench.footprint() == before)

            let told = try #require(refused.errors.firstMatch(of: /`(git restore .*?)`/))
            try shell(String(told.1), in: bench)
            try bench.edit("services/\(name)/service.yaml", "protect: true", "protect: false")
            #expect(try await bench.run("converge", name, "--yes").code == 0)
            try shell("rm -r services/\(name)", in: bench)
            #expect(try await bench.run(converge).code == 0)
            #expect(try await bench.world.inventory()["github runner"] == nil)
        }
    }

    /// Neither the machine is replaced nor its volume deleted, whoever asks.
    @Test func itGuardsReplacementsAndData() async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            try begin(bench, protecting: "librechat")
            #expect(try await bench.run("converge", "--yes").code == 0)
            let before = try await bench.footprint()
            try bench.edit("launch.yaml", "image: ubuntu-24.04", "image: debian-12")
            let replaced = try await bench.run("converge", "--yes")
            #expect(replaced.code == 4)
            #expect(
                replaced.errors.hasPrefix(
                    "Error: librechat/aws.instance is protected, and the plan would replace it\n"
                        + "→ Set `protect: false` in services/librechat/service.yaml, "))
            try shell("git checkout -q launch.yaml", in: bench)

            try bench.edit("services/librechat/service.yaml", "data:\n  size: 20GiB", "")
            let bare = try await bench.run("converge", "librechat", "--yes", "--with-data")
            #expect(bare.code == 4)
            #expect(
                bare.errors.hasPrefix(
                    "Error: librechat/aws.volume is protected, and the plan would delete it\n"))
            #expect(try await bench.footprint() == before)
        }
    }
}
