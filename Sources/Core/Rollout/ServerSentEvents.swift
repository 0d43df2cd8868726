/// The events of a stream that has ended.
///
/// <https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream>
struct ServerSentEvents {
    /// Each event's data.
    let data: [String]

    init(_ text: String) {
        var events: [String] = []
        var lines: [Substring] = []
        let stream = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        for line in stream.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty {
                if !lines.isEmpty { events.append(lines.joined(separator: "\n")) }
                lines = []
            } else if line.hasPrefix("data:") {
                let value = line.dropFirst(5)
                lines.append(value.hasPrefix(" ") ? value.dropFirst() : value)
            }
        }
        data = events
    }
}
