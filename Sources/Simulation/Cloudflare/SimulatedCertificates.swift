import Foundation
import Resources

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
    }

    private static let requestTypes = ["origin-rsa", "origin-ecc", "keyless-certificate"]
    /// Days.
    private static let validities = [7, 30, 90, 365, 730, 1095, 5475]

    private unowned let core: WorldCore
    private let zones: SimulatedZones
    private var certificates: [Certificate] = []

    init(_ core: WorldCore, zones: SimulatedZones) {
        self.core = core
        self.zones = zones
    }

    var count: Int { certificates.count }

    /// - Parameter segments: the path after `/certificates`.
    func answer(
        _ request: SimulatedRequest, _ segments: [String]
    ) throws -> SimulatedCloudflare.Result {
        switch (request.method, segments.first) {
        case ("GET", nil): return .init(try page(request.parameters))
        case ("POST", nil): return .init(try issue(try request.fields))
        case ("GET", let id?): return .init(value(certificates[try index(of: id)]))
        case ("DELETE", let id?):
            certificates.remove(at: try index(of: id))
            return .init(["id": .string(id), "revoked_at": core.now.timestamp])
        default: throw CloudflareRefusal.noRoute
        }
    }

    private func index(of id: String) throws -> Int {
        guard let index = certificates.firstIndex(where: { $0.id == id }) else {
            throw CloudflareRefusal(404, 1101, "Failed to read certificate from Database")
        }
        return index
    }

    private func page(_ parameters: [String: String]) throws -> CloudflarePage {
        guard let zone = parameters["zone_id"].flatMap(zones.name) else {
            throw CloudflareRefusal(400, 1012, "Request must contain a valid zone_id")
        }
        let found = certificates.filter { certificate in
            (certificate.fields["hostnames"]?.list ?? []).contains {
                SimulatedZones.holds($0.string ?? "", zone)
            }
        }
        return try CloudflarePage(
            of: found.map(value), parameters, sizes: 1...50, usual: 20,
            cap: core.configuration.pageSize)
    }

    private func issue(_ fields: [String: Value]) throws -> Value {
        guard let request = fields["csr"]?.string.flatMap(Self.content) else {
            throw CloudflareRefusal(400, 1003, "Failed to parse the certificate request")
        }
        guard let type = fields["request_type"]?.string, Self.requestTypes.contains(type) else {
            throw CloudflareRefusal(400, 1004, "Invalid request_type")
        }
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
            id: core.random.hexadecimal(32), text: Self.armoured(request),
            fields: [
                "csr": fields["csr"] ?? .null, "hostnames": .list(hostnames.map(Value.string)),
                "request_type": .string(type), "requested_validity": .integer(days),
            ], expiry: core.now.addingTimeInterval(Double(days) * 86_400))
        certificates.append(made)
        return value(made)
    }

    private static let opening = "-----BEGIN CERTIFICATE REQUEST-----"
    private static let closing = "-----END CERTIFICATE REQUEST-----"

    /// What is armoured, when it is a DER sequence.
    private static func content(of request: String) -> Data? {
        let lines = request.split(whereSeparator: \.isNewline).map(String.init)
        guard lines.first == opening, lines.last == closing,
            let data = Data(base64Encoded: lines.dropFirst().dropLast().joined()),
            data.first == 0x30
        else { return nil }
        return data
    }

    private static func armoured(_ content: Data) -> String {
        let body = content.base64EncodedString(options: [.lineLength64Characters])
        return "-----BEGIN CERTIFICATE-----\n\(body)\n-----END CERTIFICATE-----\n"
    }

    private func value(_ certificate: Certificate) -> Value {
        let more: [String: Value] = [
            "id": .string(certificate.id), "certificate": .string(certificate.text),
            "expires_on": certificate.expiry.timestamp,
        ]
        return .object(certificate.fields.merging(more) { own, _ in own })
    }
}
