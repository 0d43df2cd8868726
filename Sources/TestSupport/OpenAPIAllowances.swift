package import HTTP

/// Where an OpenAPI document says more than the API that it describes, each with its reason.
package struct OpenAPIAllowances: Sendable {
    /// Members that need not be there, by the name of their schema.
    package var optionalMembers: [String: Set<String>]
    /// Methods whose body, although called required, may be left out.
    package var bodyless: Set<HTTPRequest.Method>

    /// Ends of paths that the document leaves out.
    package var undescribed: Set<String>
    /// Parameters of queries that the document leaves out, by path.
    package var moreQueries: [String: Set<String>]

    package init(
        optionalMembers: [String: Set<String>] = [:], bodyless: Set<HTTPRequest.Method> = [],
        undescribed: Set<String> = [], moreQueries: [String: Set<String>] = [:]
    ) {
        self.optionalMembers = optionalMembers
        self.bodyless = bodyless
        self.undescribed = undescribed
        self.moreQueries = moreQueries
    }

    /// For the document of 6 August 2024.
    package static let cloudflare = OpenAPIAllowances(
        optionalMembers: [
            // One schema serves requests and answers: these the server sets.
            "dns-records_dns-record": ["id", "proxiable", "created_on", "modified_on"],
            // The last rule must not have a hostname.
            "tunnel_ingressRule": ["hostname"],
            // Types whose parts are in `data` and whose `content` the server derives.
            "dns-records_MXRecord": ["priority"],
        ],
        // An empty object in later documents' examples; none is sent by Cloudflare's own clients.
        bodyless: [.delete],
        // Only the part for zones, records and tunnels lies beside the package.
        undescribed: ["/ips", "/logs/audit"],
        // Its `result_info` tells of pages, and later documents say how to ask for them.
        moreQueries: ["/certificates": ["page"]])

    /// For the description of July 2022 with later runner operations.
    package static let github = OpenAPIAllowances()
}
