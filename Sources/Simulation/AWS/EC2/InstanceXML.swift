import OrderedCollections

extension SimulatedEC2 {
    @XMLBuilder func stateXML(_ state: EC2Instance.State) -> [XML] {
        XML("code", state.code)
        XML("name", state.rawValue)
    }

    @XMLBuilder func reservationXML(_ reservation: String, _ instances: [EC2Instance]) -> [XML] {
        XML("reservationId", reservation)
        XML("ownerId", SimulatedAWS.account)
        XML("groupSet") {}
        XML("instancesSet", items: instances) { instanceXML($0) }
    }

    @XMLBuilder private func instanceXML(_ instance: EC2Instance) -> [XML] {
        let isGone = instance.state == .terminated
        XML("instanceId", instance.id)
        XML("imageId", instance.image.id)
        XML("instanceState") { stateXML(instance.state) }
        XML("privateDnsName", isGone ? "" : instance.hostName)
        XML("dnsName", instance.publicAddress.map(publicName) ?? "")
        XML("reason", "")
        if let reason = instance.stateReason {
            XML("stateReason") {
                XML("code", reason.code)
                XML("message", reason.message)
            }
        }
        if let key = instance.keyName { XML("keyName", key) }
        XML("amiLaunchIndex", instance.launchIndex)
        XML("productCodes") {}
        XML("instanceType", instance.type)
        XML("launchTime", AWSTime.extended(instance.launched))
        XML("placement") {
            XML("availabilityZone", instance.subnet.zone)
            XML("groupName", "")
            XML("tenancy", "default")
        }
        XML("monitoring") { XML("state", instance.isMonitored ? "enabled" : "disabled") }
        if !isGone { addressXML(instance) }
        XML("sourceDestCheck", instance.checksSource)
        XML("groupSet", items: isGone ? [] : instance.groups) { groupReferenceXML($0) }
        XML("architecture", instance.image.architecture)
        XML("rootDeviceType", "ebs")
        XML("rootDeviceName", instance.image.rootDevice)
        XML("blockDeviceMapping", items: attachedVolumes(of: instance.id)) { volume in
            XML("deviceName", volume.attachment?.device ?? "")
            XML("ebs") {
                XML("volumeId", volume.id)
                XML("status", volume.attachment?.state.rawValue ?? "")
                XML("attachTime", AWSTime.extended(volume.attachment?.since ?? volume.created))
                XML("deleteOnTermination", volume.attachment?.deletesOnTermination ?? false)
            }
        }
        XML("virtualizationType", "hvm")
        XML("clientToken", instance.clientToken)
        tagSet(of: instance.id)
        XML("hypervisor", "xen")
        if instance.isSpot { XML("instanceLifecycle", "spot") }
        if let profile = instance.profile { profileXML(profile) }
        XML("ebsOptimized", instance.isEBSOptimized)
        XML("enaSupport", true)
        XML("metadataOptions") { metadataXML(instance) }
    }

    @XMLBuilder private func addressXML(_ instance: EC2Instance) -> [XML] {
        XML("subnetId", instance.subnet.id)
        XML("vpcId", instance.vpc)
        XML("privateIpAddress", instance.privateAddress)
        if let address = instance.publicAddress { XML("ipAddress", address) }
        if let address = instance.ipv6Address { XML("ipv6Address", address) }
    }

    @XMLBuilder func groupReferenceXML(_ id: String) -> [XML] {
        XML("groupId", id)
        XML("groupName", groups[id]?.name ?? "")
    }

    @XMLBuilder func profileXML(_ profile: String) -> [XML] {
        XML("iamInstanceProfile") {
            XML(
                "arn",
                profile.hasPrefix("arn:")
                    ? profile
                    : "arn:aws:iam::\(SimulatedAWS.account):instance-profile/\(profile)")
            XML("id", "AIPASIMULATEDWORLD0001")
        }
    }

    @XMLBuilder func metadataXML(_ instance: EC2Instance) -> [XML] {
        XML("state", instance.state == .pending ? "pending" : "applied")
        XML("httpTokens", instance.metadata.tokens)
        XML("httpPutResponseHopLimit", instance.metadata.hopLimit)
        XML("httpEndpoint", instance.metadata.endpoint)
        XML("httpProtocolIpv6", instance.metadata.ipv6)
        XML("instanceMetadataTags", instance.metadata.tags)
    }

    private func publicName(_ address: String) -> String {
        "ec2-" + address.replacing(".", with: "-") + ".compute-1.amazonaws.com"
    }
}
