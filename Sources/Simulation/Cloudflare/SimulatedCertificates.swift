import Foundation
package import Resources

/// The certificates that Cloudflare issued for origins:
/// <https://developers.cloudflare.com/api/resources/origin_ca_certificates/>.
///
/// What it shows for a certificate has the form of one, and no signature that TLS would take.
package final class SimulatedCertificates {
    private struct Certificate {
        let id: String
        let text: String
        let fields: [String: Value]
        let expiry: Date
        var revoked: Date?

        var hostnames: [String] { (fields["hostnames"]?.list ?? []).compactMap(\.string) }
    }

    private static let requestTypes = ["origin-rsa", "origin-ecc", "keyless-certificate"]
    /// Days.
    private static let validities = [7, 30, 90, 365, 730, 1095, 5475]

    private unowned let core: WorldCore
    private let zones: SimulatedZones
    private var certificates: [Certificate] = []
    /// Whether lists hold what was revoked, too.
    package var showsRevoked = false

    init(_ core: WorldCore, zones: SimulatedZones) {
        self.core = core
        self.zones = zones
    }

    var count: Int { valid.count }

    private var valid: [Certificate] { certificates.filter { $0.revoked == nil } }

    /// - Parameter segments: the path after `/certificates`.
    func answer(
        _ request: SimulatedRequest, _ segments: [String]
    ) throws -> SimulatedCloudflare.Result {
        switch (request.method, segments.first) {
        case ("GET", nil): return .init(try page(request.parameters))
        case ("POST", nil): return .init(try issue(try request.fields))
        case ("GET", let id?): return .init(value(certificates[try index(of: id)]))
        case ("DELETE", let id?):
            certificates[try index(of: id)].revoked = core.now
            return .init(["id": .string(id), "revoked_at": core.now.timestamp])
        default: throw CloudflareRefusal.noRoute
        }
    }

    private func index(of id: String) throws -> Int {
        guard let index = certificates.firstIndex(where: { $0.id == id && $0.revoked == nil })
        else {
            throw CloudflareRefusal(404, 1101, "Failed to read certificate from Database")
        }
        return index
    }

    private func page(_ parameters: [String: String]) throws -> CloudflarePage {
        guard let zone = parameters["zone_id"].flatMap(zones.name) else {
            throw CloudflareRefusal(400, 1012, "Request must contain a valid zone_id")
        }
        let found = (showsRevoked ? certificates : valid).filter { certificate in
            certificate.hostnames.contains { SimulatedZones.holds($0, zone) }
        }
        return try CloudflarePage(
            of: found.map(value), parameters, sizes: 1...50, usual: 20,
            cap: core.configuration.pageSize)
    }

    private func issue(_ fields: [String: Value]) throws -> Value {
        guard let text = fields["csr"]?.string, let request = SimulatedRequestForm(pem: text) else {
            throw CloudflareRefusal(400, 1003, "Failed to parse the certificate request")
        }
        guard let type = fields["request_type"]?.string, Self.requestTypes.contains(type),
            type != "origin-ecc" || request.hasKeyOnP256, type != "origin-rsa" || request.hasRSAKey
        else { throw CloudflareRefusal(400, 1004, "Invalid request_type") }
        let days = fields["requested_validity"] ?? 5475
        guard let days = days.integer, Self.validities.contains(days) else {
            throw CloudflareRefusal(400, 1005, "Invalid requested_validity")
        }
        let hostnames = fields["hostnames"]?.list?.map { $0.string ?? "" } ?? []
        guard !hostnames.isEmpty, hostnames.allSatisfy(zones.serve) else {
            throw CloudflareRefusal(
                400, 1010, "A hostname is not of a zone that belongs to this account")
        }
        let made = Certificate(
            id: core.random.hexadecimal(32), text: Self.armoured(request.content),
            fields: [
                "csr": fields["csr"] ?? .null, "hostnames": .list(hostnames.map(Value.string)),
                "request_type": .string(type), "requested_validity": .integer(days),
            ], expiry: core.now.addingTimeInterval(Double(days) * 86_400))
        certificates.append(made)
        return value(made)
    }

    private static func armoured(_ content: Data) -> String {
        let body = content.base64EncodedString(options: [.lineLength64Characters])
        return "-----BEGIN CERTIFICATE-----\n\(body)\n-----END CERTIFICATE-----\n"
    }

    private func value(_ certificate: Certificate) -> Value {
        var more: [String: Value] = [
            "id": .string(certificate.id), "certificate": .string(certificate.text),
            "expires_on": certificate.expiry.timestamp,
        ]
        more["revoked_at"] = certificate.revoked?.timestamp
        return .object(certificate.fields.merging(more) { own, _ in own })
    }
}

// MARK: - For others

extension SimulatedCertificates {
    /// Those that are good now, as the API shows them.
    package var live: [Value] { valid.filter { $0.expiry > core.now }.map(value) }

    /// True when that one is good for a name.
    func isGood(_ id: String, for host: String) -> Bool {
        valid.contains { certificate in
            certificate.id == id && certificate.expiry > core.now
                && certificate.hostnames.contains { Self.covers($0, host) }
        }
    }

    /// A wildcard stands for one label.
    private static func covers(_ name: String, _ host: String) -> Bool {
        guard name.hasPrefix("*.") else { return name == host }
        return host.drop { $0 != "." } == name.dropFirst()
    }

    /// Has one issued as somebody else would.
    package func add(_ hostnames: [String], days: Int = 5475) {
        certificates.append(
            Certificate(
                id: core.random.hexadecimal(32), text: Self.armoured(Data([0x30, 0])),
                fields: [
                    "csr": "", "hostnames": .list(hostnames.map(Value.string)),
                    "request_type": "origin-rsa", "requested_validity": .integer(days),
                ], expiry: core.now.addingTimeInterval(Double(days) * 86_400)))
    }

    /// Revokes all that are good for a name.
    package func revoke(for host: String) {
        for index in certificates.indices
        where certificates[index].hostnames.contains(where: { Self.covers($0, host) }) {
            certificates[index].revoked = certificates[index].revoked ?? core.now
        }
    }
}
