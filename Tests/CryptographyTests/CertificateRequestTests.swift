import Cryptography
import Foundation
import Resources
import TestSupport
import Testing

private let openssl = ExternalTool("openssl")

/// OpenSSL's own program is asked what it makes of a request.
@Suite(.enabled(if: openssl.isInstalled, "openssl is not installed"))
struct CertificateRequestTests {

    /// Runs `openssl` on a request and its key, each in a file.
    private func ask(
        about request: CertificateRequest,
        _ arguments: (_ request: String, _ key: String) -> [String]
    ) throws -> (status: Int32, text: String) {
        try PackageFiles.withTemporaryFolder { root in
            let files = ["\(root)/request.pem", "\(root)/key.pem"]
            for (file, text) in zip(files, [request.text, request.key.revealed]) {
                try text.write(toFile: file, atomically: false, encoding: .utf8)
            }
            return try openssl.run(arguments(files[0], files[1]))
        }
    }

    @Test func itIsSignedByItsOwnKeyOnP256AndNamesTheHostnames() throws {
        let names = ["*.example.com", "example.com", "web.acme.launch.example.com"]
        let request = CertificateRequest(for: names)
        let (status, text) = try ask(about: request) { file, _ in
            ["req", "-in", file, "-noout", "-verify", "-text"]
        }
        #expect(status == 0 && text.contains("verify OK"), "\(text)")
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(lines.contains("Version: 1 (0x0)"))
        #expect(lines.contains("Subject:"))
        #expect(lines.contains("NIST CURVE: P-256"))
        #expect(lines.contains("Signature Algorithm: ecdsa-with-SHA256"))
        #expect(lines.contains(names.map { "DNS:\($0)" }.joined(separator: ", ")))
    }

    @Test func theKeyIsThatOfTheRequest() throws {
        let request = CertificateRequest(for: ["example.com"])
        #expect(request.key.revealed.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let ofRequest = try ask(about: request) { file, _ in
            ["req", "-in", file, "-noout", "-pubkey"]
        }
        let ofKey = try ask(about: request) { _, key in ["pkey", "-in", key, "-pubout"] }
        #expect(ofRequest.status == 0 && ofRequest == ofKey)
    }

    @Test func everyKeyIsAnother() {
        let keys = (1...20).map { _ in CertificateRequest(for: ["example.com"]).key.revealed }
        #expect(Set(keys).count == keys.count)
    }
}
