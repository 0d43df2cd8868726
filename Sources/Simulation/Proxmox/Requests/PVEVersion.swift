/// A release of Proxmox VE, as `9.1`.
struct PVEVersion: Hashable, Comparable, Sendable {
    let major: Int
    let minor: Int

    init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// - Parameter text: `9.1`; what is missing or no number counts as 0.
    init(_ text: String) {
        let parts = text.split(separator: ".").map { Int($0) ?? 0 }
        self.init(parts.first ?? 0, parts.dropFirst().first ?? 0)
    }

    /// 8.3, the oldest that the schema knows.
    static let oldest = PVEVersion(8, 3)

    static func < (one: PVEVersion, other: PVEVersion) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }
}
