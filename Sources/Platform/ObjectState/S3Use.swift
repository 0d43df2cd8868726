/// What a bucket is read for: errors name the settings that say where it is.
package enum S3Use: Sendable {
    /// Launch's own state.
    case state
    /// A state of Terraform's.
    case terraform

    var bucket: String {
        switch self {
        case .state: "`state.bucket` in launch.yaml"
        case .terraform: "the bucket after --from-terraform"
        }
    }

    var region: String {
        switch self {
        case .state: "`state.region`"
        case .terraform: "AWS_REGION"
        }
    }

    func region(_ name: String) -> String {
        switch self {
        case .state: "`state.region: \(name)` in launch.yaml"
        case .terraform: "AWS_REGION=\(name)"
        }
    }

    var endpoint: String {
        switch self {
        case .state: "`state.endpoint`"
        case .terraform: "AWS_ENDPOINT_URL_S3"
        }
    }

    /// All of them.
    var settings: String {
        switch self {
        case .state: "`state` in launch.yaml"
        case .terraform: "the place after --from-terraform"
        }
    }
}
