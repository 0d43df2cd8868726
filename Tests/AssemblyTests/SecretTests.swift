import Assembly
import Foundation
import HTTP
import Planning
import Reconciling
import Reporting
import Resources
import ServiceFiles
import Services
import Simulation
import Synchronization
import TestSupport
import Testing

/// Credentials and tokens are sown everywhere and looked for in everything that is written.
@Suite struct SecretTests {
    @Test func noSecretReachesStateReportsOrErrors() async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let heard = Heard()
            let tokens = TokenCollector(fleet.world)
            let keys = KeyCollector(fleet.world)
            let workspace = fleet.workspace(.full(in: fleet.world), http: tokens, events: heard)
            let report = try await workspace.reconciler.converge(
                workspace.goal(), claim: Fleet.claim
            ) { heard.emit(.planReady($0)) }
            #expect(report.isSuccess)
            let drift = try await workspace.reconciler.drift(workspace.goal())
            let document = try await fleet.store.read()
            let state = String(decoding: try StateCoding.bytes(of: document), as: UTF8.self)
            let written =
                heard.text + state + DriftReport(drift).json
                + String(reflecting: workspace.goal())

            let credentials = fleet.world.environment.filter {
                $0.key.contains("SECRET") || $0.key.contains("TOKEN")
            }
            #expect(credentials.count >= 4)
            #expect(tokens.registrationTokens.count >= 1)
            #expect(keys.lines.count >= 3)
            for secret in Array(credentials.values) + tokens.registrationTokens + keys.lines {
                #expect(!written.contains(secret))
            }
        }
    }
}
