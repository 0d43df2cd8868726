import Foundation
import HTTP
import XMLCoder

/// One page of ListObjectsV2.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>
struct S3Page: Decodable {
    struct Object: Decodable {
        let key: String
        let size: Int

        enum CodingKeys: String, CodingKey {
            case key = "Key"
            case size = "Size"
        }
    }

    /// Always there, which tells this document from others.
    let isTruncated: Bool
    private let contents: [Object]?
    let nextToken: String?
    private let encoding: String?

    enum CodingKeys: String, CodingKey {
        case isTruncated = "IsTruncated"
        case contents = "Contents"
        case nextToken = "NextContinuationToken"
        case encoding = "EncodingType"
    }

    /// With their keys decoded, if the store encoded them as it was asked to.
    var objects: [(key: String, size: Int)] {
        (contents ?? []).map { object in
            let key = object.key.replacing("+", with: " ").percentDecoded
            return (encoding == "url" ? key : object.key, object.size)
        }
    }

    /// - Returns: `nil` when the answer is no such page.
    static func read(_ response: HTTPResponse) -> S3Page? {
        let page = try? XMLDecoder().decode(S3Page.self, from: Data(response.body))
        guard let page, !page.isTruncated || page.nextToken?.isEmpty == false else { return nil }
        return page
    }
}

extension Refusal {
    /// Reads an `<Error>` of S3.
    init(s3 response: HTTPResponse) {
        let document = try? XMLDecoder().decode(S3ErrorDocument.self, from: Data(response.body))
        self.init(
            response, code: document?.code, message: document?.message,
            region: response.header("x-amz-bucket-region") ?? document?.region)
    }
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
private struct S3ErrorDocument: Decodable {
    let code: String
    let message: String?
    let region: String?

    enum CodingKeys: String, CodingKey {
        case code = "Code"
        case message = "Message"
        case region = "Region"
    }
}
