import HTTP
import Resources

/// Where requests go.
struct AWSConfiguration: Sendable {
    /// `nil` when neither launch.yaml nor the environment names one.
    private let configuredRegion: String?
    private let environment: [String: String]

    /// - Parameter region: launch.yaml's; it wins over `AWS_REGION` and `AWS_DEFAULT_REGION`.
    init(region: String?, environment: [String: String]) {
        self.environment = environment
        configuredRegion =
            region ?? environment.nonEmpty("AWS_REGION")
            ?? environment.nonEmpty("AWS_DEFAULT_REGION")
    }

    /// - Throws: `ProviderError` when there is none.
    var region: String {
        get throws {
            if let configuredRegion { return configuredRegion }
            throw ProviderError(
                .invalid, provider: .aws, action: "choose a region", detail: "no region is set",
                remedy: "Set `targets.aws.region` in launch.yaml, or AWS_REGION.")
        }
    }

    /// The service's root, without a slash at the end. `AWS_ENDPOINT_URL_<SERVICE>` and
    /// `AWS_ENDPOINT_URL` override it, as in the SDKs.
    func endpoint(of service: AWSService) throws -> String {
        let override =
            environment.nonEmpty("AWS_ENDPOINT_URL_\(service.variableSuffix)")
            ?? environment.nonEmpty("AWS_ENDPOINT_URL")
        if var override {
            while override.hasSuffix("/") { override.removeLast() }
            return override
        }
        let region = try region
        return "https://\(service.rawValue).\(region).\(Self.domain(of: region))"
    }

    /// The Chinese regions are a partition of their own.
    private static func domain(of region: String) -> String {
        region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    }

    /// `AWS_CA_BUNDLE` names a file of authorities.
    var trust: TLSTrust {
        environment.nonEmpty("AWS_CA_BUNDLE").map { .authorities(path: $0) } ?? .system
    }
}
