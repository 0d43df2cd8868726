package import Foundation
package import Planning
import Resources
import Services

extension StatusReport {
    /// The registry as one page that needs no network and reads on a phone.
    ///
    /// - Parameter drift: what is not as it was left, or not yet as the specs want it.
    package func html(_ drift: Drift, at now: Date) -> String {
        let findings = Dictionary(grouping: drift.findings, by: \.address.service)
        let moment = now.formatted(.iso8601)
        let cards = services.map { card($0, findings[$0.name] ?? [], at: now) }
        return HTMLPage(
            title: drift.project,
            lead: "\(counted(services.count, "service")) as of <time>\(moment)</time>.",
            body: cards.isEmpty ? "<p>No services.</p>" : cards.joined(separator: "\n")
        ).text
    }

    private func card(
        _ service: ServiceStatus, _ findings: [DriftFinding], at now: Date
    ) -> String {
        HTMLPage.card(
            service.name, badge: service.badge, lead: service.url.map(link) ?? "",
            facts: facts(of: service, findings, at: now))
    }

    private func facts(
        of service: ServiceStatus, _ findings: [DriftFinding], at now: Date
    ) -> [(label: String, value: String)] {
        let place = [service.target, service.environment].compactMap(\.self).joined(separator: ", ")
        let facts: [(String, String?)] = [
            ("where", place.isEmpty ? nil : place.html),
            ("address", service.addressIPv4?.html),
            ("runner", runner(service)),
            ("image", service.image?.html),
            ("reached", service.health?.rawValue.html),
            ("push to live", service.pushToLive?.formattedShort.html),
            ("certificate", service.certificateExpiry.map { certificate(until: $0, at: now) }),
            ("newer image", service.newerImage?.html),
            ("USD/month", service.cost?.words.html),
            (
                "converged",
                service.lastConvergedAt.map { "<time>\($0.formatted(.iso8601))</time>" } ?? "never"
            ),
            ("drift", drift(findings)),
        ]
        return facts.compactMap { label, value in value.map { (label, $0) } }
    }

    private func runner(_ service: ServiceStatus) -> String? {
        let words = [service.runner, service.runnerVersion].compactMap(\.self)
            .joined(separator: ", ").html
        guard let complaint = RunnerVersion.complaint(about: service.runnerVersion) else {
            return words.isEmpty ? nil : words
        }
        return words + "<br><span class=\"bad\">\(complaint.html)</span>"
    }

    /// Two weeks before its end a certificate should have been renewed.
    private func certificate(until expiry: Date, at now: Date) -> String {
        let words = "until <time>\(expiry.formatted(.iso8601))</time>"
        let left = expiry.timeIntervalSince(now)
        guard left < 14 * 86400 else { return words }
        return "<span class=\"\(left > 0 ? "warn" : "bad")\">\(words)</span>"
    }

    private func drift(_ findings: [DriftFinding]) -> String {
        guard !findings.isEmpty else { return #"<span class="good">none</span>"# }
        let found = findings.map { finding in
            let fields = finding.fields.map(\.path).joined(separator: ", ")
            return "\(finding.kind.rawValue) \(finding.address)"
                + (fields.isEmpty || finding.kind != .changed ? "" : " (\(fields))")
        }
        return "<span class=\"warn\">" + found.map(\.html).joined(separator: "<br>") + "</span>"
    }

    private func link(_ url: String) -> String { "<a href=\"\(url.html)\">\(url.html)</a>" }
}

extension ServiceStatus {
    /// How the page marks its state.
    fileprivate var badge: (grade: String, words: String) {
        switch state {
        case .running where runner == "offline": ("warn", "runner offline")
        case .running: ("good", "running")
        case .stopped: ("warn", "stopped")
        case .missing: ("bad", "missing")
        case .new: ("warn", "new")
        }
    }
}
