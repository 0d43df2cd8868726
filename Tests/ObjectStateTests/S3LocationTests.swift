import Testing

@testable import ObjectState

@Suite struct S3LocationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let bucket: String
        let region: String
        var endpoint: String?
        let url: String
        var testDescription: String { url }
    }

    @Test(arguments: [
        Case(
            bucket: "b", region: "eu-central-1",
            url: "https://b.s3.eu-central-1.amazonaws.com/state/x%20%2B%C3%A4.json"),
        Case(
            bucket: "b.example.com", region: "us-east-1",
            url: "https://s3.us-east-1.amazonaws.com/b.example.com/state/x%20%2B%C3%A4.json"),
        Case(
            bucket: "b", region: "cn-north-1",
            url: "https://b.s3.cn-north-1.amazonaws.com.cn/state/x%20%2B%C3%A4.json"),
        Case(
            bucket: "b", region: "auto", endpoint: "https://a.r2.cloudflarestorage.com/",
            url: "https://a.r2.cloudflarestorage.com/b/state/x%20%2B%C3%A4.json"),
        Case(
            bucket: "b", region: "auto", endpoint: "https://a.r2.cloudflarestorage.com/b",
            url: "https://a.r2.cloudflarestorage.com/b/state/x%20%2B%C3%A4.json"),
        Case(
            bucket: "b", region: "us-east-1", endpoint: "http://b",
            url: "http://b/b/state/x%20%2B%C3%A4.json"),
        Case(
            bucket: "b", region: "us-east-1", endpoint: "http://127.0.0.1:9000/s3",
            url: "http://127.0.0.1:9000/s3/b/state/x%20%2B%C3%A4.json"),
    ])
    func addressesObjects(_ example: Case) {
        let location = S3Location(
            bucket: example.bucket, region: example.region, endpoint: example.endpoint)
        #expect(location.url(of: "state/x +ä.json") == example.url)
    }
}
