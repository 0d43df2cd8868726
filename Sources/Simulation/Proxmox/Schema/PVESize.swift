import Foundation

/// A disk size: binary units `K M G T`, upper case, `KiB` too; a bare number is bytes.
struct PVESize: Hashable, Comparable, CustomStringConvertible {
    let bytes: Int

    static let gibibyte = 1 << 30

    init(bytes: Int) { self.bytes = bytes }

    init?(_ text: String) {
        guard text.matchesWhole("\\d+(?:\\.\\d+)?(?:[KMGT](?:iB)?)?") else { return nil }
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let unit = text.dropFirst(digits.count).first
        let power = unit.flatMap { Array("KMGT").firstIndex(of: $0) }.map { $0 + 1 } ?? 0
        guard let number = Double(digits),
            let bytes = Int(exactly: number * pow(1024, Double(power)).rounded())
        else { return nil }
        self.bytes = bytes
    }

    /// In the largest unit that is exact; from 1024 KiB on.
    var description: String {
        var (count, unit) = (bytes, "")
        for next in ["K", "M", "G", "T"] where count > 0 && count % 1024 == 0 {
            (count, unit) = (count / 1024, next)
        }
        return "\(count)\(unit)"
    }

    static func < (one: PVESize, other: PVESize) -> Bool { one.bytes < other.bytes }
}
