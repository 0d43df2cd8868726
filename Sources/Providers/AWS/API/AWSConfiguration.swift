package import HTTP
import Resources

/// Where requests go.
package struct AWSConfiguration: Sendable {
    /// `nil` when neither launch.yaml, nor the environment, nor the profile names one.
    private let configuredRegion: String?
    /// The key in launch.yaml that names the region.
    private let setting: String
    private let environment: [String: String]

    /// - Parameters:
    ///   - region: launch.yaml's; it wins over `AWS_REGION` and `AWS_DEFAULT_REGION`.
    ///   - setting: the key in launch.yaml that names it.
    ///   - profileRegion: the profile's, for when nothing else names one.
    package init(
        region: String?, setting: String = "targets.aws.region", environment: [String: String],
        profileRegion: String? = nil
    ) {
        self.environment = environment
        self.setting = setting
        configuredRegion =
            region ?? environment.nonEmpty("AWS_REGION")
            ?? environment.nonEmpty("AWS_DEFAULT_REGION") ?? profileRegion
    }

    /// - Throws: `ProviderError` when there is none.
    package var region: String {
        get throws {
            if let configuredRegion { return configuredRegion }
            throw ProviderError(
                .invalid, provider: .aws, action: "choose a region", detail: "no region is set",
                remedy: "Set `\(setting)` in launch.yaml, or AWS_REGION.")
        }
    }

    /// The service's root, without a slash at the end; see `customEndpoint(of:)`.
    package func endpoint(of service: AWSService) throws -> String {
        if let custom = customEndpoint(of: service) { return custom }
        if service == .pricing { return "https://api.pricing.\(Self.pricingRegion).amazonaws.com" }
        let region = try region
        let domain = Self.domain(of: region)
        if service == .budgets { return "https://\(service.rawValue).\(domain)" }
        if service.isGlobal {
            let part = region.hasPrefix("us-gov-") ? ".us-gov" : ""
            let home = region.hasPrefix("cn-") ? ".cn-north-1" : part
            return "https://\(service.rawValue)\(home).\(domain)"
        }
        return "https://\(service.rawValue).\(region).\(domain)"
    }

    /// The region that requests to the service are signed for: a global one has a home.
    /// <https://docs.aws.amazon.com/general/latest/gr/iam-service.html>,
    /// <https://docs.aws.amazon.com/general/latest/gr/billing.html>
    func signingRegion(of service: AWSService) throws -> String {
        if service == .pricing { return Self.pricingRegion }
        let region = try region
        guard service.isGlobal else { return region }
        if region.hasPrefix("cn-") { return service == .iam ? "cn-north-1" : "cn-northwest-1" }
        return region.hasPrefix("us-gov-") ? "us-gov-west-1" : "us-east-1"
    }

    /// What stands in the ARNs of the region.
    package var partition: String {
        get throws {
            let region = try region
            if region.hasPrefix("cn-") { return "aws-cn" }
            return region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
        }
    }

    /// Where one of the few endpoints is that know the prices of all regions.
    private static let pricingRegion = "us-east-1"

    /// `AWS_ENDPOINT_URL_<SERVICE>` or `AWS_ENDPOINT_URL`, as in the SDKs; `nil` is AWS's own.
    package func customEndpoint(of service: AWSService) -> String? {
        if environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.lowercased() == "true" { return nil }
        let custom =
            environment.nonEmpty("AWS_ENDPOINT_URL_\(service.variableSuffix)")
            ?? environment.nonEmpty("AWS_ENDPOINT_URL")
        guard var custom else { return nil }
        while custom.hasSuffix("/") { custom.removeLast() }
        return custom
    }

    /// The Chinese regions are a partition of their own.
    private static func domain(of region: String) -> String {
        region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    }

    /// `AWS_CA_BUNDLE` names a file of authorities.
    package var trust: TLSTrust {
        environment.nonEmpty("AWS_CA_BUNDLE").map { .authorities(path: $0) } ?? .system
    }
}
