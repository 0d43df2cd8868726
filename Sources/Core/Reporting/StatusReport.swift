package import Foundation
package import Resources
package import Services

/// One line of the registry.
package struct ServiceStatus: Hashable, Sendable {
    package enum State: String, Sendable {
        case running, stopped, missing
        /// In the specs and never converged.
        case new
    }

    package let name: String
    package let target: String?
    package let environment: String?
    package let url: String?
    package let addressIPv4: String?
    package let state: State
    /// `online`, `offline`, or nothing when there is no runner.
    package let runner: String?
    /// The runner's own version, where GitHub tells it.
    package let runnerVersion: String?
    /// What its machine was made from: "ubuntu-24.04, ami-0abc".
    package let image: String?
    package let lastConvergedAt: Date?
    /// The image that a replacement of its machine would take; `nil` while it has the newest.
    package let newerImage: String?
    /// The last stage that it is known to have reached after its last push.
    package let health: ServingStage?
    package let timeline: Timeline
    /// From the push until the last stage; `nil` while that is not reached.
    package let pushToLive: Duration?
    /// Until when its certificate is valid, as it was when it was last followed.
    package let certificateExpiry: Date?
    /// What its objects cost a month; `nil` when nobody estimated that.
    package let cost: Cost?

    /// - Parameters:
    ///   - observed: the service's objects as they are now.
    ///   - lastStage: where its way from push to live ends.
    package init(
        name: String, recorded: ServiceState?, target: String?, environment: String?, url: String?,
        observed: [ObservedResource], cost: Cost? = nil, lastStage: ServingStage = .serving
    ) {
        let machine = observed.first { $0.address.isMachine }
        self.name = name
        self.target = target ?? recorded?.target
        self.environment = environment ?? recorded?.environment
        self.url = url ?? recorded?.url
        addressIPv4 = machine?["public_ipv4"]?.string ?? machine?["ipv4"]?.string
        let runner = observed.first { $0.address == $0.address.runner }
        self.runner = runner.map { $0["online"] == .boolean(true) ? "online" : "offline" }
        runnerVersion = runner?["version"]?.string
        let made = recorded?.resources.first { $0.address.isMachine }
        let images = [made?.attributes["image"], machine?["image_id"]].compactMap { $0?.string }
        image = images.isEmpty ? nil : images.joined(separator: ", ")
        lastConvergedAt = recorded?.lastConvergedAt
        newerImage = machine?["newer_image"]?.string
        timeline = Timeline(recorded?.timeline ?? [])
        health = timeline.furthest
        pushToLive = timeline.duration(to: lastStage)
        certificateExpiry = CertificateWords.expiry(in: timeline[.certificateValid]?.note)
        self.cost = cost
        if let machine {
            state = machine["running"] == .boolean(false) ? .stopped : .running
        } else {
            state = recorded?.resources.isEmpty ?? true ? .new : .missing
        }
    }
}

/// The registry: what is deployed, where, since when and at which URL.
package struct StatusReport: Sendable {
    let services: [ServiceStatus]

    package init(_ services: [ServiceStatus]) {
        self.services = services.sorted { $0.name < $1.name }
    }

    private static let nothing = "No services."
    private static let columns = [
        "SERVICE", "TARGET", "ENVIRONMENT", "STATE", "RUNNER", "HEALTH", "PUSH TO LIVE",
        "ADDRESS", "URL", "USD/MONTH", "CONVERGED",
    ]

    private func cells(_ service: ServiceStatus) -> [String] {
        [
            service.name, service.target ?? "–", service.environment ?? "–",
            service.state.rawValue, service.runner ?? "–", service.health?.rawValue ?? "–",
            service.pushToLive?.formattedShort ?? "–", service.addressIPv4 ?? "–",
            service.url ?? "–", service.cost?.words ?? "–",
            service.lastConvergedAt?.formatted(.iso8601) ?? "never",
        ]
    }

    /// - Parameter width: of the terminal, in columns. A wider table gives way to a list.
    package func text(_ style: Style = .plain, width: Int = .max) -> String {
        guard !services.isEmpty else { return Self.nothing + "\n" }
        let rows = services.map(cells)
        let widths = Self.columns.indices.map { column in
            (rows.map { $0[column].count } + [Self.columns[column].count]).max() ?? 0
        }
        func line(_ cells: [String]) -> String {
            zip(cells, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
                .trimmingCharacters(in: .whitespaces)
        }
        let lines = [line(Self.columns)] + rows.map(line)
        guard lines.allSatisfy({ $0.count <= width }) else { return list(rows, style) + notes }
        return ([style.bold(lines[0])] + lines.dropFirst()).joined(separator: "\n") + "\n" + notes
    }

    /// What is not so urgent as to need a column.
    private var notes: String {
        services.flatMap { service in
            [
                service.newerImage.map {
                    "\(service.name): a newer image is published, \($0). "
                        + "`launch converge --upgrade-image \(service.name)` takes it.\n"
                },
                RunnerVersion.complaint(about: service.runnerVersion).map {
                    "\(service.name): \($0). \(RunnerVersion.remedy)\n"
                },
            ].compactMap(\.self)
        }.joined()
    }

    /// Each service's cells below its name.
    private func list(_ rows: [[String]], _ style: Style) -> String {
        let labels = Self.columns.map { $0.lowercased() }
        let width = labels.map(\.count).max() ?? 0
        return rows.map { cells in
            zip(labels, cells).dropFirst().reduce(style.bold(cells[0]) + "\n") {
                $0 + "  \($1.0.padded(to: width))  \($1.1)\n"
            }
        }.joined(separator: "\n")
    }

    package var markdown: String {
        guard !services.isEmpty else {
            return MarkdownPage(title: "Launch status", lead: Self.nothing).text
        }
        return MarkdownPage(
            title: "Launch status", lead: "\(counted(services.count, "service")).",
            columns: Self.columns.map { $0.lowercased() },
            rows: services.map { cells($0).map(\.markdown) }, noun: "service",
            closing: notes.split(separator: "\n").map { String($0).markdown }
        ).text
    }

    /// One document as `schemas/status.schema.json` describes it.
    package var json: String {
        let document: Value = [
            "format_version": reportFormat,
            "services": .list(
                services.map { service in
                    [
                        "name": .string(service.name), "target": Value(service.target),
                        "environment": Value(service.environment), "url": Value(service.url),
                        "address_ipv4": Value(service.addressIPv4),
                        "state": .string(service.state.rawValue),
                        "health": Value(service.health?.rawValue),
                        "runner": Value(service.runner),
                        "runner_version": Value(service.runnerVersion),
                        "image": Value(service.image),
                        "newer_image": Value(service.newerImage),
                        "monthly_usd": service.cost?.monthlyUSD ?? .null,
                        "last_converged_at": Value(service.lastConvergedAt),
                        "certificate_expires_at": Value(service.certificateExpiry),
                        "push_to_live_seconds": Value(seconds: service.pushToLive),
                        "timeline": service.timeline.document,
                    ]
                }),
        ]
        return document.document
    }
}

extension Cost {
    /// "22.43", "≤ 22.43", "22.43 + ?".
    var words: String {
        (atMost.isEmpty ? "" : "≤ ") + usd.dollars + (unknown.isEmpty ? "" : " + ?")
    }
}
