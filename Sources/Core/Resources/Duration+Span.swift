extension Duration {
    /// As people write it: `90s`, `10m`, `2h`.
    package init?(span: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600]
        guard let unit = span.last.flatMap({ units[$0] }), let count = Int(span.dropLast()),
            (0...Int.max / unit).contains(count)
        else { return nil }
        self = .seconds(count * unit)
    }
}
