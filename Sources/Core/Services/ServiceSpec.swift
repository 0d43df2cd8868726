package import Resources

/// One service's spec, checked and with its defaults filled in.
package struct ServiceSpec: Hashable, Sendable {
    package enum Target: String, Sendable, CaseIterable { case aws, proxmox }
    /// What "healthy" means.
    package enum Kind: String, Sendable, CaseIterable { case web, mcp, worker }
    /// How public traffic reaches the service.
    package enum Exposure: String, Sendable, CaseIterable { case tunnel, direct }
    /// Whether the runner stays registered, or registers anew after each job.
    package enum RunnerLife: String, Sendable, CaseIterable { case persistent, ephemeral }

    package var name: String
    package var target: Target
    package var size: Size
    /// Set when the service has a public name.
    package var publicAccess: PublicAccess?
    /// What the application listens on, on the host.
    package var port: Int?
    /// Names of secrets; never values.
    package var secrets: [String]
    package var kind: Kind
    package var health: String?
    package var spot: Bool
    package var guest: GuestKind
    package var runnerLife: RunnerLife
    package var data: DataVolume?
    package var exposure: Exposure
    package var ingress: [IngressRule]
    package var environment: String
    package var protect: Bool
    /// The name it had before.
    package var formerName: String?
    /// The file it was read from, relative to the repository.
    package var file: String
    /// Where each field stands in `file`; a field left to its default has no place, and the name
    /// has one, as `nameKey`, where the file gives it.
    package var places: [String: Place]

    /// What a module in HCL calls the service's name.
    package static let nameKey = "service_name"

    package init(
        name: String, target: Target, size: Size = .named(.small),
        publicAccess: PublicAccess? = nil, port: Int? = nil, secrets: [String] = [],
        kind: Kind = .web, health: String? = nil, spot: Bool = false, guest: GuestKind = .vm,
        runnerLife: RunnerLife = .persistent, data: DataVolume? = nil,
        exposure: Exposure = .tunnel, ingress: [IngressRule] = [],
        environment: String = "production", protect: Bool = false, formerName: String? = nil,
        file: String? = nil, places: [String: Place] = [:]
    ) {
        self.name = name
        self.target = target
        self.size = size
        self.publicAccess = publicAccess
        self.port = port
        self.secrets = secrets
        self.kind = kind
        self.health = health
        self.spot = spot
        self.guest = guest
        self.runnerLife = runnerLife
        self.data = data
        self.exposure = exposure
        self.ingress = ingress
        self.environment = environment
        self.protect = protect
        self.formerName = formerName
        self.file = file ?? "services/\(name)/service.yaml"
        self.places = places
    }

    /// The machine that the service runs on.
    package var machine: Address {
        switch target {
        case .aws: Address(service: name, kind: KindName(.aws, "instance"))
        case .proxmox: Address(service: name, kind: KindName(.proxmox, guest.rawValue))
        }
    }

    /// The runner that deploys the service.
    package var runner: Address { Address(service: name, kind: KindName(.github, "runner")) }

    /// `https://<hostname>`, for a public service; for one that has all names of a domain, the one
    /// of these that is called like the service.
    package var url: String? { publicAccess.map { "https://\($0.hostname(named: name))" } }

    /// The same without a word of where it stands.
    package var withoutPlaces: ServiceSpec {
        var spec = self
        spec.places = [:]
        return spec
    }

    /// True when Cloudflare goes on to the machine itself, which is to have a certificate of
    /// Cloudflare's for that.
    package var wantsOriginCertificate: Bool {
        exposure == .direct && publicAccess?.certificate == .origin
    }
}

/// A place in a file, both numbers from 1.
package struct Place: Hashable, Sendable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// The name a public service answers at, and the port behind it.
package struct PublicAccess: Hashable, Sendable {
    /// Whose certificate a service that is exposed directly has.
    package enum Certificate: String, Sendable, CaseIterable {
        /// One that Cloudflare issued for origins.
        case origin
        /// One that the service brings by itself.
        case own = "none"
    }

    package var hostname: String
    package var port: Int
    package var certificate: Certificate

    package init(hostname: String, port: Int, certificate: Certificate = .origin) {
        self.hostname = hostname
        self.port = port
        self.certificate = certificate
    }

    /// A name that one can ask for: `*.example.com` stands for every name below example.com that
    /// has no record of its own.
    ///
    /// <https://developers.cloudflare.com/dns/manage-dns-records/reference/wildcard-dns-records/>
    /// - Parameter label: what to put in the place of `*`.
    package func hostname(named label: String) -> String {
        hostname.hasPrefix("*.") ? label + hostname.dropFirst() : hostname
    }
}

/// A volume that outlives its machine, mounted at `/srv/<name>/data`.
package struct DataVolume: Hashable, Sendable {
    /// Whole GiB.
    package var gibibytes: Int

    package init(gibibytes: Int) { self.gibibytes = gibibytes }
}

/// One firewall rule beyond what a service needs by itself.
package struct IngressRule: Hashable, Sendable {
    package enum TransportProtocol: String, Sendable, CaseIterable { case tcp, udp }

    package var port: Int
    /// CIDR blocks, canonical.
    package var sources: [String]
    package var transport: TransportProtocol

    package init(port: Int, sources: [String], transport: TransportProtocol = .tcp) {
        self.port = port
        self.sources = sources
        self.transport = transport
    }
}
