import Planning

extension Change {
    /// What it does to the machine and to who uses the service: "the machine restarts, about
    /// 2 min down".
    var effect: String? {
        let words = action == .replace ? "the machine is replaced" : "the machine restarts"
        if let expectedDowntime { return "\(words), about \(expectedDowntime.rounded) down" }
        guard action == .update else { return nil }
        if restarts { return words }
        if reissues { return "another one is issued, and nothing restarts" }
        return fields.contains { $0.consequence == .live } ? "the machine runs on" : nil
    }
}

extension Duration {
    /// "20 s", "2 min".
    var rounded: String {
        let seconds = components.seconds
        return seconds < 60 ? "\(seconds) s" : "\((seconds + 30) / 60) min"
    }
}
