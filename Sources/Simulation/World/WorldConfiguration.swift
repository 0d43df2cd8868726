/// What kind of world it is.
package struct WorldConfiguration: Sendable {
    /// The time each request takes.
    package var latency: Duration = .zero
    /// From switching a machine on until its runner is online.
    package var bootTime: Duration = .seconds(40)
    /// How long a deploy job runs.
    package var jobTime: Duration = .seconds(20)
    /// How long a Proxmox task takes.
    package var taskTime: Duration = .seconds(3)
    /// How long EC2 keeps an instance `pending` or `shutting-down`, and DynamoDB a table
    /// `CREATING` or `DELETING`.
    package var instanceTime: Duration = .seconds(8)
    /// The one AWS region that there is.
    package var region = "us-east-1"
    package var proxmoxVersion = "9.1"
    package var proxmoxNodes = ["pve1", "pve2"]
    package var zones = ["example.com"]
    package var repositories = ["example/services"]
    /// The host of a GitHub Enterprise Server; `nil` is github.com.
    /// <https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api>
    package var enterpriseServer: String?
    /// How many secrets a repository takes; `nil` for worlds of more services than one can serve.
    /// <https://docs.github.com/en/actions/reference/secrets-reference>
    package var secretsPerRepository: Int? = 100
    /// Objects on a list page, where the vendor pages; small values exercise paging.
    package var pageSize: Int?
    /// How long EC2 denies knowing an object that it has just made, and a read of DynamoDB that
    /// does not ask for consistency sees what was there before.
    package var eventualConsistency: Duration = .zero
    /// Names of S3 buckets that there are from the start.
    package var buckets: [String] = []
    /// Names of DynamoDB tables, with the hash key `LockID`, that there are from the start.
    package var tables: [String] = []
    /// Aliases of KMS keys that there are from the start: `alias/state`.
    package var keys: [String] = []
    /// True for a server that accepts the conditions of S3 requests and does not obey them, as
    /// some of those that speak S3's protocol do.
    package var s3IgnoresConditions = false

    package init() {}
}
