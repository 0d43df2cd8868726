import Foundation
import HTTP
import Resources

extension Guests {
    /// The kernel takes no longer string; Proxmox would store it, and the start would fail.
    private static let environmentLimit = 100_000

    /// What a container runs in place of its init: once for each seed it writes that seed's files,
    /// and then becomes init. At that moment there is no network. The marker comes last, so a
    /// script that was cut short runs again.
    private static let entrypoint =
        "/bin/sh -c 'seed=$(echo \"$LAUNCH_SEED\" | cksum); "
        + "[ \"$seed\" = \"$(cat /etc/launch/seeded 2>/dev/null)\" ] || "
        + "{ echo \"$LAUNCH_SEED\" | base64 -d | /bin/sh && echo \"$seed\" > /etc/launch/seeded; }; "
        + "unset LAUNCH_SEED seed; exec /sbin/init'"

    /// Puts the seed where the guest finds it when it starts.
    func putSeed(into guest: Guest, _ desired: Resource, _ key: IdempotencyKey) async throws {
        guard let seed = desired["seed"]?.revealingSecrets.string else { return }
        switch guest.type {
        case .qemu: try await attachSeed(seed, to: guest, desired, key)
        case .lxc: try await setEnvironment(seed, of: guest, desired.address)
        }
    }

    /// Has the guest start from another seed. It is switched off before, so that a run which ends
    /// in between leaves a guest that is off and holds a seed: one that is yet to be started.
    func reseed(
        _ observed: ObservedResource, with desired: Resource, key: IdempotencyKey
    ) async throws -> ObservedResource {
        guard let guest = try await owned(observed) else {
            throw ProxmoxFailure(
                .notFound, "guest \(observed.id) is gone, or is no longer Launch's")
        }
        let address = desired.address
        try await operations.settle(guest, for: address)
        tasks.progress.progress(address, "restarting with another seed")
        try await operations.shutDown(guest, for: address)
        try await putSeed(into: guest, desired, key)
        try await operations.start(guest, for: address)
        try await awaitAddress(of: guest, desired)
        return try await observe(guest, at: address)
    }

    private func attachSeed(
        _ seed: String, to guest: Guest, _ desired: Resource, _ key: IdempotencyKey
    ) async throws {
        let form = GuestForm(guest.type, desired)
        let metadata: Value = [
            "instance-id": .string("launch-\(desired.address)-\(key.text)"),
            "local-hostname": desired["name"] ?? .null,
        ]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let image = try buildSeedImage([
            "user-data": Array(seed.utf8), "meta-data": Array(try encoder.encode(metadata)),
        ])
        let address = desired.address
        try await announceSeed(form.seedVolume(guest.id), of: guest, desired)
        try await store(guest.node, desired["image_storage"]?.string ?? "")
            .upload(image, as: form.seedName(guest.id), for: address)
        let drive = "\(form.seedVolume(guest.id)),media=cdrom"
        try await operations.change(guest, for: address) { configuration in
            configuration.seedVolume == form.seedVolume(guest.id)
                ? [:] : [GuestConfiguration.seedDrive: drive]
        }
    }

    /// The notes name the seed as long as it exists, so that a crash leaves none behind.
    private func announceSeed(
        _ volume: String, of guest: Guest, _ desired: Resource
    ) async throws {
        try await operations.change(guest, for: desired.address) { configuration in
            guard configuration.mark?.seed != volume else { return [:] }
            var mark = configuration.mark ?? GuestForm(guest.type, desired).mark
            mark.seed = volume
            return ["description": mark.written(into: configuration.notes)]
        }
    }

    private func setEnvironment(
        _ seed: String, of guest: Guest, _ address: Address
    ) async throws {
        let text = "LAUNCH_SEED=" + Data(seed.utf8).base64EncodedString()
        guard text.utf8.count <= Self.environmentLimit else {
            throw ProxmoxFailure(
                .invalid,
                "the container's first-boot script takes \(text.utf8.count) bytes encoded; "
                    + "\(Self.environmentLimit) are allowed")
        }
        try await operations.change(guest, for: address) { configuration in
            let isSet =
                configuration.settled("entrypoint") == Self.entrypoint
                && configuration.settled("env") == text
            return isSet ? [:] : ["entrypoint": Self.entrypoint, "env": text]
        }
    }

    /// Removes the seed, when the guest has done with it.
    func finishBoot(of observed: ObservedResource) async throws -> ObservedResource {
        guard let guest = try await owned(observed) else { return observed }
        switch guest.type {
        case .qemu: try await removeSeed(of: guest, for: observed.address)
        case .lxc:
            try await operations.change(guest, for: observed.address) { configuration in
                let set = ["entrypoint", "env"].filter { configuration.settled($0) != nil }
                var changes: Parameters = [:]
                changes["delete"] = set.isEmpty ? nil : set.joined(separator: ",")
                changes["description"] = configuration.notesWithoutSeed
                return changes
            }
        }
        return try await observe(guest, at: observed.address)
    }

    /// Empties the drive, removes the file, and last forgets it in the notes.
    func removeSeed(of guest: Guest, for address: Address) async throws {
        let configuration = try await api.configuration(of: guest)
        guard let volume = configuration.seedVolume ?? configuration.mark?.seed,
            volume.contains(":"), let storage = volume.split(separator: ":").first
        else { return }
        try await operations.change(guest, for: address) { configuration in
            configuration.seedVolume == nil
                ? [:] : [GuestConfiguration.seedDrive: "none,media=cdrom"]
        }
        try await store(guest.node, String(storage))
            .remove(volume, blank: buildSeedImage(["empty": []]), for: address)
        try await operations.change(guest, for: address) { configuration in
            configuration.notesWithoutSeed.map { ["description": $0] } ?? [:]
        }
    }
}

extension GuestConfiguration {
    /// The notes as they are to be when the seed is gone; `nil` when they name none.
    fileprivate var notesWithoutSeed: String? {
        guard var mark, mark.seed != nil else { return nil }
        mark.seed = nil
        return mark.written(into: notes)
    }
}
