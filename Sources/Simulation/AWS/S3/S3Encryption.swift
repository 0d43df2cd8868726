import HTTP
import Resources

/// How an object is encrypted at rest: with S3's own keys, unless the request asks for KMS.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html>
struct S3Encryption {
    private static let algorithmHeader = "x-amz-server-side-encryption"
    private static let keyHeader = "x-amz-server-side-encryption-aws-kms-key-id"

    /// What the answers to writing and reading the object say of it.
    let headers: [HTTPHeader]

    /// - Throws: `InvalidArgument` for a method that there is not, and KMS's refusal of the key
    ///   as `KMS.…`.
    init(_ request: SimulatedRequest, kms: SimulatedKMS) throws {
        let algorithm = request.header(Self.algorithmHeader) ?? "AES256"
        let key = request.header(Self.keyHeader)
        switch (algorithm, key) {
        case ("AES256", nil), ("aws:kms", nil):
            headers = [HTTPHeader(Self.algorithmHeader, algorithm)]
        case ("aws:kms", let key?):
            headers = [
                HTTPHeader(Self.algorithmHeader, algorithm),
                HTTPHeader(Self.keyHeader, try Self.arn(of: key, in: kms)),
            ]
        case ("AES256", _):
            throw AWSError(
                "InvalidArgument",
                "Server Side Encryption with AWS KMS managed key requires HTTP header "
                    + "\(Self.algorithmHeader) : aws:kms")
        default:
            throw AWSError(
                "InvalidArgument", "The encryption method specified is not supported")
        }
    }

    private static func arn(of key: String, in kms: SimulatedKMS) throws -> String {
        do {
            return try kms.usableKey(key).arn
        } catch let error as AWSError {
            throw AWSError("KMS.\(error.code)", error.message)
        }
    }
}
