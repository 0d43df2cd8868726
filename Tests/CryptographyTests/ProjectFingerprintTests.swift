import Cryptography
import Resources
import Testing

@Suite struct ProjectFingerprintTests {
    private let secret = Secret("correct horse battery staple")

    @Test func oneSecretInOneProjectHasOneFingerprint() {
        let first = ProjectFingerprint(lineage: "a").fingerprint(of: secret)
        #expect(first == ProjectFingerprint(lineage: "a").fingerprint(of: secret))
        #expect(first.count == 64)
        #expect(first.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    }

    @Test func projectsAndSecretsDiffer() {
        let prints = [
            ProjectFingerprint(lineage: "a").fingerprint(of: secret),
            ProjectFingerprint(lineage: "b").fingerprint(of: secret),
            ProjectFingerprint(lineage: "a").fingerprint(of: Secret("another")),
            OpenSSLDigests().sha256Hexadecimal(secret.revealed),
        ]
        #expect(Set(prints).count == prints.count)
    }
}

@Suite struct SystemRandomTests {
    @Test func numbersDoNotRepeat() {
        let random = SystemRandom()
        #expect(Set((0..<1000).map { _ in random.next() }).count == 1000)
    }
}
