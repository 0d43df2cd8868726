import HTTP
import Resources
import Testing

@testable import Simulation

@Suite struct StorageAndParameterTests {
    @Test func conditionalWritesHold() async throws {
        let statuses = try await withAWS { aws in
            _ = try await aws.s3(.put, "/state")
            func put(_ body: String, _ headers: [String: String]) async throws -> Int {
                try await aws.s3(.put, "/state/a/b.json", headers: headers, body: body).status
            }
            let early = try await put("0", ["if-match": "\"x\""])
            let first = try await put("1", ["if-none-match": "*"])
            let again = try await put("2", ["if-none-match": "*"])
            let wrong = try await put("2", ["if-match": "\"x\""])
            let tag = try await aws.s3(.head, "/state/a/b.json").header("etag") ?? ""
            let right = try await put("2", ["if-match": tag])
            let stale = try await aws.s3(.delete, "/state/a/b.json", headers: ["if-match": tag])
            let odd = try await put("3", ["if-none-match": tag])
            return [early, first, again, wrong, right, stale.status, odd]
        }
        #expect(statuses == [404, 200, 412, 412, 200, 412, 501])
    }

    @Test func objectsAreReadBackAndListedInPages() async throws {
        try await withAWS { aws in
            _ = try await aws.s3(.put, "/state")
            for key in ["a/1", "a/2", "b%20c", "d"] {
                _ = try await aws.s3(.put, "/state/\(key)", body: key)
            }
            #expect(try await aws.s3(.get, "/state/b%20c").text == "b%20c")
            #expect(try await aws.s3(.get, "/state/none").status == 404)
            #expect(try await aws.s3(.get, "/other/none").text.contains("NoSuchBucket"))
            var keys: [String] = []
            var token: String?
            repeat {
                let rest = token.map { "&continuation-token=\($0.percentEncoded)" } ?? ""
                let page = try await aws.s3(
                    .get, "/state?delimiter=%2F&list-type=2&max-keys=2" + rest)
                let reply = AWSSession.Reply(status: page.status, text: page.text)
                keys += reply.all("Prefix").filter { !$0.isEmpty } + reply.all("Key")
                token = reply.first("NextContinuationToken")
            } while token != nil
            #expect(keys == ["a/", "b c", "d"])
            #expect(aws.world.inventory == ["s3 bucket": 1])
        }
    }

    @Test func aVirtualHostNamesTheBucket() async throws {
        let text = try await withAWS { aws in
            _ = try await aws.s3(.put, "/state")
            _ = try await aws.s3(.put, "/state/key", body: "content")
            return try await aws.world.send(
                aws.signer.sign(
                    .get, "https://state.s3.us-east-1.amazonaws.com/key", service: "s3",
                    at: aws.clock.now())
            ).text
        }
        #expect(text == "content")
    }

    @Test(arguments: [
        ("/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id", 200),
        ("/aws/service/debian/release/12/latest/amd64", 200),
        ("/aws/service/debian/release/13/latest/arm64", 200),
        ("/aws/service/debian/release/3/latest/amd64", 400),
    ])
    func publicParametersNameImages(_ name: String, _ status: Int) async throws {
        try await withAWS { aws in
            let response = try await aws.world.send(
                aws.signer.sign(
                    .post, "https://ssm.us-east-1.amazonaws.com/", service: "ssm",
                    at: aws.clock.now(),
                    headers: [
                        "content-type": "application/x-amz-json-1.1",
                        "x-amz-target": "AmazonSSM.GetParameter",
                    ], body: "{\"Name\":\"\(name)\"}"))
            #expect(response.status == status)
            guard status == 200 else { return }
            let image = response.json?["Parameter"]?["Value"]?.string ?? ""
            #expect(try await aws.ec2("DescribeImages", ["ImageId.1": image]).code == "ok")
        }
    }

    @Test func theCallerIsKnown() async throws {
        let reply = try await withAWS { aws in
            try await aws.send(
                aws.signer.sign(
                    .post, "https://sts.us-east-1.amazonaws.com/", service: "sts",
                    at: aws.clock.now(),
                    headers: ["content-type": "application/x-www-form-urlencoded"],
                    body: "Action=GetCallerIdentity&Version=2011-06-15"))
        }
        #expect(reply.first("Arn") == "arn:aws:iam::123456789012:user/launch")
    }

    @Test func theDefaultNetworkSpansThreeZones() async throws {
        let zones = try await withAWS { aws in
            try await aws.ec2(
                "DescribeSubnets", ["Filter.1.Name": "default-for-az", "Filter.1.Value.1": "true"]
            ).all("availabilityZone")
        }
        #expect(zones == ["us-east-1a", "us-east-1b", "us-east-1c"])
    }
}
