import Foundation
import Resources
import Services

@testable import Simulation

/// One object of the world, as its vendor holds it.
struct WorldObject {
    /// The kind that Launch knows it as, or the vendor's word for what Launch does not record.
    let kind: String
    let id: String
    /// The service whose mark it bears; `nil` for what is not of the project.
    let owner: String?
    /// Everything there is to know of it; long to write, and of few objects wanted.
    let describe: () -> String

    init(
        kind: String, id: String, owner: String?, description: @escaping @autoclosure () -> String
    ) {
        self.kind = kind
        self.id = id
        self.owner = owner
        describe = description
    }

    /// What the state says of it: owner, kind and id.
    var identity: String { "\(owner ?? "nobody")/\(kind) \(id)" }
}

extension WorldCore {
    /// Everything but what a fresh world has, shared images, and what belongs to something else
    /// in it as a machine's root disk does.
    func objects(of project: String) -> [WorldObject] {
        (aws?.ec2.objects(of: project) ?? []) + (aws?.iam.objects(of: project) ?? [])
            + (aws?.budgets.objects(of: project) ?? [])
            + (proxmox?.objects(of: project) ?? [])
            + (cloudflare?.objects(of: project) ?? [])
            + (cloudflare?.certificates.objects(of: project, at: now) ?? [])
            + (github?.objects(of: project) ?? [])
    }
}

extension SimulatedEC2 {
    fileprivate func objects(of project: String) -> [WorldObject] {
        let machines = instances.map { $0.value }.filter { $0.state != .terminated }
        let disks = volumes.map { $0.value }.filter { volume in
            !(volume.attachment?.deletesOnTermination ?? false)
        }
        return machines.map { object("aws.instance", $0.id, "\($0)", project) }
            + disks.map { object("aws.volume", $0.id, "\($0)", project) }
            + groups.map { $0.value }.filter { $0.name != "default" }
            .map { object("aws.security_group", $0.id, "\($0)", project) }
            + addresses.map { object("aws.elastic_ip", $0.key, "\($0.value)", project) }
    }

    private func object(
        _ kind: String, _ id: String, _ description: @escaping @autoclosure () -> String,
        _ project: String
    ) -> WorldObject {
        let own = tags[id] ?? [:]
        return WorldObject(
            kind: kind, id: id,
            owner: own["launch:project"] == project ? own["launch:service"] : nil,
            description: "\(description()) \(own.sorted { $0.key < $1.key })")
    }
}

extension SimulatedBudgets {
    fileprivate func objects(of project: String) -> [WorldObject] {
        all.map { budget in
            WorldObject(
                kind: "aws.budget", id: budget.name,
                owner: budget.tags["launch:project"] == project
                    ? budget.tags["launch:service"] : nil,
                description: "\(budget)")
        }
    }
}

extension SimulatedIAM {
    /// A role with its profile; a profile without its role is nobody's.
    fileprivate func objects(of project: String) -> [WorldObject] {
        let (roles, profiles) = (roles.map { $0.value }, profiles.map { $0.value })
        return roles.map { role in
            let holders = profiles.filter { $0.roles.contains(role.name) }
            return WorldObject(
                kind: "aws.instance_profile", id: role.name,
                owner: role.tags["launch:project"] == project ? role.tags["launch:service"] : nil,
                description: "\(role) \(holders)")
        }
            + profiles.filter { profile in !roles.contains { $0.name == profile.name } }.map {
                profile in
                WorldObject(
                    kind: "profile", id: profile.name, owner: profile.tags["launch:service"],
                    description: "\(profile)")
            }
    }
}

extension SimulatedProxmox {
    fileprivate func objects(of project: String) -> [WorldObject] {
        let used = Set(
            guests.values.flatMap { guest in guest.volumes.values.map { "\(guest.node) \($0)" } })
        let loose = volumes.all.filter { volume in
            (volume.owner != nil || volume.content == "iso")
                && !used.contains("\(volume.node) \(volume.id)")
        }
        return sortedGuests.flatMap { objects($0, project) }
            + loose.map { volume in
                WorldObject(
                    kind: "proxmox.\(volume.content)", id: volume.id,
                    owner: volume.name.contains(project) ? "loose" : nil, description: "\(volume)")
            }
    }

    private func objects(_ guest: PVEGuest, _ project: String) -> [WorldObject] {
        let options = guest.merged
        let tags = (options["tags"] ?? "").split(separator: ";").map(String.init)
        let isOurs = tags.contains("launch") && tags.contains("launch-\(project)")
        let service = tags.first { $0.hasPrefix("launch-") && $0 != "launch-\(project)" }
        let owner = isOurs ? service.map { String($0.dropFirst("launch-".count)) } : nil
        let id = String(guest.vmid)
        let machine = WorldObject(
            kind: guest.kind == .qemu ? "proxmox.vm" : "proxmox.lxc", id: id, owner: owner,
            description: "\(options.sorted { $0.key < $1.key }) \(guest.isRunning) \(guest.node)")
        let firewall = guest.firewall
        if firewall.options.isEmpty, firewall.rules.isEmpty { return [machine] }
        let rules = firewall.rules.map { $0.sorted { $0.key < $1.key } }
        return [
            machine,
            WorldObject(
                kind: "proxmox.firewall", id: id, owner: owner,
                description: "\(firewall.options.sorted { $0.key < $1.key }) \(rules)"),
        ]
    }
}

extension SimulatedCloudflare {
    fileprivate func objects(of project: String) -> [WorldObject] {
        zones.records.map { record in
            object("cloudflare.dns_record", record, "comment", "launch:\(project)/")
        }
            + tunnels.live.map { tunnel, configuration in
                object(
                    "cloudflare.tunnel", tunnel, "name", "launch-\(project)-",
                    more: configuration)
            }
    }

    private func object(
        _ kind: String, _ value: Value, _ field: String, _ prefix: String, more: Value = .null
    ) -> WorldObject {
        let mark = value[field]?.string ?? ""
        return WorldObject(
            kind: kind, id: value["id"]?.string ?? "",
            owner: mark.hasPrefix(prefix) ? String(mark.dropFirst(prefix.count)) : nil,
            description: "\(value.plainText) \(more.plainText)")
    }
}

extension SimulatedCertificates {
    /// One that soon runs out is nobody's any more: it is left to.
    fileprivate func objects(of project: String, at now: Date) -> [WorldObject] {
        let marks = ".\(project).launch.example.com"
        return live.map { certificate in
            let end = certificate["expires_on"]?.string
                .flatMap { try? Date($0, strategy: .iso8601) }
            let isLeft = (end?.timeIntervalSince(now) ?? 0) < 90 * 86_400
            let mark = (certificate["hostnames"]?.list ?? []).compactMap(\.string)
                .first { $0.hasSuffix(marks) }
            return WorldObject(
                kind: "cloudflare.origin_certificate", id: certificate["id"]?.string ?? "",
                owner: isLeft ? nil : mark.map { String($0.dropLast(marks.count)) },
                description: certificate.plainText)
        }
    }
}

extension SimulatedGitHub {
    fileprivate func objects(of project: String) -> [WorldObject] {
        let repository = "example/services"
        let ofEnvironments = environments(of: repository)?.secrets ?? [:]
        return runnerObjects(of: project)
            + secretObjects(secrets(of: repository), of: project)
            + ofEnvironments.flatMap { secretObjects($1, "\($0)/", of: project) }
    }

    /// - Parameter place: what an environment's have before their name.
    private func secretObjects(
        _ secrets: SimulatedSecrets?, _ place: String = "", of project: String
    ) -> [WorldObject] {
        (secrets?.names ?? []).map { name in
            WorldObject(
                kind: "github.secret", id: place + name,
                owner: ServiceSecret.address(named: name, project: project)?.service,
                description: "\(secrets?.sealed(name) ?? [])")
        }
    }

    /// A runner is a service's by its name and its label, or by the label of a renamed service; an
    /// ephemeral one is known by its name.
    private func runnerObjects(of project: String) -> [WorldObject] {
        (runners(of: "example/services")?.all ?? []).map { runner in
            let name = runner["name"]?.string ?? ""
            let labels = (runner["labels"]?.list ?? []).compactMap { $0["name"]?.string }
            let prefix = "launch-\(project)-"
            let service = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
            return WorldObject(
                kind: "github.runner",
                id: runner["ephemeral"] == true ? name : String(runner["id"]?.integer ?? 0),
                owner: [service, CrashScenario.newName].compactMap(\.self)
                    .first(where: labels.contains),
                description: runner.plainText)
        }
    }
}
