package import Resources

extension CloudflareProvider {
    /// The identifiers of the zones that hold the records, by host name; one list of zones. A name
    /// that no zone holds is left out.
    package func zones(of records: [Address]) async throws -> [String: String] {
        let purpose = Purpose(
            action: "list the zones", address: nil, permission: "Zone › Zone: Read")
        return try await purpose.run {
            var zones: [String: String] = [:]
            for hostname in records.map(DNSRecords.hostname) {
                zones[hostname] = try await directory.find(hostname)?.id
            }
            return zones
        }
    }
}
