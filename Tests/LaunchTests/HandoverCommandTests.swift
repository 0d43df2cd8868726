import Foundation
import Resources
import Testing

/// A service is let go and taken over again from the command line.
@Suite(.timeLimit(.minutes(20))) struct HandoverCommandTests {
    @Test func whatIsLetGoIsDiscoveredAndTakenOver() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            let inventory = try await bench.world.inventory()
            let before = try await bench.footprint()
            let unasked = try await bench.run("state", "forget", "worker")
            #expect(unasked.code == 1)
            #expect(
                unasked.errors == """
                    Error: there is nobody to ask
                    → Say --yes to let it go without a question.

                    """)
            #expect(try await bench.footprint() == before)

            let forgotten = try await bench.run("state", "forget", "worker", "--yes")
            #expect(forgotten.code == 0, "\(forgotten.errors)")
            #expect(forgotten.output.contains(/released +worker\/github\.runner +\d+\n/))
            #expect(forgotten.output.contains(/released +worker\/proxmox\.lxc +\d+\n/))
            #expect(forgotten.output.hasSuffix("\nLet go: 3 released. Nothing is deleted.\n"))
            #expect(try await bench.run("state", "list").output == "")
            #expect(try await bench.world.inventory() == inventory)

            for command in try await discovered(bench) {
                let adopted = try await bench.run(command)
                #expect(adopted.code == 0, "\(adopted.errors)")
            }
            let none = try await bench.run("adopt", "--discover", "worker")
            #expect(
                none.output
                    == "Nothing that is nobody's is called like an object that the specs want.\n")
            #expect(try await bench.run("converge", "--yes").code == 0)
            #expect(try await bench.run("plan", "--detailed-exitcode").code == 0)
            #expect(try await bench.world.inventory() == inventory)
            let life = try await bench.run("why", "worker/proxmox.lxc").output
            #expect(life.contains(/released +ada@\S+ for state forget worker/))
        }
    }

    /// The words after `launch` of each command that is proposed, as soon as all of them are:
    /// Proxmox lists guests as they were some seconds ago.
    private func discovered(_ bench: Bench) async throws -> [[String]] {
        var text = try await bench.run("adopt", "--discover")
        for _ in 1...60 where !text.output.contains("worker/proxmox.lxc") {
            try await Task.sleep(for: .seconds(1))
            text = try await bench.run("adopt", "--discover")
        }
        #expect(text.output.hasSuffix("\n2 objects may be meant; nothing was changed.\n"))
        let found = try await bench.run("adopt", "--discover", "worker", "--format", "json")
        let document = try JSONDecoder().decode(Value.self, from: Data(found.output.utf8))
        let commands = (document["objects"]?.list ?? []).compactMap { $0["command"]?.string }
        #expect(commands.allSatisfy { text.output.contains("  \($0)\n") })
        return commands.map { $0.split(separator: " ").dropFirst().map(String.init) }
    }

    @Test(arguments: [
        (["adopt"], "Name a service, an address and an identifier, or --discover, or"),
        (["adopt", "worker", "worker/proxmox.lxc"], "Name a service, an address"),
        (["adopt", "worker", "web/proxmox.lxc", "100"], "web/proxmox.lxc is no address of worker"),
        (["adopt", "worker", "worker/proxmox.vm", "100"], "the specs want no such object"),
        (["adopt", "worker", "worker/proxmox.lxc", "999"], "there is no guest 999 of that kind"),
        (["adopt", "--discover", "worke"], "did you mean worker?"),
        (["state", "forget", "worke", "--yes"], "did you mean worker?"),
        (["state", "forget"], "Missing expected argument"),
    ])
    func whatCannotBeDoneIsSaid(command: [String], complaint: String) async throws {
        try await withBench(["worker"]) { (bench) async throws in
            let refused = try await bench.run(command)
            #expect(refused.code != 0)
            #expect(refused.errors.contains(complaint), "\(refused.errors)")
        }
    }
}
