import ArgumentParser
import Cryptography
import Foundation
import Resources
import SeedImage
import Simulation

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract:
            "Serves simulated AWS, Proxmox VE, Cloudflare and GitHub on loopback until stopped.",
        discussion: """
            The port file holds `export NAME='value'` lines with endpoints and credentials; source \
            it in the shell that runs the other commands.

            Example: launch simulate --port-file world.env
            """)

    @Option(help: "Where to write endpoints and credentials.")
    var portFile: String?

    @Option(help: "How long a simulated machine takes from its start to its runner, like 5s.")
    var bootTime = Span(.seconds(2))

    @Option(help: "How long a deploy job runs.")
    var jobTime = Span(.seconds(1))

    @Option(help: "How long a Proxmox task takes.")
    var taskTime = Span(.seconds(1))

    @Option(help: "How long EC2 takes to start or to end an instance.")
    var instanceTime = Span(.seconds(1))

    @Option(help: "How far the clouds' clock is ahead of this machine's.")
    var clockOffset = Span(.zero)

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        var configuration = WorldConfiguration()
        configuration.bootTime = bootTime.duration
        configuration.jobTime = jobTime.duration
        configuration.taskTime = taskTime.duration
        configuration.instanceTime = instanceTime.duration
        let world = SimulatedWorld(
            configuration, time: ShiftedClock(offset: clockOffset.duration),
            random: SystemRandom(), digests: OpenSSLDigests(),
            readSeedImage: { try NoCloudImage.read($0) })
        let server = SimulationServer(world)
        let environment = try await started(server)
        for name in environment.keys.sorted() where !name.isCredentialName {
            Terminal.printError("\(name)=\(environment[name] ?? "")")
        }
        Terminal.printError("Serving until Ctrl-C.")
        await untilStopped()
        await server.stop()
    }

    private func started(_ server: SimulationServer) async throws -> [String: String] {
        do {
            return try await server.start(portFile: portFile)
        } catch is POSIXError {
            throw CommandFailure(
                "\(portFile ?? "the port file") cannot be written",
                remedy: "Check the folder and its permissions.")
        }
    }

    /// Waits for SIGINT or SIGTERM.
    private func untilStopped() async {
        let signals = AsyncStream<Void> { continuation in
            let interruption = SignalWatch { continuation.finish() }
            continuation.onTermination = { _ in interruption.end() }
        }
        for await _ in signals {}
    }
}

extension String {
    fileprivate var isCredentialName: Bool {
        contains("TOKEN") || contains("SECRET") || contains("KEY")
    }
}
