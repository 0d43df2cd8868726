import HTTP
import Resources

/// What is asked of S3, by the permission that it takes.
enum S3Operation: CaseIterable {
    case get, create, replace, list, delete
}

/// What S3's error codes mean to people.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
struct S3Refusals {
    let place: S3Location
    let encryption: S3Encryption?
    let use: S3Use
    let caller: ServiceCaller

    func meaning(of refusal: Refusal, for operation: S3Operation) -> StateError {
        switch refusal.code {
        case "NoSuchBucket"?:
            caller.inaccessible(
                "there is no bucket \"\(place.bucket)\"",
                remedy: use == .state
                    ? "Create it with `\(creation)`, or correct \(use.bucket)."
                    : "Correct \(use.bucket).")
        case "InvalidBucketName"?:
            caller.inaccessible(refusal.words, remedy: "Correct \(use.bucket).")
        case "AccessDenied"?, "AllAccessDisabled"?:
            caller.inaccessible(refusal.words, remedy: grant(for: operation))
        case "PermanentRedirect"?, "TemporaryRedirect"?, "IllegalLocationConstraintException"?:
            elsewhere(refusal)
        case "AuthorizationHeaderMalformed"? where refusal.region != nil: elsewhere(refusal)
        case "EntityTooLarge"?, "QuotaExceeded"?, "XMinioStorageFull"?:
            .unwritable(location: caller.location, detail: refusal.words)
        case "NotImplemented"? where operation == .create || operation == .replace:
            .untrustworthy(
                location: caller.location,
                promise: "conditional writes are refused (\(refusal.words))")
        case let code? where code.hasPrefix("KMS."):
            caller.inaccessible(refusal.words, remedy: "Correct `state.sse_kms_key_id`.")
        default: caller.meaning(of: refusal)
        }
    }

    /// The command that makes the bucket.
    private var creation: String {
        if place.isR2 { return "npx wrangler r2 bucket create \(place.bucket)" }
        let option = place.endpoint.map { "--endpoint-url \($0)" } ?? "--region \(place.region)"
        return "aws s3 mb s3://\(place.bucket) \(option)"
    }

    private func elsewhere(_ refusal: Refusal) -> StateError {
        guard let region = refusal.region, region != place.region else {
            return caller.inaccessible(
                refusal.words,
                remedy: "Set \(use.region) to what `aws s3api get-bucket-location --bucket "
                    + "\(place.bucket)` says.")
        }
        return caller.inaccessible(
            "the bucket is in the region \(region), not in \(place.region)",
            remedy: "Set \(use.region(region)).")
    }

    // MARK: - Permissions

    private func grant(for operation: S3Operation) -> String {
        let origin = caller.http.credentialOrigin
        if place.isR2 {
            return "Give the R2 token in \(origin) the permission Object Read & Write for the "
                + "bucket \(place.bucket)."
        }
        let grants = permissions(for: operation).joined(separator: ", and ")
        return "Grant \(grants) to the credentials from \(origin)."
    }

    private func permissions(for operation: S3Operation) -> [String] {
        let objects = "\(place.arn)/*"
        return switch operation {
        case .get:
            // Who may not list is not told that a key is missing, but that he may not look.
            ["s3:GetObject on \(objects)"] + keyPermission("kms:Decrypt")
                + ["s3:ListBucket on \(place.arn), without which a missing object looks forbidden,"]
        case .create: ["s3:PutObject on \(objects)"] + keyPermission("kms:GenerateDataKey")
        case .replace:
            ["s3:PutObject and s3:GetObject on \(objects)"]
                + keyPermission("kms:GenerateDataKey")
        case .list: ["s3:ListBucket on \(place.arn)"]
        case .delete: ["s3:DeleteObject on \(objects)"]
        }
    }

    private func keyPermission(_ permission: String) -> [String] {
        guard case .kms(let keyID)? = encryption else { return [] }
        return ["\(permission) on the key \(keyID ?? "aws/s3")"]
    }
}
