import Cryptography
import Resources
import TestSupport
import Testing

@Suite struct RSASignatureTests {
    private static let message = Array("header.claims".utf8)

    @Test(arguments: [true, false]) func aSignatureIsVerifiedByThePublicKey(isPKCS1: Bool) throws {
        let pair = RSAKeyPair()
        let signature = try #require(
            RSASignature.sign(Self.message, with: pair.privateKey(traditional: isPKCS1)))
        #expect(pair.verifies(Self.message, signature))
        #expect(!pair.verifies(Array("other".utf8), signature))
        #expect(!RSAKeyPair().verifies(Self.message, signature))
    }

    /// One under a passphrase is not asked about on the terminal.
    @Test(arguments: [
        "", "no key", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
        """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49
        AwEHoUQDQgAEPR3tU2Fta9ktY+6P9G0cWO+0kETA6SFs38GecTyudlHz6xvCdz8q
        EKTcWGekdmdDPsHloRNtsiCa697B2O9IFA==
        -----END EC PRIVATE KEY-----

        """,
    ]) func whatIsNoRSAKeySignsNothing(text: String) {
        #expect(RSASignature.sign(Self.message, with: Secret(text)) == nil)
    }
}
