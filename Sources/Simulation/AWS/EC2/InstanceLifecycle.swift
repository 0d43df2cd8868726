import Resources
import OrderedCollections

extension SimulatedEC2 {
    /// - Throws: `InvalidInstanceID.Malformed`, `InvalidInstanceID.NotFound`
    func instance(_ id: String) throws -> EC2Instance {
        try checkForm(id, "i", "InvalidInstanceID")
        guard let instance = instances[id], isVisible(id) else {
            throw AWSError(
                "InvalidInstanceID.NotFound", "The instance ID '\(id)' does not exist")
        }
        return instance
    }

    func attachedVolumes(of instance: String) -> [EC2Volume] {
        instances[instance]?.volumes.compactMap { volumes[$0] } ?? []
    }

    /// Pending, then running: the guest boots.
    func bringUp(_ id: String) {
        change(id, to: .pending, then: .running) { ec2, instance in
            let elastic = ec2.address(of: id)?.address
            if elastic != nil || instance.wantsPublicAddress {
                ec2.instances[id]?.publicAddress = elastic ?? ec2.newPublicAddress()
            }
            ec2.core.guests.powerOn(
                instance.machine, seed: instance.userData, hostName: instance.hostName)
        }
    }

    /// Stopping, then stopped: the guest is off at once, the public address gone.
    func shutDown(_ id: String) {
        change(id, to: .stopping, then: .stopped) { ec2, _ in
            ec2.instances[id]?.publicAddress = ec2.address(of: id)?.address
        }
        if let machine = instances[id]?.machine { core.guests.powerOff(machine) }
        instances[id]?.stateReason = (
            "Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown"
        )
    }

    /// Shutting down, then terminated; the instance stays visible for an hour.
    func end(_ id: String) {
        change(id, to: .shuttingDown, then: .terminated) { ec2, instance in
            if let elastic = ec2.address(of: id) { ec2.release(address: elastic.id) }
            ec2.instances[id]?.publicAddress = nil
            ec2.core.guests.destroy(instance.machine)
            ec2.releaseVolumes(of: id)
            ec2.core.schedule(after: .seconds(3600)) { [weak ec2] in
                ec2?.instances[id] = nil
                ec2?.tags[id] = nil
            }
        }
        if let machine = instances[id]?.machine { core.guests.powerOff(machine) }
        instances[id]?.stateReason = (
            "Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown"
        )
    }

    /// The launch is accepted, and comes to nothing.
    func failToLaunch(_ id: String) {
        change(id, to: .pending, then: .terminated) { ec2, _ in ec2.releaseVolumes(of: id) }
        instances[id]?.stateReason = (
            "Server.InternalError", "Server.InternalError: Internal error on launch"
        )
    }

    private func change(
        _ id: String, to first: EC2Instance.State, then last: EC2Instance.State,
        _ arrive: @escaping (SimulatedEC2, EC2Instance) -> Void
    ) {
        guard var instance = instances[id] else { return }
        instance.transition += 1
        instance.state = first
        instance.stateReason = nil
        instances[id] = instance
        core.schedule(after: core.configuration.instanceTime) { [weak self] in
            guard let self, instances[id]?.transition == instance.transition else { return }
            instances[id]?.state = last
            arrive(self, instance)
        }
    }

    private func releaseVolumes(of id: String) {
        for volume in attachedVolumes(of: id) {
            if volume.attachment?.deletesOnTermination == true {
                removeVolume(volume.id)
            } else {
                release(volume.id)
            }
        }
        instances[id]?.volumes = []
    }

    /// From 198.18.0.0/15, which RFC 2544 keeps free for tests.
    func newPublicAddress() -> String {
        let number = core.random.next()
        return "198.\(18 + number & 1).\(number >> 8 & 255).\(1 + (number >> 16) % 254)"
    }
}
