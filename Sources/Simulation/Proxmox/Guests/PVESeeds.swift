import Foundation

/// What a guest finds at its boot.
extension SimulatedProxmox {
    struct GuestSeed {
        let bytes: [UInt8]
        /// cloud-init runs again when it changes.
        let instanceID: String?
    }

    /// The user data on an attached NoCloud image; it has to hold `meta-data` with an instance id.
    func cloudInitSeed(of guest: PVEGuest) -> GuestSeed? {
        for (option, value) in guest.config where value.contains("media=cdrom") {
            guard let id = guest.volumes[option], let bytes = volumes[id, on: guest.node]?.bytes,
                let files = try? core.readSeedImage(bytes), let userData = files["user-data"],
                let metaData = files["meta-data"], let instance = Self.instanceID(metaData)
            else { continue }
            return GuestSeed(bytes: userData, instanceID: instance)
        }
        return nil
    }

    /// The value of `instance-id`, from YAML or JSON.
    private static func instanceID(_ metaData: [UInt8]) -> String? {
        let text = String(decoding: metaData, as: UTF8.self)
        guard let key = text.range(of: "instance-id") else { return nil }
        let value = text[key.upperBound...].drop { "\": ".contains($0) }
            .prefix { !"\",}\n\r".contains($0) }
        return value.isEmpty ? nil : String(value)
    }

    /// The script in the environment of an entry point that runs it
    /// (`echo "$LAUNCH_SEED" | base64 -d | /bin/sh`).
    func containerSeed(of guest: PVEGuest) -> GuestSeed? {
        guard let entrypoint = guest.config["entrypoint"], entrypoint.contains("base64 -d") else {
            return nil
        }
        for variable in (guest.config["env"] ?? "").split(separator: "\0") {
            let parts = variable.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, entrypoint.contains("$\(parts[0])"),
                let script = Data(base64Encoded: parts[1])
            else { continue }
            let text = String(decoding: script, as: UTF8.self)
            let whole = text.hasPrefix("#!") ? text : "#!/bin/sh\n" + text
            return GuestSeed(bytes: Array(whole.utf8), instanceID: nil)
        }
        return nil
    }
}
