import Foundation
import Resources
import Testing

@Suite struct StateErrorTests {
    private static let lease = Lease(
        id: "4f1d", service: "web",
        holder: LeaseHolder(
            user: "ada", host: "laptop", pid: 4711,
            runURL: "https://github.com/acme/launch/actions/runs/9"),
        purpose: "converge web", since: Date(timeIntervalSince1970: 1_790_000_000),
        expires: Date(timeIntervalSince1970: 1_790_000_060), generation: 3)

    @Test(
        arguments: [
            (
                .locked(lease),
                "web: locked by ada@laptop (process 4711, "
                    + "https://github.com/acme/launch/actions/runs/9) "
                    + "since 2026-09-21T14:13:20.000Z, for: converge web (lease 4f1d)",
                "--lock-timeout"
            ),
            (
                .leaseLost(service: "web"),
                "web: this run lost its lock, being silent for too long or unlocked by hand; "
                    + "nothing more was changed",
                "Run it again"
            ),
            (
                .corrupt(location: "s.sqlite", detail: "file is not a database"),
                "s.sqlite: the state cannot be read: file is not a database", "backup"
            ),
            (
                .newerFormat(location: "s.sqlite", found: 9, supported: 1),
                "s.sqlite: the state has format 9, written by a newer Launch; "
                    + "this one reads up to format 1",
                "Update Launch"
            ),
            (
                .unwritable(location: "s.sqlite", detail: "database or disk is full"),
                "s.sqlite: the state cannot be written: database or disk is full", "Free space"
            ),
            (
                .otherProject(location: "s.sqlite", found: "a", expected: "b"),
                "s.sqlite: the state belongs to project \"a\", not to \"b\"", "launch.yaml"
            ),
        ] as [(StateError, String, String)])
    func saysWhatHappenedAndWhatHelps(error: StateError, text: String, remedy: String) {
        #expect(error.description == text)
        #expect(error.remedy.contains(remedy))
    }
}
