/// FNV-1a with 64 bits (RFC 9923): finds accidents, not forgeries.
enum LegacyChecksum {
    static func of(_ key: String, _ text: String) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func take(_ bytes: String.UTF8View) {
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        take(key.utf8)
        take("\n".utf8)
        take(text.utf8)
        return Int64(bitPattern: hash)
    }
}
