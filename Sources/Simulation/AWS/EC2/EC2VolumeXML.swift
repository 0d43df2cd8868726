extension SimulatedEC2 {
    @XMLBuilder func volumeXML(_ volume: EC2Volume) -> [XML] {
        XML("volumeId", volume.id)
        XML("size", volume.size)
        XML("snapshotId", volume.snapshot ?? "")
        XML("availabilityZone", volume.zone)
        XML("status", volume.state.rawValue)
        XML("createTime", AWSTime.extended(volume.created))
        XML("attachmentSet", items: volume.attachment == nil ? [] : [volume]) {
            attachmentXML($0)
        }
        tagSet(of: volume.id)
        XML("volumeType", volume.type)
        if let iops = volume.iops { XML("iops", iops) }
        if let throughput = volume.throughput { XML("throughput", throughput) }
        XML("encrypted", volume.isEncrypted)
        XML("multiAttachEnabled", false)
    }

    @XMLBuilder func attachmentXML(_ volume: EC2Volume?) -> [XML] {
        if let volume, let attachment = volume.attachment {
            XML("volumeId", volume.id)
            XML("instanceId", attachment.instance)
            XML("device", attachment.device)
            XML("status", attachment.state.rawValue)
            XML("attachTime", AWSTime.extended(attachment.since))
            XML("deleteOnTermination", attachment.deletesOnTermination)
        }
    }

    @XMLBuilder func modificationXML(_ volume: EC2Volume?) -> [XML] {
        if let volume, let modification = volume.modification {
            XML("volumeId", volume.id)
            XML("modificationState", modification.state)
            XML("targetSize", modification.targetSize)
            XML("targetVolumeType", modification.targetType)
            XML("originalSize", modification.originalSize)
            XML("originalVolumeType", modification.originalType)
            XML("progress", modification.progress)
            XML("startTime", AWSTime.extended(modification.started))
            if let ended = modification.ended { XML("endTime", AWSTime.extended(ended)) }
        }
    }
}
