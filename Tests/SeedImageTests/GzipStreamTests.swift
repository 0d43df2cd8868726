import Foundation
import SeedImage
import Testing

@Suite struct GzipStreamTests {
    /// RFC 1952: magic, deflate, no flags, no time.
    @Test func textGetsMuchShorter() throws {
        let text = Array(String(repeating: "runcmd: [docker, compose, up]\n", count: 1000).utf8)
        let compressed = try GzipStream.compress(text)
        #expect(Array(compressed.prefix(8)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
        #expect(compressed.count < text.count / 50)
        #expect(try GzipStream.compress(text) == compressed)
        // The length stands at the end, the least significant byte first.
        let length = compressed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(length == text.count)
    }
}
