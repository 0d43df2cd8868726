import HTTP

/// How the bucket encrypts what it keeps, when that is not left to the bucket's own settings.
package enum S3Encryption: Hashable, Sendable {
    /// With keys of S3.
    case managed
    /// With a key of KMS; `nil` is the account's own for S3.
    case kms(keyID: String?)

    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html>
    var headers: [HTTPHeader] {
        let name = "x-amz-server-side-encryption"
        switch self {
        case .managed: return [HTTPHeader(name, "AES256")]
        case .kms(let keyID):
            return [HTTPHeader(name, "aws:kms")]
                + (keyID.map { [HTTPHeader("\(name)-aws-kms-key-id", $0)] } ?? [])
        }
    }
}
