import Resources
import Services
import Simulation
import TestSupport
import Testing

@testable import Proxmox

@Suite struct BootLogTests {
    @Test(arguments: ["8.4", "9.2"]) func aVMsWordsAreReadByItsAgent(_ version: String)
        async throws
    {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock, version: version)
            cluster.world.locked { $0.guests.failingStages = ["docker"] }
            let provider = try cluster.provider()
            let made = try await provider.create(
                Cluster.machine(Cluster.service(.vm)), key: Cluster.key)
            await #expect(throws: ProviderError.self, "the agent is yet to be installed") {
                try await provider.bootLog(of: made.id)
            }
            try await clock.sleep(for: .seconds(120))
            let words = try await provider.bootLog(of: made.id).split(separator: "\n")
            #expect(words.first == "launch: stage packages started")
            #expect(words.last == "launch: stage docker failed")
            cluster.world.locked {
                $0.proxmox?.revoked = ["VM.GuestAgent.FileRead", "VM.Monitor"]
            }
            let error = await #expect(throws: ProviderError.self) {
                try await provider.bootLog(of: made.id)
            }
            let privilege = version == "8.4" ? "VM.Monitor" : "VM.GuestAgent.FileRead"
            #expect(error?.reason == .forbidden(permission: "\(privilege) on /vms/100"))
            #expect(cluster.faults == [])
        }
    }

    @Test func aContainerHasNoAgent() async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let made = try await cluster.provider().create(
                Cluster.machine(Cluster.service(.lxc)), key: Cluster.key)
            let error = await #expect(throws: ProviderError.self) {
                try await cluster.provider().bootLog(of: made.id)
            }
            #expect(error?.reason == .notFound)
        }
    }
}
