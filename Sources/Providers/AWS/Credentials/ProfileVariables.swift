import Resources

extension SharedProfiles.Profile {
    /// What the profile says of endpoints and authorities, as the variables that would say the
    /// same, as far as `environment` leaves it open.
    ///
    /// An endpoint in the environment, even one for all services, goes before those of a profile,
    /// and there one service's own before the one for all.
    /// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>
    func variables(
        beyond environment: [String: String], services: [String: String]
    ) -> [String: String] {
        var variables: [String: String] = [:]
        if environment.nonEmpty("AWS_ENDPOINT_URL") == nil, !ignoresEndpoints {
            variables["AWS_ENDPOINT_URL"] = config.nonEmpty("endpoint_url")
            for (service, settings) in services {
                let suffix = service.uppercased().map { $0 == " " || $0 == "-" ? "_" : $0 }
                variables["AWS_ENDPOINT_URL_\(String(suffix))"] = Self.nested(
                    "endpoint_url", settings)
            }
        }
        variables["AWS_CA_BUNDLE"] = config.nonEmpty("ca_bundle")
        return variables.filter { environment.nonEmpty($0.key) == nil }
    }

    private var ignoresEndpoints: Bool {
        config["ignore_configured_endpoint_urls"]?.lowercased() == "true"
    }

    /// A key in the indented block below a service's name.
    private static func nested(_ key: String, _ block: String) -> String? {
        for line in block.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1).map(\.trimmed)
            if parts.count == 2, parts[0].lowercased() == key, !parts[1].isEmpty {
                return String(parts[1])
            }
        }
        return nil
    }
}
