/// A DNS name in the form in which Cloudflare shows it: Punycode, lower case, no trailing dot.
///
/// <https://www.rfc-editor.org/rfc/rfc5890#section-2.3.2.1>
func canonicalHostname(_ text: String) -> String {
    var name = text.lowercased()
    if name.hasSuffix("."), name.count > 1 { name.removeLast() }
    return name.split(separator: ".", omittingEmptySubsequences: false).map { label in
        label.utf8.allSatisfy { $0 < 0x80 } ? String(label) : "xn--" + punycode(label)
    }.joined(separator: ".")
}

/// The label's characters as ASCII: <https://www.rfc-editor.org/rfc/rfc3492#section-6.3>.
private func punycode(_ label: Substring) -> String {
    let points = label.unicodeScalars.map { Int($0.value) }
    var output = points.filter { $0 < 0x80 }
    let basicCount = output.count
    if basicCount > 0 { output.append(0x2D) }
    var next = 0x80
    var delta = 0
    var bias = 72
    var handled = basicCount
    while handled < points.count, let smallest = points.filter({ $0 >= next }).min() {
        delta += (smallest - next) * (handled + 1)
        next = smallest
        for point in points {
            if point < next { delta += 1 }
            guard point == next else { continue }
            output += variableLength(delta, bias: bias)
            bias = adapted(delta, count: handled + 1, isFirst: handled == basicCount)
            delta = 0
            handled += 1
        }
        delta += 1
        next += 1
    }
    return String(String.UnicodeScalarView(output.compactMap(UnicodeScalar.init)))
}

private func variableLength(_ delta: Int, bias: Int) -> [Int] {
    var digits: [Int] = []
    var rest = delta
    var position = 36
    while true {
        let threshold = min(max(position - bias, 1), 26)
        if rest < threshold { break }
        digits.append(threshold + (rest - threshold) % (36 - threshold))
        rest = (rest - threshold) / (36 - threshold)
        position += 36
    }
    return (digits + [rest]).map { $0 < 26 ? 0x61 + $0 : 0x30 + $0 - 26 }
}

private func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
    var delta = isFirst ? delta / 700 : delta / 2
    delta += delta / count
    var steps = 0
    while delta > 455 {
        delta /= 35
        steps += 36
    }
    return steps + 36 * delta / (delta + 38)
}
