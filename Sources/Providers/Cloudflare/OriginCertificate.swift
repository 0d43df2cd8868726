import Foundation
import Resources

/// A certificate of Cloudflare's Origin CA, as its API shows it.
///
/// It has no place for a comment, so it bears its mark among its hostnames: one that nobody asks
/// for, `<service>.<project>.launch.<zone>`. None of the first two may hold a dot.
struct OriginCertificate: Sendable {
    let id: String
    /// In PEM.
    let text: String
    /// What it was issued for, in PEM.
    let request: String
    let expiry: Date
    let service: String
    /// Without the mark.
    let hostnames: [String]

    /// `nil` for one without the project's mark, and for one that was revoked.
    init?(_ value: Value, project: String, in zone: Zone) {
        let marks = Self.mark(of: "", project, in: zone)
        let names = (value["hostnames"]?.list ?? []).compactMap(\.string).map(canonicalHostname)
        guard value["revoked_at"]?.isNull ?? true, let id = value["id"]?.string,
            let text = value["certificate"]?.string,
            let expiry = value["expires_on"]?.string.flatMap(Self.time),
            let mark = names.first(where: { $0.hasSuffix(marks) }),
            !mark.dropLast(marks.count).isEmpty, !mark.dropLast(marks.count).contains(".")
        else { return nil }
        self.id = id
        self.text = text
        request = value["csr"]?.string ?? ""
        self.expiry = expiry
        service = String(mark.dropLast(marks.count))
        hostnames = names.filter { $0 != mark }
    }

    static func mark(of service: String, _ project: String, in zone: Zone) -> String {
        "\(service).\(project).launch.\(canonicalHostname(zone.name))"
    }

    /// Cloudflare writes times by RFC 3339, or as Go prints them: `2038-01-15 20:44:00 +0000 UTC`.
    private static func time(_ text: String) -> Date? {
        Date(timestamp: text.prefix(19).replacing(" ", with: "T") + ".000Z")
    }

    /// True when it is time for another one: 90 days before its end.
    func isRunningOut(at now: Date) -> Bool { expiry.timeIntervalSince(now) < 90 * 86_400 }

    func observed(at now: Date) -> ObservedResource {
        ObservedResource(
            Address(service: service, kind: OriginCertificates.kind), id: id,
            attributes: [
                "id": .string(id), "hostnames": .list(hostnames.sorted().map(Value.string)),
                "current": .boolean(!isRunningOut(at: now)),
                "expires_on": .string(expiry.timestamp),
            ])
    }
}

extension OriginCertificate {
    static func endsEarlier(_ left: Self, _ right: Self) -> Bool {
        (left.expiry, left.id) < (right.expiry, right.id)
    }
}
