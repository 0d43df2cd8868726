/// Where the state's objects are.
package struct S3Location: Hashable, Sendable {
    package let bucket: String
    /// `auto` for R2.
    package let region: String
    /// `nil` is AWS itself.
    package let endpoint: String?

    package init(bucket: String, region: String, endpoint: String?) {
        self.bucket = bucket
        self.region = region
        self.endpoint = endpoint
    }
}
