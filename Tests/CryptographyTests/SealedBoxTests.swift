import Cryptography
import TestSupport
import Testing

@Suite struct SealedBoxTests {
    @Test(arguments: [[], Array("tunnel token".utf8), [UInt8](repeating: 0, count: 50_000)])
    func onlyTheOwnerOpensABox(text: [UInt8]) throws {
        let owner = BoxKeyPair()
        let box = try #require(SealedBox.seal(text, to: owner.publicKey))
        #expect(owner.open(box) == text)
        #expect(BoxKeyPair().open(box) == nil)
    }

    @Test func twoBoxesOfOneTextDiffer() {
        let owner = BoxKeyPair()
        #expect(
            SealedBox.seal([1, 2, 3], to: owner.publicKey)
                != SealedBox.seal([1, 2, 3], to: owner.publicKey))
    }

    @Test(arguments: [0, 31, 33]) func aKeyOfAnotherSizeIsRefused(size: Int) {
        #expect(SealedBox.seal([1], to: [UInt8](repeating: 9, count: size)) == nil)
    }
}
