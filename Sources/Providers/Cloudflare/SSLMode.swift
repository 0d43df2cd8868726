import HTTP
package import Resources

/// How Cloudflare goes on to the origin of a proxied address record: one setting of the whole
/// zone, which Launch reads and never changes.
///
/// <https://developers.cloudflare.com/ssl/origin-configuration/ssl-modes/>
struct SSLMode: Hashable, Sendable {
    static let permission = "Zone › Zone Settings: Read"

    let zone: String
    /// `off`, `flexible`, `full` or `strict`.
    let value: String

    /// What is wrong with it for an origin that speaks TLS on port 443; `nil` when nothing is.
    var complaint: String? {
        switch value {
        case "off":
            "the SSL mode of \(zone) is off: nobody gets an answer over https"
        case "flexible":
            "the SSL mode of \(zone) is flexible: Cloudflare speaks plain HTTP to the origin, at "
                + "port 80, which a service with `expose: direct` does not open"
        default: nil
        }
    }

    var remedy: String {
        "Set the zone's SSL/TLS encryption mode to Full or Full (strict), or remove "
            + "`expose: direct` from its services."
    }

    /// A record that leads straight to an origin.
    static func concerns(_ record: Resource) -> Bool {
        record.address.kind == DNSRecords.kind && record["proxied"] == true
            && ["A", "AAAA"].contains(record["type"]?.string ?? "")
    }
}

extension CloudflareProvider {
    /// The modes of the zones that hold direct services: one read each.
    func sslModes(for desired: [Resource], _ purpose: Purpose) async throws -> [SSLMode] {
        try await purpose.run {
            let hostnames = desired.filter(SSLMode.concerns).map(\.address)
                .map(DNSRecords.hostname)
            return try await directory.zones(of: hostnames).concurrentMap { zone in
                let setting = try await self.api.get(
                    "/zones/\(zone.id.percentEncoded)/settings/ssl")
                return SSLMode(zone: zone.name, value: setting["value"]?.string ?? "unknown")
            }
        }
    }

    /// Refuses to lead a name straight to an origin that Cloudflare would not reach. A token that
    /// may not read the mode is not in the way: `launch doctor` asks for the permission.
    ///
    /// - Throws: `ProviderError` with `.invalid`.
    package func preflight(creating desired: [Resource]) async throws {
        guard let first = desired.first(where: SSLMode.concerns) else { return }
        let purpose = Purpose(
            action: "expose the service directly", address: first.address,
            permission: SSLMode.permission)
        let modes: [SSLMode]
        do {
            modes = try await sslModes(for: desired, purpose)
        } catch let error as ProviderError {
            if case .forbidden = error.reason { return }
            throw error
        }
        if let mode = modes.first(where: { $0.complaint != nil }), let complaint = mode.complaint {
            throw ProviderError(
                .invalid, provider: .cloudflare, address: first.address, action: purpose.action,
                detail: complaint, remedy: mode.remedy)
        }
    }

    /// What the doctor says of it.
    func examineSSL(for desired: [Resource]) async -> [Finding] {
        let subject = "Cloudflare SSL"
        let purpose = Purpose(
            action: "read the SSL mode", address: nil, permission: SSLMode.permission)
        let isProved = desired.contains { $0.address.kind == OriginCertificates.kind }
        do {
            return try await sslModes(for: desired, purpose).map { mode in
                mode.complaint.map { .bad(subject, $0, remedy: mode.remedy) }
                    ?? .good(
                        subject,
                        "\(mode.zone) is in mode \(mode.value)"
                            + (isProved && mode.value == "full" ? "; strict would do as well" : ""))
            }
        } catch let error as ProviderError {
            guard case .forbidden = error.reason else { return [.bad(subject, error)] }
            return [
                .warning(
                    subject, "could not read it: \(error.detail)",
                    remedy: "Grant the token \(SSLMode.permission), or see yourself that it is "
                        + "Full or Full (strict).")
            ]
        } catch {
            return [.bad(subject, error)]
        }
    }
}
