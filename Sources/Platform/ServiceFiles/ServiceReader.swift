import Resources
import Services

/// Makes a `ServiceSpec` of a checked spec.
struct ServiceReader {
    private let document: SpecDocument
    private let project: ProjectSpec
    /// False when `launch.yaml` has errors: then what depends on it is not held against anyone.
    private let isProjectSound: Bool
    private(set) var checker: SpecChecker

    init(_ document: SpecDocument, in project: ProjectSpec, isProjectSound: Bool) {
        self.document = document
        self.project = project
        self.isProjectSound = isProjectSound
        checker = SpecChecker(file: document.file, start: document.start)
    }

    private var name: String { document.name }

    /// The service as far as it could be read; what could not is in `checker.diagnostics`.
    mutating func read() -> ServiceSpec {
        let value = checker.check(document.root, SpecField.service)
        let spec = ServiceSpec(
            name: name, target: value.choice("target") ?? .aws, size: Size(value["size"]),
            publicAccess: publicAccess(value), port: value["port"]?.integer,
            secrets: (value["secrets"]?.list ?? []).compactMap(\.string),
            kind: value.choice("kind") ?? .web, health: value["health"]?.string,
            spot: value["spot"]?.boolean ?? false, guest: guest(value),
            runnerLife: value.choice("runner") ?? .persistent,
            data: value["data"]?["size"]?.integer.map { DataVolume(gibibytes: $0 / 1024) },
            exposure: value.choice("expose") ?? .tunnel,
            ingress: (value["ingress"]?.list ?? []).compactMap(IngressRule.init),
            environment: value["environment"]?.string ?? project.environment,
            protect: value["protect"]?.boolean ?? false, formerName: value["was"]?.string,
            file: checker.file, places: places)
        checkTarget(value)
        checkCertificate(spec)
        checkSecrets(spec)
        checkHostname(spec)
        return spec
    }

    private var places: [String: Place] {
        guard let place = document.namePlace else { return checker.keyPlaces }
        return checker.keyPlaces.merging([ServiceSpec.nameKey: place]) { key, _ in key }
    }

    private func guest(_ value: Value) -> GuestKind {
        guard value["target"]?.string == "proxmox" else { return .vm }
        return value.choice("guest") ?? project.proxmox.guest
    }

    /// The name and port of a public service, as far as they can be told.
    private mutating func publicAccess(_ value: Value) -> PublicAccess? {
        guard let wanted = value["public"], wanted != false else { return nil }
        let hostname = wanted["hostname"]?.string ?? project.domain.map { "\(name).\($0)" }
        let port = wanted["port"]?.integer ?? value["port"]?.integer
        if port == nil, !wasGiven("port"), !wasGiven("public.port") {
            checker.report(
                at: "public", "a public service needs \"port\", the port that it listens on")
        }
        if hostname == nil, isProjectSound, !wasGiven("public.hostname") {
            checker.report(
                at: "public",
                "a public service needs a name: set \"domain\" in launch.yaml, or"
                    + " \"public.hostname\" here")
        }
        guard let hostname, let port else { return nil }
        return PublicAccess(
            hostname: hostname, port: port, certificate: wanted.choice("certificate") ?? .origin)
    }

    private func wasGiven(_ path: String) -> Bool { checker.keyPlaces[path] != nil }

    private mutating func checkTarget(_ value: Value) {
        if value["target"]?.string == "proxmox", value["spot"] == true {
            checker.report(at: "spot", "\"spot\" is for aws; this service's target is proxmox")
        }
        if value["target"]?.string == "aws", value["guest"] != nil {
            checker.report(at: "guest", "\"guest\" is for proxmox; this service's target is aws")
        }
    }

    private mutating func checkCertificate(_ spec: ServiceSpec) {
        guard wasGiven("public.certificate"), spec.exposure == .tunnel else { return }
        checker.report(
            at: "public.certificate",
            "\"certificate\" is for expose: direct; a tunnel needs none at the origin")
    }

    private mutating func checkSecrets(_ spec: ServiceSpec) {
        for (index, secret) in spec.secrets.enumerated()
        where spec.secrets.firstIndex(of: secret) != index {
            checker.report(at: "secrets", "the secret \(secret) is listed twice")
        }
    }

    /// <https://developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations/>
    private mutating func checkHostname(_ spec: ServiceSpec) {
        guard let hostname = spec.publicAccess?.hostname, let domain = project.domain,
            hostname.hasSuffix(".\(domain)")
        else { return }
        let label = hostname.dropLast(domain.count + 1)
        guard label.contains(".") else { return }
        let other = label.hasPrefix("*") ? "*" : label.replacing(".", with: "-")
        checker.report(
            at: wasGiven("public.hostname") ? "public.hostname" : "public",
            "\(hostname) is more than one level below \(domain): Cloudflare's Universal SSL does"
                + " not cover it; use \(other).\(domain)")
    }
}

extension Size {
    /// The default size when nothing was said or what was said does not fit.
    fileprivate init(_ value: Value?) {
        guard let cpu = value?["cpu"]?.integer, let memory = value?["memory"]?.integer,
            let disk = value?["disk"]?.integer
        else {
            self = .named(value?.string.flatMap(Name.init) ?? .small)
            return
        }
        self = .custom(
            MachineShape(cpu: cpu, memoryMebibytes: memory, diskGibibytes: disk / 1024))
    }
}

extension IngressRule {
    fileprivate init?(_ value: Value) {
        guard let port = value["port"]?.integer, let from = value["from"]?.list else { return nil }
        var sources: [String] = []
        for source in from.compactMap(\.string) where !sources.contains(source) {
            sources.append(source)
        }
        self.init(port: port, sources: sources, transport: value.choice("protocol") ?? .tcp)
    }
}
