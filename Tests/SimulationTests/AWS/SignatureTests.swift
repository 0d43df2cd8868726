import Cryptography
import Foundation
import HTTP
import Resources
import Testing

@testable import Simulation

@Suite struct SignatureTests {
    @Test func acceptsASignedRequest() async throws {
        let code = try await withAWS { try await $0.ec2("DescribeVpcs").code }
        #expect(code == "ok")
    }

    /// What each service says of a request that it cannot attribute.
    @Test(arguments: [
        Refusal(service: "ec2", flaw: .badSecret, status: 401, code: "AuthFailure"),
        Refusal(service: "ec2", flaw: .unknownKey, status: 401, code: "AuthFailure"),
        Refusal(service: "ec2", flaw: .slowClock, status: 400, code: "RequestExpired"),
        Refusal(service: "ec2", flaw: .otherRegion, status: 401, code: "AuthFailure"),
        Refusal(service: "ec2", flaw: .changedBody, status: 401, code: "AuthFailure"),
        Refusal(service: "sts", flaw: .badSecret, status: 403, code: "SignatureDoesNotMatch"),
        Refusal(service: "sts", flaw: .unknownKey, status: 403, code: "InvalidClientTokenId"),
        Refusal(service: "sts", flaw: .slowClock, status: 403, code: "SignatureDoesNotMatch"),
        Refusal(service: "s3", flaw: .badSecret, status: 403, code: "SignatureDoesNotMatch"),
        Refusal(service: "s3", flaw: .unknownKey, status: 403, code: "InvalidAccessKeyId"),
        Refusal(service: "s3", flaw: .slowClock, status: 403, code: "RequestTimeTooSkewed"),
        Refusal(service: "s3", flaw: .unsigned, status: 403, code: "AccessDenied"),
    ])
    func refuses(_ refusal: Refusal) async throws {
        let reply = try await withAWS { aws in
            try await aws.send(refusal.request(aws.signer, at: aws.clock.now()))
        }
        #expect(reply.status == refusal.status)
        #expect(reply.code == refusal.code)
    }

    @Test func systemsManagerRefusesInJSON() async throws {
        let response = try await withAWS { aws in
            var signer = aws.signer
            signer.secretKey = "wrong"
            return try await aws.world.send(
                signer.sign(
                    .post, "https://ssm.us-east-1.amazonaws.com/", service: "ssm",
                    at: aws.clock.now(), body: "{}"))
        }
        #expect(response.status == 400)
        #expect(response.header("x-amzn-ErrorType") == "InvalidSignatureException")
        #expect(response.json?["__type"] == "InvalidSignatureException")
    }

    @Test func anUnsignedAmzHeaderIsRefused() async throws {
        let reply = try await withAWS { aws in
            var request = aws.signer.sign(
                .post, "https://ec2.us-east-1.amazonaws.com/", service: "ec2",
                at: aws.clock.now(), body: "Action=DescribeVpcs&Version=2016-11-15")
            request.headers.append(HTTPHeader("X-Amz-Meta", "later"))
            return try await aws.send(request)
        }
        #expect(reply.code == "AuthFailure")
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        enum Flaw { case badSecret, unknownKey, slowClock, otherRegion, changedBody, unsigned }

        let service: String
        let flaw: Flaw
        let status: Int
        let code: String

        var testDescription: String { "\(service) \(flaw)" }

        func request(_ base: TestSigner, at now: Date) -> HTTPRequest {
            var signer = base
            var time = now
            switch flaw {
            case .badSecret: signer.secretKey = "wrong"
            case .unknownKey: signer.accessKey = "AKIAUNKNOWN"
            case .slowClock: time -= service == "s3" ? 901 : 301
            case .otherRegion: signer.region = "eu-west-1"
            case .changedBody, .unsigned: break
            }
            var request = signer.sign(
                .post, "https://\(service).us-east-1.amazonaws.com/", service: service, at: time,
                headers: ["content-type": "application/x-www-form-urlencoded"],
                body: "Action=GetCallerIdentity&Version=2011-06-15")
            if flaw == .changedBody { request.body = .text("Action=DescribeVpcs") }
            if flaw == .unsigned { request.headers = [] }
            return request
        }
    }
}
