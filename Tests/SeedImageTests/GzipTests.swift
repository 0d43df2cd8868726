import SeedImage
import Testing

@Suite struct GzipTests {
    @Test(arguments: [0, 1, 17, 1_000_000]) func bytesComeBack(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 3) }
        #expect(try Gzip.decompress(Gzip.compress(bytes)) == bytes)
    }

    @Test func noTimeIsInside() throws {
        let compressed = try Gzip.compress(Array("hello".utf8))
        #expect(Array(compressed[..<3]) == [0x1F, 0x8B, 8])
        #expect(Array(compressed[4..<8]) == [0, 0, 0, 0])
    }

    @Test func repetitionIsPressedOut() throws {
        #expect(try Gzip.compress(Array(repeating: 65, count: 100_000)).count < 500)
    }

    @Test func otherBytesAreRefused() {
        #expect(throws: ArchiveError.self) { try Gzip.decompress(Array("plain text".utf8)) }
    }

    @Test func aTruncatedStreamIsRefused() throws {
        let whole = try Gzip.compress((0..<100_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 3) })
        #expect(throws: ArchiveError.self) {
            try Gzip.decompress(Array(whole.prefix(whole.count / 2)))
        }
    }
}
