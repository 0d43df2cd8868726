import HTTP
import Resources
import Testing

@testable import Simulation

@Suite struct ProxmoxSchemaTests {
    @Test(
        .enabled(if: ProxmoxReference.isPresent, "needs ../shared/api/proxmox.json"),
        arguments: ProxmoxReference.vectors)
    func judgesAsTheServerDoes(_ vector: ProxmoxReference.Vector) throws {
        let sent = PVEArguments(form: formEncoded(vector.parameters.map { ($0.name, $0.value) }))
        let version = PVEVersion(9, 2)
        let path = vector.path.split(separator: "/").map(String.init)
        let (endpoint, inPath) = try #require(PVEEndpoint.find(vector.method, path, in: version))
        do {
            _ = try endpoint.checked(sent, inPath: inPath, version: version)
            #expect(vector.isAccepted, "\(vector.parameters)")
        } catch {
            let failure = try #require(error as? PVEFailure)
            #expect(!vector.isAccepted, "\(failure.errors)")
            #expect(failure.status == 400)
            #expect(failure.errors == vector.errors)
        }
    }

    @Test(
        .enabled(if: ProxmoxReference.isPresent, "needs ../shared/api/proxmox.json"),
        arguments: ProxmoxReference.canonicalForms)
    func printsAsTheServerDoes(_ form: ProxmoxReference.CanonicalForm) throws {
        let random = SeededRandom(seed: 1)
        let canonical: String? =
            switch form.kind {
            case "lxc-net": PVECanonical(kind: .lxc, random: random).value(form.input, of: "net0")
            case "lxc-rootfs":
                PVECanonical(kind: .lxc, random: random).value(form.input, of: "rootfs")
            case "lxc-mp": PVECanonical(kind: .lxc, random: random).value(form.input, of: "mp0")
            case "qemu-net": PVECanonical(kind: .qemu, random: random).value(form.input, of: "net0")
            case "qemu-scsi0":
                PVECanonical(kind: .qemu, random: random).value(form.input, of: "scsi0")
            case "tags": PVECanonical.tags(form.input)
            case "parse_size": PVESize(form.input).map { String($0.bytes) }
            case "format_size": Int(form.input).map { PVESize(bytes: $0).description }
            default: form.output
            }
        #expect(canonical.map(withoutRandomMAC) == form.output.map(withoutRandomMAC))
    }

    /// Proxmox draws from `BC:24:11`; the examples' own addresses are in it too, and stay when they
    /// are not drawn.
    private func withoutRandomMAC(_ text: String) -> String {
        text.replacing(/BC:24:11:[0-9A-F:]{8}/, with: "BC:24:11:…")
    }

    @Test(arguments: [("8.4", false), ("9.0", false), ("9.1", true), ("9.2", true)])
    func entrypointCameWith91(_ version: String, _ isKnown: Bool) {
        let errors = PVESchema.lxcUpdate.errors(
            in: ["entrypoint": ["/sbin/init"]], version: PVEVersion(version))
        #expect(errors.isEmpty == isKnown)
    }

    @Test(arguments: [
        ("net0=name=eth0,bridge=vmbr0", ["net0": ["name"]]),
        ("tags=a;b", ["tags": ["a"], "b": [""]]),
        ("tags=a%3Bb&x=1+2", ["tags": ["a;b"], "x": ["1 2"]]),
        ("command=ls&command=-l", ["command": ["ls", "-l"]]),
        ("env=A%3D1%00B%3D2", ["env": ["A=1\0B=2"]]),
    ])
    func formsAreReadWithTheServersOddities(_ form: String, _ expected: [String: [String]]) {
        #expect(PVEArguments(form: form).values == expected)
    }
}
