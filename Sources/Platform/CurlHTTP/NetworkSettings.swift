/// What the environment and the caller say about the way to servers.
struct NetworkSettings: Sendable {
    let userAgent: String
    let connectTimeout: Duration
    let bodyLimit: Int
    /// A PEM file of authorities instead of the system's.
    let authoritiesFile: String?
    let authoritiesDirectory: String?
    /// Hosts reached without a proxy, separated by commas.
    let withoutProxy: String
    private let environment: [String: String]

    init(
        _ environment: [String: String], userAgent: String, connectTimeout: Duration,
        bodyLimit: Int
    ) {
        self.environment = environment.filter { !$0.value.isEmpty }
        self.userAgent = userAgent
        self.connectTimeout = connectTimeout
        self.bodyLimit = bodyLimit
        authoritiesFile = self.environment["CURL_CA_BUNDLE"] ?? self.environment["SSL_CERT_FILE"]
        authoritiesDirectory = self.environment["SSL_CERT_DIR"]
        withoutProxy = self.environment["no_proxy"] ?? self.environment["NO_PROXY"] ?? ""
    }

    /// The proxy's URL for requests of that scheme; `nil` for none.
    func proxy(for scheme: String) -> String? {
        ["\(scheme)_proxy", "all_proxy"].lazy
            .compactMap { environment[$0] ?? environment[$0.uppercased()] }
            .first
    }
}
