@testable import AWS
import Foundation
import HTTP
import Resources
import Simulation
import Synchronization
import TestSupport
import Testing

/// Credentials that end while the work goes on.
@Suite struct RefreshTests {
    /// Gives out credentials for an hour, in two seconds; fails when told.
    private final class HourlyIssuer: CredentialIssuer {
        let origin = "a test"
        private let time: any TimeSource
        private let lifetime: TimeInterval
        private let state = Mutex((issues: 0, isBroken: false))

        init(_ time: any TimeSource, lifetime: TimeInterval = 3600) {
            self.time = time
            self.lifetime = lifetime
        }

        var issues: Int { state.withLock { $0.issues } }

        func setBroken(_ isBroken: Bool) { state.withLock { $0.isBroken = isBroken } }

        func issue() async throws -> IssuedCredentials {
            let number = state.withLock { state in
                state.issues += 1
                return state.issues
            }
            try await time.sleep(for: .seconds(2))
            if state.withLock({ $0.isBroken }) {
                throw ProviderError(.unavailable, provider: .aws, action: "refresh", detail: "")
            }
            return IssuedCredentials(
                credentials: AWSCredentials(accessKeyID: "\(number)", secretAccessKey: Secret("")),
                expiry: time.now().addingTimeInterval(lifetime))
        }
    }

    /// What 50 callers get at once, each different answer with how many got it.
    private static func ask(_ credentials: RefreshedCredentials) async -> [String: Int] {
        await withTaskGroup(of: String.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    do {
                        return try await credentials.credentials().accessKeyID
                    } catch {
                        return "failed"
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
    }

    @Test func oneRefreshServesEveryone() async throws {
        try await withVirtualTime { clock in
            let issuer = HourlyIssuer(clock)
            let credentials = RefreshedCredentials(issuer, time: clock)
            #expect(await Self.ask(credentials) == ["1": 50])
            try await clock.sleep(for: .seconds(44 * 60))
            #expect(await Self.ask(credentials) == ["1": 50])
            #expect(issuer.issues == 1)
            // Within 15 minutes of the end one of them waits for new ones.
            try await clock.sleep(for: .seconds(2 * 60))
            #expect(await Self.ask(credentials) == ["1": 49, "2": 1])
            // Within 10 minutes of the end all of them do.
            try await clock.sleep(for: .seconds(51 * 60))
            #expect(await Self.ask(credentials) == ["3": 50])
            #expect(issuer.issues == 3)
        }
    }

    @Test func aFailedRefreshIsToleratedToTheEnd() async throws {
        try await withVirtualTime { clock in
            let issuer = HourlyIssuer(clock)
            let credentials = RefreshedCredentials(issuer, time: clock)
            #expect(await Self.ask(credentials) == ["1": 50])
            issuer.setBroken(true)
            for minute in [50, 53, 56, 59] {
                try await clock.sleep(for: .seconds(minute == 50 ? 50 * 60 : 3 * 60))
                #expect(await Self.ask(credentials) == ["1": 50])
            }
            #expect(issuer.issues == 5)
            try await clock.sleep(for: .seconds(120))
            #expect(await Self.ask(credentials) == ["failed": 50])
            #expect(issuer.issues == 6)
            issuer.setBroken(false)
            #expect(await Self.ask(credentials) == ["7": 50])
        }
    }

    @Test func triesAreAMinuteApart() async throws {
        try await withVirtualTime { clock in
            let issuer = HourlyIssuer(clock, lifetime: 300)
            let credentials = RefreshedCredentials(issuer, time: clock)
            for _ in 0..<60 {
                _ = try await credentials.credentials()
                try await clock.sleep(for: .seconds(10))
            }
            #expect((9...11).contains(issuer.issues))
        }
    }

    @Test func aCallerThatGivesUpLeavesTheOthersTheirTurn() async throws {
        try await withVirtualTime { clock in
            let issuer = HourlyIssuer(clock)
            let credentials = RefreshedCredentials(issuer, time: clock)
            try await withThrowingTaskGroup(of: String?.self) { group in
                group.addTask { try? await credentials.credentials().accessKeyID }
                try await clock.sleep(for: .seconds(1))
                group.cancelAll()
                #expect(await Self.ask(credentials) == ["2": 50])
                #expect(try await group.next() == .some(nil))
            }
        }
    }

    @Test func aTokenFileIsReadAgainForEachRole() async throws {
        let http = ScriptedHTTPClient(
            .role("AssumeRoleWithWebIdentity", key: "ASIA1"),
            .role(
                "AssumeRoleWithWebIdentity", key: "ASIA2", expiration: "2026-09-21T16:13:20.000Z"))
        let bench = CredentialBench(
            ["AWS_ROLE_ARN": "arn", "AWS_WEB_IDENTITY_TOKEN_FILE": "/token"],
            files: ["/token": "first"], http: http)
        try await withVirtualTime { clock in
            let chain = bench.chain(clock)
            #expect(try await chain.credentials().accessKeyID == "ASIA1")
            bench.host.write("second", to: "/token")
            try await clock.sleep(for: .seconds(51 * 60))
            #expect(try await chain.credentials().accessKeyID == "ASIA2")
        }
        #expect(
            http.requests.compactMap(\.form.last)
                == ["WebIdentityToken=first", "WebIdentityToken=second"])
    }
}
