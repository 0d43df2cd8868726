import HTTP
package import Resources

import Foundation
import Synchronization

/// A new private key, and the request to have a certificate for it, both in PEM.
package typealias CertificateRequesting =
    @Sendable (_ hostnames: [String]) -> (key: Secret, request: String)

/// The verbs for `cloudflare.origin_certificate`:
/// <https://developers.cloudflare.com/ssl/origin-configuration/origin-ca/>.
///
/// A certificate cannot be changed: to update it is to have another one issued, and to revoke the
/// earlier ones of the service. Those that soon run out are left to, for they may still be in use.
final class OriginCertificates: Sendable {
    static let kind = KindName(.cloudflare, "origin_certificate")
    static let permission = "Zone › SSL and Certificates: Edit"
    /// In days.
    private static let validity = 365

    private let api: CloudflareAPI
    private let zones: ZoneDirectory
    private let project: String
    private let time: any TimeSource
    private let request: CertificateRequesting
    private let memory = Mutex(Memory())

    /// What is known of this run alone.
    private struct Memory {
        /// Where certificates were looked for.
        var zones: Set<Zone> = []
        /// What was issued, by service.
        var issued: [String: Issued] = [:]
    }

    private struct Issued {
        let id: String
        /// The key, and after it the certificate.
        let pair: Secret
    }

    init(
        api: CloudflareAPI, zones: ZoneDirectory, project: String, time: any TimeSource,
        request: @escaping CertificateRequesting
    ) {
        self.api = api
        self.zones = zones
        self.project = project
        self.time = time
        self.request = request
    }

    /// The certificate of each service that lasts longest: one list a zone, and only where there
    /// may be any.
    func observe(_ scope: Scope, hostnames: Set<String>) async throws -> [ObservedResource] {
        guard scope.mayHold(Self.kind) else { return [] }
        let recorded = scope.recorded.filter { $0.address.kind == Self.kind }
            .flatMap { names($0.attributes["hostnames"]) }
        return try await purpose("list the origin certificates", nil).run {
            try await look(in: hostnames.union(recorded))
            let found = Dictionary(grouping: try await certificates(), by: \.service)
            let now = time.now()
            return found.filter { scope.includes($0.key) }
                .compactMap { $0.value.max(by: OriginCertificate.endsEarlier)?.observed(at: now) }
                .sorted { $0.address < $1.address }
        }
    }

    /// The certificate that this run had issued for these hostnames, or else a new one.
    func issue(_ desired: Resource) async throws -> ObservedResource {
        let purpose = purpose("have the origin certificate issued", desired.address)
        return try await purpose.run {
            let order = try await order(of: desired, purpose)
            let (made, others) = try await api.settling(orWhen: { _ in false }) {
                try await place(order, purpose)
            }
            let now = time.now()
            for other in others where other.id != made.id && !other.isRunningOut(at: now) {
                try await revoke(other)
            }
            return made.observed(at: now)
        }
    }

    /// Revokes all of the service's, the newest last: while one is there, there is more to do.
    func delete(_ observed: ObservedResource) async throws {
        try await purpose("revoke the origin certificate", observed.address).run {
            try await look(in: names(observed["hostnames"]))
            let service = observed.address.service
            for certificate in try await certificates(of: service)
                .sorted(by: OriginCertificate.endsEarlier)
            {
                try await revoke(certificate)
            }
            _ = memory.withLock { $0.issued.removeValue(forKey: service) }
        }
    }

    /// The key and the certificate that this run had issued for a service.
    ///
    /// - Throws: `ProviderError` when it had none issued: nobody has the key but who got it then.
    func pair(for ephemeral: Ephemeral) throws -> Secret {
        if let issued = memory.withLock({ $0.issued[ephemeral.service] }) { return issued.pair }
        throw ProviderError(
            .notFound, provider: .cloudflare, address: ephemeral.origin,
            action: "obtain \(ephemeral.name)",
            detail: "this run had no certificate issued for \(ephemeral.service), and only the one "
                + "that had it issued knew its key",
            remedy: "Run `launch converge` again: it has another one issued.")
    }

    private func purpose(_ action: String, _ address: Address?) -> Purpose {
        Purpose(action: action, address: address, permission: Self.permission)
    }
}

// MARK: - Issuing

extension OriginCertificates {
    /// What is asked for.
    private struct Order {
        let service: String
        let zone: Zone
        let hostnames: Set<String>
        let key: Secret
        let request: String
        let body: Value

        /// True for the certificate that the request led to, whatever white space is around it.
        func isFor(_ certificate: OriginCertificate) -> Bool {
            certificate.request.trimmingCharacters(in: .whitespacesAndNewlines)
                == request.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    private func order(of desired: Resource, _ purpose: Purpose) async throws -> Order {
        let service = desired.address.service
        let hostnames = names(desired["hostnames"])
        let zone = try await zones.zone(of: hostnames.min() ?? "", for: purpose)
        _ = memory.withLock { $0.zones.insert(zone) }
        let mark = OriginCertificate.mark(of: service, project, in: zone)
        let all = hostnames.sorted() + [mark]
        let (key, request) = request(all)
        return Order(
            service: service, zone: zone, hostnames: hostnames, key: key, request: request,
            body: [
                "csr": .string(request), "request_type": "origin-ecc",
                "requested_validity": .integer(Self.validity),
                "hostnames": .list(all.map(Value.string)),
            ])
    }

    /// Looks, and then asks for a certificate unless there is one whose key this run knows: also
    /// one whose answer was lost.
    ///
    /// - Returns: it, and all that the service had before.
    private func place(
        _ order: Order, _ purpose: Purpose
    ) async throws -> (made: OriginCertificate, others: [OriginCertificate]) {
        let present = try await certificates(of: order.service)
        if let made = present.first(where: { isReady($0, for: order) }) { return (made, present) }
        if let made = present.first(where: order.isFor) {
            keep(made, order.key)
            return (made, present)
        }
        let answer = try await api.post("/certificates", order.body)
        if let made = OriginCertificate(answer, project: project, in: order.zone) {
            keep(made, order.key)
            return (made, present)
        }
        throw ProviderError(
            .unavailable, provider: .cloudflare, address: purpose.address, action: purpose.action,
            detail: "the answer lacks the certificate")
    }

    /// True when this run had it issued, and it will do.
    private func isReady(_ certificate: OriginCertificate, for order: Order) -> Bool {
        memory.withLock { $0.issued[order.service]?.id } == certificate.id
            && Set(certificate.hostnames) == order.hostnames
            && !certificate.isRunningOut(at: time.now())
    }

    private func keep(_ certificate: OriginCertificate, _ key: Secret) {
        let pair = Secret(key.revealed + certificate.text)
        memory.withLock {
            $0.issued[certificate.service] = Issued(id: certificate.id, pair: pair)
        }
    }
}

// MARK: - What is there

extension OriginCertificates {
    /// Has the zones of these hostnames looked through from now on.
    private func look(in hostnames: Set<String>) async throws {
        let found = try await zones.zones(of: hostnames)
        memory.withLock { $0.zones.formUnion(found) }
    }

    /// All of the project's in the zones where it may have any.
    private func certificates() async throws -> [OriginCertificate] {
        let zones = memory.withLock { $0.zones }.sorted { $0.name < $1.name }
        return try await zones.concurrentMap { zone in
            try await self.api.list("/certificates", [("zone_id", zone.id)], perPage: nil)
                .compactMap { OriginCertificate($0, project: self.project, in: zone) }
        }.flatMap(\.self)
    }

    private func certificates(of service: String) async throws -> [OriginCertificate] {
        try await certificates().filter { $0.service == service }
    }

    /// Already gone is fine.
    private func revoke(_ certificate: OriginCertificate) async throws {
        do {
            _ = try await api.result(.delete, "/certificates/\(certificate.id.percentEncoded)")
        } catch let failure as CloudflareFailure where failure.isNotFound {}
    }

    private func names(_ value: Value?) -> Set<String> {
        Set((value?.list ?? []).compactMap(\.string).map(canonicalHostname))
    }
}
