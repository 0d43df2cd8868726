import Foundation
import Resources
import TestSupport
import Testing

/// Taking a service away: what goes with it is told first, and its data stays until it is named.
@Suite(.timeLimit(.minutes(20))) struct RemovalTests {
    /// The block below a service's changes, of the plan in `output`.
    private func block(_ output: String) throws -> [Substring] {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.contains("with it goes:") })
        return lines[start...].prefix { !$0.isEmpty }.map { $0.drop { $0 == " " } }
    }

    private func withoutSpec(_ service: String, in bench: Bench) throws {
        try FileManager.default.removeItem(
            at: bench.repository.appending(path: "services/\(service)"))
    }

    @Test func aPlanTellsWhatGoesWithAService() async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            try withoutSpec("librechat", in: bench)
            let text = try block(try await bench.run("plan").output)
            let today = Date().timestamp.prefix(10)
            let told = [
                "it has been there since \(today), and with it goes:",
                "· https://librechat.example.com stops answering",
                "· the disk of aws.instance i-*, 30 GiB, with what is on it",
                "· the runner launch-example-librechat",
                "· the GitHub secret LAUNCH_EXAMPLE_LIBRECHAT_TUNNEL_TOKEN",
                "· not the data on aws.volume vol-*, 20 GiB: `launch destroy librechat "
                    + "--with-data` deletes it",
            ]
            #expect(
                text.map { String($0).replacing(/\b(i|vol)-[0-9a-f]+/) { "\($0.1)-*" } } == told)

            let markdown = try await bench.run("plan", "--format", "markdown").output
            #expect(markdown.contains("\n**librechat**: it has been there since \(today), and"))
            #expect(markdown.contains("\n- https://librechat.example.com stops answering\n"))

            let json = try await bench.run("plan", "--format", "json").output
            let plan = try JSONDecoder().decode(Value.self, from: Data(json.utf8))
            let loss = try #require(plan["losses"]?.list?.first)
            #expect(loss["service"] == "librechat")
            #expect(loss["urls"] == ["https://librechat.example.com"])
            #expect(loss["since"]?.string?.hasPrefix(today) == true)
            #expect(loss["disks"]?.list?.map { $0["gibibytes"] } == [30])
            #expect(loss["kept_data"]?.list?.map { $0["gibibytes"] } == [20])
            #expect(loss["data"] == [])
            #expect(loss["runners"] == ["launch-example-librechat"])
            #expect(loss["secrets"]?.list?.count == 1)
            if PublishedSchema.isCheckable {
                #expect(try PublishedSchema("plan").complaint([json]) == nil)
            }
        }
    }

    /// A spec that is gone leaves the volume, which is deleted when it is named, and then only.
    @Test func keptDataIsDeletedByItsServicesName() async throws {
        try await withBench(["librechat", "worker"]) { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            try withoutSpec("librechat", in: bench)
            let removed = try await bench.run("converge", "--yes", "--allow-deletes", "20")
            #expect(removed.code == 0)
            #expect(try await bench.world.inventory()["ec2 volume"] == 1)
            let later = try await bench.run("converge", "--yes").output
            #expect(
                later.contains(
                    "Kept, since data is on it: librechat/aws.volume "
                        + "(`launch destroy librechat --with-data` deletes it).\n"))

            let unnamed = try await bench.run("converge", "--yes", "--with-data")
            #expect(unnamed.code == 1)
            #expect(
                unnamed.errors.hasPrefix(
                    "Error: --with-data needs the names of the services whose data may go\n→ "))
            let other = try await bench.run("converge", "worker", "--yes", "--with-data")
            #expect(other.code == 0)
            let without = try await bench.run("destroy", "librechat", "--yes")
            #expect(without.code == 0)
            #expect(try await bench.world.inventory()["ec2 volume"] == 1)

            let named = try await bench.run("destroy", "librechat", "--yes", "--with-data")
            #expect(named.code == 0)
            let told = try block(named.output)[1]
            #expect(told.contains(/^· the data on aws\.volume vol-\w+, 20 GiB, for good$/))
            #expect(try await bench.world.inventory()["ec2 volume"] == nil)
            #expect(!(try await bench.run("state", "list").output.contains("librechat/")))
        }
    }

    /// Starts the command at a terminal, answers its question, and returns how it ended.
    private func answer(
        _ answer: String, to question: String, of arguments: [String], in bench: Bench
    ) async throws -> Int32 {
        let terminal = try PseudoTerminal(columns: 120, rows: 50)
        let run = try bench.start(arguments, terminal: terminal.device)
        try await until {
            terminal.drain()
            return terminal.text.hasSuffix(question) || !run.isRunning
        }
        #expect(terminal.text.hasSuffix(question), "\(terminal.text)")
        try terminal.type(answer)
        return await run.outcome().code
    }

    @Test(arguments: [
        (["librechat"], "librechat", ["y", "yes", "worker"]), (["--all"], "librechat", ["y"]),
    ])
    func dataGoesOnlyForAServicesName(
        named: [String], name: String, others: [String]
    ) async throws {
        try await withBench(["librechat", "worker"]) { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            let before = try await bench.footprint()
            let command = ["destroy"] + named + ["--with-data"]
            let question = "GiB\r\nType \(name) to go on: "
            for other in others {
                let code = try await answer(other, to: question, of: command, in: bench)
                #expect(code == 1)
            }
            #expect(try await bench.footprint() == before)
            #expect(try await answer(name, to: question, of: command, in: bench) == 0)
            #expect(try await bench.world.inventory()["ec2 volume"] == nil)
        }
    }

    @Test func dataOfSeveralServicesGoesForTheProjectsName() async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            #expect(try await bench.run("new", "shop", "--target", "aws").code == 0)
            let spec = bench.repository.appending(path: "services/shop/service.yaml")
            let text = try String(contentsOf: spec, encoding: .utf8) + "\ndata: { size: 3GiB }\n"
            try Data(text.utf8).write(to: spec)
            #expect(try await bench.run("converge", "--yes").code == 0)
            let command = ["destroy", "--all", "--with-data"]
            let question = "3 GiB\r\nType example to go on: "
            #expect(try await answer("shop", to: question, of: command, in: bench) == 1)
            #expect(try await answer("example", to: question, of: command, in: bench) == 0)
            #expect(try await bench.world.inventory() == [:])
        }
    }

    /// The other services' part of the bill counts when one alone is named.
    @Test func theBillOfTheWholeProjectIsLimited() async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            let json = try await bench.run("plan", "--format", "json").output
            let plan = try JSONDecoder().decode(Value.self, from: Data(json.utf8))
            let usd = plan["cost"]?["after"]?["usd"]
            let cost = if case .number(let usd)? = usd { Int(usd.rounded(.up)) } else { 0 }
            try #require(cost > 0)
            try bench.edit("launch.yaml", "monthly_usd: 200", "monthly_usd: \(cost)")
            #expect(
                try await bench.run("new", "shop", "--target", "aws", "--size", "small").code == 0)
            let before = try await bench.footprint()
            let refused = try await bench.run("converge", "shop", "--yes")
            #expect(refused.code == 4)
            #expect(
                refused.errors.contains(
                    "USD a month, and launch.yaml allows \(cost) (limits.monthly_usd)\n"))
            #expect(try await bench.footprint() == before)
        }
    }
}
