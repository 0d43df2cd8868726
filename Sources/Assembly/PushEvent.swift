import Foundation
import Resources

/// The push that started this run, as GitHub Actions describes it.
///
/// <https://docs.github.com/en/webhooks/webhook-events-and-payloads#push>
struct PushEvent {
    /// When the pushed commit was made; `nil` for runs that no push started.
    let commitTime: Date?

    /// - Parameter environment: `GITHUB_EVENT_PATH` names the event's file.
    init(_ environment: [String: String]) {
        guard let path = environment["GITHUB_EVENT_PATH"], !path.isEmpty,
            let bytes = FileManager.default.contents(atPath: path),
            let text = Value(json: Array(bytes))?["head_commit"]?["timestamp"]?.string
        else {
            commitTime = nil
            return
        }
        // It bears the author's own offset: 2026-09-21T16:13:20+02:00.
        commitTime = try? Date(text, strategy: .iso8601)
    }
}
