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
            The port file holds `export NAME='value'` lines with endpoints and credentials; source it
            in the shell that runs the other commands.

            Example: launch simulate --port-file world.env
            """)

    @Option(help: "Where to write endpoints and credentials.")
    var portFile: String?

    @Option(help: "How long a simulated machine takes from its start to its runner, like 5s.")
    var bootTime = Span(.seconds(2))

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        var configuration = WorldConfiguration()
        configuration.bootTime = bootTime.duration
        configuration.taskTime = .milliseconds(300)
        configuration.instanceTime = .milliseconds(500)
        let world = SimulatedWorld(
            configuration, time: SystemClock(), random: SystemRandom(), digests: OpenSSLDigests(),
            readSeedImage: { try NoCloudImage.read($0) })
        let server = SimulationServer(world)
        let environment = try await server.start(portFile: portFile)
        for name in environment.keys.sorted() where !name.isCredentialName {
            Terminal.printError("\(name)=\(environment[name] ?? "")")
        }
        Terminal.printError("Serving until Ctrl-C.")
        await untilStopped()
        await server.stop()
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
