/// An ISO 9660 image as libarchive writes it, with all files at its top.
///
/// libarchive stamps the moment and the time zone of writing into it and has no option against
/// it. The numbers below are the standard's byte positions, from 0 (ECMA-119, sections 8 and 9).
struct DiscImage {
    private static let sectorSize = 2048
    private static let firstDescriptor = 16

    private(set) var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Puts 1 January 2000, UTC, wherever a date stands.
    mutating func eraseDates() {
        var sector = Self.firstDescriptor
        while let type = byte(at: sector * Self.sectorSize), type == 1 || type == 2 {
            let descriptor = sector * Self.sectorSize
            for date in [813, 830, 864] {
                replace(descriptor + date, with: Array("2000010100000000".utf8) + [0])
            }
            eraseDates(inDirectoryOf: descriptor + 156)
            sector += 1
        }
        // After the terminator stands a note of libarchive's own: its version and the moment.
        let note = (sector + 1) * Self.sectorSize
        if text(at: note, count: 5) == "INFO " {
            replace(note, with: Array(repeating: 0, count: Self.sectorSize))
        }
    }

    /// - Parameter root: where the directory record of the root directory stands.
    private mutating func eraseDates(inDirectoryOf root: Int) {
        eraseDate(at: root + 18)
        let start = number(at: root + 2) * Self.sectorSize
        let end = min(start + number(at: root + 10), bytes.count)
        var record = start
        while record < end {
            let length = Int(bytes[record])
            guard length >= 34, record + length <= end else {
                record = (record / Self.sectorSize + 1) * Self.sectorSize
                continue
            }
            eraseDate(at: record + 18)
            let name = Int(bytes[record + 32])
            eraseTimeStamps(from: record + 33 + name + (name % 2 == 0 ? 1 : 0), to: record + length)
            record += length
        }
    }

    /// Goes through Rock Ridge's fields for `TF`, and on where `CE` points.
    private mutating func eraseTimeStamps(from start: Int, to end: Int) {
        var field = start
        while field + 4 <= end, bytes[field + 2] >= 4 {
            let length = Int(bytes[field + 2])
            switch text(at: field, count: 2) {
            case "TF":
                for stamp in stride(from: field + 5, through: field + length - 7, by: 7) {
                    eraseDate(at: stamp)
                }
            case "CE":
                let next = number(at: field + 4) * Self.sectorSize + number(at: field + 12)
                eraseTimeStamps(from: next, to: min(next + number(at: field + 20), bytes.count))
            default: break
            }
            field += length
        }
    }

    /// The short form: years since 1900, month, day, hour, minute, second, quarters from UTC.
    private mutating func eraseDate(at offset: Int) {
        replace(offset, with: [100, 1, 1, 0, 0, 0, 0])
    }

    private mutating func replace(_ offset: Int, with replacement: [UInt8]) {
        guard offset + replacement.count <= bytes.count else { return }
        bytes.replaceSubrange(offset..<offset + replacement.count, with: replacement)
    }

    private func byte(at offset: Int) -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private func text(at offset: Int, count: Int) -> String {
        String(decoding: bytes.dropFirst(offset).prefix(count), as: UTF8.self)
    }

    /// The little-endian half of a number in both orders.
    private func number(at offset: Int) -> Int {
        bytes.dropFirst(offset).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
