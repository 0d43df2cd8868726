extension Duration {
    /// Whole milliseconds, at most some years of them.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(min(seconds, 1 << 31)) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
