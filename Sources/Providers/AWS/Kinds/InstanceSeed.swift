import Resources

/// Another seed for a machine whose runner never came online.
///
/// User data can be changed while an instance is stopped, and cloud-init on EC2 fetches it anew at
/// every boot: its data source recognises no earlier one (`check_instance_id` of
/// canonical/cloud-init `cloudinit/sources/__init__.py`, `_restore_from_checked_cache` of
/// `stages.py`). What the seed then does with it is told at `Seed.cloudConfig`.
///
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html>
extension Instance {
    /// True for an instance that follows another seed at its next boot. A spot instance cannot be
    /// stopped; older instances and adopted ones follow their user data once; and what another
    /// seed has not helped is better made anew.
    static func takesSeeds(_ instance: InstanceDocument) -> Bool {
        let tags = Tags(instance.tagSet)
        return instance.instanceLifecycle != "spot"
            && tags[Tag.seeding] == .string(Tag.everyBoot) && tags[Tag.seedEnd] == .null
    }

    /// Starts the instance from another seed. A run that ends in between leaves one that is
    /// stopped: it is given a seed again before it is started, unless its tag says that it has
    /// the other one.
    func reseed(
        _ observed: ObservedResource, with desired: Resource
    ) async throws -> ObservedResource {
        ec2.progress.progress(desired.address, "restarting with another seed")
        try await putSeed(into: observed.id, desired)
        if let end = desired["registration_expires_at"]?.string {
            try await ec2.perform(
                "CreateTags",
                ["ResourceId": [.string(observed.id)], "Tag": Tag.list([Tag.seedEnd: end])])
        }
        try await start(observed.id, desired.address)
        return try await self.observed(observed.id, desired.address)
    }

    /// Stops the instance and changes its user data.
    func putSeed(into id: String, _ desired: Resource) async throws {
        try await stop(id, desired.address)
        let seed = try InstanceRequest.userData(desired, compress: ec2.compress)
        try await ec2.perform(
            "ModifyInstanceAttribute",
            ["InstanceId": .string(id), "UserData": ["Value": seed]])
    }
}
