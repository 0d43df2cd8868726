import Resources
import Services

extension SpecField {
    /// The keys of `service.yaml`.
    package static let service: [SpecField] = [
        SpecField(
            "target", .choice(of: ServiceSpec.Target.self), required: true,
            "Where the service runs."),
        SpecField(
            "size", .either(.choice(of: Size.Name.self), .mapping(machineShape)),
            fallback: "small", "How big its machine is."),
        SpecField(
            "public", .either(.boolean, .mapping(publicAccess)), fallback: false,
            "Gives the service a DNS name and TLS: https://<name>.<domain>, or the hostname given"
                + " here."),
        SpecField(
            "port", .integer(1...65535), "The port that the application listens on, on the host."),
        SpecField(
            "secrets", .list(of: .text(.secretName), atLeast: 0), fallback: [],
            "Names of secrets; their values come from GitHub Secrets or the environment."),
        SpecField(
            "kind", .choice(of: ServiceSpec.Kind.self), fallback: "web",
            "What counts as healthy: an HTTP status for web, an answered initialize for mcp, a"
                + " running process for worker."),
        SpecField(
            "health", .text(.urlPath),
            "The path that is asked: for web a health check, for mcp the endpoint."),
        SpecField("spot", .boolean, fallback: false, "Uses AWS spot capacity. Only on aws."),
        SpecField(
            "guest", .choice(of: GuestKind.self),
            "A virtual machine or a container. Only on proxmox; targets.proxmox.guest of"
                + " launch.yaml if left out."),
        SpecField(
            "runner", .choice(of: ServiceSpec.RunnerLife.self), fallback: "persistent",
            "Whether the runner stays, or registers anew after each job."),
        SpecField(
            "data", .mapping([size("size", .disk(atLeast: 1), "How big the volume is.")]),
            "A volume at /srv/<name>/data that outlives its machine."),
        SpecField(
            "expose", .choice(of: ServiceSpec.Exposure.self), fallback: "tunnel",
            "How public traffic arrives: through a Cloudflare Tunnel with no open port, or"
                + " directly."),
        SpecField(
            "ingress", .list(of: .mapping(ingressRule), atLeast: 0), fallback: [],
            "Firewall rules beyond what the service needs by itself."),
        SpecField(
            "environment", .text(.environmentName),
            "Overrides the environment of launch.yaml; a runner label."),
        SpecField(
            "protect", .boolean, fallback: false,
            "Refuses to delete or replace the machine or its data."),
        SpecField(
            "was", .text(.serviceName),
            "The service's former name: what it had is moved, not rebuilt."),
    ]

    private static let machineShape = [
        SpecField("cpu", .integer(1...512), required: true, "Processors."),
        size("memory", .memory, "Memory."),
        size("disk", .disk(atLeast: 8), "The root disk."),
    ]

    private static let publicAccess = [
        SpecField(
            "hostname", .text(.hostname),
            "The name, also the domain itself or *.<domain>; <name>.<domain> if left out."),
        SpecField(
            "port", .integer(1...65535), "The port behind it; the service's port if left out."),
        SpecField(
            "certificate", .choice(of: PublicAccess.Certificate.self), fallback: "origin",
            "With expose: direct: a certificate of Cloudflare's Origin CA, or none, when the"
                + " service brings its own."),
    ]

    private static let ingressRule = [
        SpecField("port", .integer(1...65535), required: true, "The port to open."),
        SpecField(
            "from", .list(of: .networkBlock, atLeast: 1), required: true,
            "The networks that may connect."),
        SpecField(
            "protocol", .choice(of: IngressRule.TransportProtocol.self), fallback: "tcp",
            "The transport protocol."),
    ]

    private static func size(_ name: String, _ rule: SizeRule, _ what: String) -> SpecField {
        SpecField(name, .size(rule), required: true, what)
    }
}
