import HTTP

/// EC2's words about one instance and its root disk.
struct ListedInstance {
    var id = "i-1"
    var state = "running"
    var type = "t3.small"
    var groups = ["sg-1"]
    var dataVolume: String?
    var profile: String?
    var lifecycle: String?
    var tags = tagSet(
        "web/aws.instance", name: "demo-web", others: ["launch:image": "ubuntu-24.04"])
    var reason: String?
    var publicAddress: String? = "203.0.113.7"

    var item: String {
        let devices = [("/dev/sda1", "vol-root"), ("/dev/sdf", dataVolume)].map { name, volume in
            volume.map {
                "<item><deviceName>\(name)</deviceName><ebs><volumeId>\($0)</volumeId>"
                    + "<status>attached</status></ebs></item>"
            } ?? ""
        }
        return """
            <item><instanceId>\(id)</instanceId><imageId>ami-1</imageId>
            <instanceState><code>16</code><name>\(state)</name></instanceState>
            <privateDnsName/><reason/><instanceType>\(type)</instanceType><productCodes/>
            <placement><availabilityZone>eu-central-1a</availabilityZone><groupName/></placement>
            <architecture>x86_64</architecture>
            <vpcId>vpc-1</vpcId><subnetId>subnet-1</subnetId><privateIpAddress>10.0.0.5</privateIpAddress>
            \(publicAddress.map { "<ipAddress>\($0)</ipAddress>" } ?? "")
            <groupSet>\(groups.map { "<item><groupId>\($0)</groupId></item>" }.joined())</groupSet>
            \(reason.map { "<stateReason><code>\($0)</code><message>No.</message></stateReason>" } ?? "")
            <rootDeviceName>/dev/sda1</rootDeviceName>
            <blockDeviceMapping>\(devices.joined())</blockDeviceMapping>
            <networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId>
            <attachment><deviceIndex>0</deviceIndex></attachment></item></networkInterfaceSet>
            \(lifecycle.map { "<instanceLifecycle>\($0)</instanceLifecycle>" } ?? "")
            \(profile.map { "<iamInstanceProfile><arn>\($0)</arn></iamInstanceProfile>" } ?? "")
            \(tags)
            <metadataOptions><state>applied</state><httpTokens>required</httpTokens>
            <httpPutResponseHopLimit>1</httpPutResponseHopLimit></metadataOptions>
            <newElementOfTomorrow><item>x</item></newElementOfTomorrow></item>
            """
    }

    static func page(_ instances: [ListedInstance], nextToken: String? = nil) -> HTTPResponse {
        let reservations = instances.map {
            "<item><reservationId>r-1</reservationId><groupSet/>"
                + "<instancesSet>\($0.item)</instancesSet></item>"
        }
        let token = nextToken.map { "<nextToken>\($0)</nextToken>" } ?? ""
        return .xml(
            "DescribeInstances",
            "<reservationSet>\(reservations.joined())</reservationSet>\(token)")
    }

    static func page(_ instance: ListedInstance) -> HTTPResponse { page([instance]) }

    var reservation: HTTPResponse {
        .xml("RunInstances", "<groupSet/><instancesSet>\(item)</instancesSet>")
    }
}

/// EC2's words about one volume.
struct ListedVolume {
    var id = "vol-root"
    var size = 20
    var status = "in-use"
    var holder: String? = "i-1"
    var attachment = "attached"
    var tags = tagSet("web/aws.instance")

    var members: String {
        let attached = holder.map {
            "<item><volumeId>\(id)</volumeId><instanceId>\($0)</instanceId>"
                + "<status>\(attachment)</status></item>"
        }
        return """
            <volumeId>\(id)</volumeId><size>\(size)</size><snapshotId/>
            <availabilityZone>eu-central-1a</availabilityZone><status>\(status)</status>
            <attachmentSet>\(attached ?? "")</attachmentSet>\(tags)<encrypted>true</encrypted>
            """
    }

    static func page(_ volumes: [ListedVolume]) -> HTTPResponse {
        let items = volumes.map { "<item>\($0.members)</item>" }
        return .xml("DescribeVolumes", "<volumeSet>\(items.joined())</volumeSet>")
    }

    static func page(_ volume: ListedVolume) -> HTTPResponse { page([volume]) }

    static let data = ListedVolume(
        id: "vol-data", size: 7, status: "available", holder: nil,
        tags: tagSet("web/aws.volume", name: "demo-web-data"))
}

/// EC2's words about one subnet of the default network.
struct ListedSubnet {
    var id = "subnet-1"
    var vpc = "vpc-1"
    var zone = "eu-central-1a"
    var hasIPv6 = false

    static func page(_ subnets: [ListedSubnet]) -> HTTPResponse {
        let block = """
            <item><ipv6CidrBlock>2001:db8::/64</ipv6CidrBlock><ipv6CidrBlockState>\
            <state>associated</state></ipv6CidrBlockState></item>
            """
        let items = subnets.map {
            """
            <item><subnetId>\($0.id)</subnetId><vpcId>\($0.vpc)</vpcId>\
            <availabilityZone>\($0.zone)</availabilityZone>\
            <ipv6CidrBlockAssociationSet>\($0.hasIPv6 ? block : "")\
            </ipv6CidrBlockAssociationSet></item>
            """
        }
        return .xml("DescribeSubnets", "<subnetSet>\(items.joined())</subnetSet>")
    }
}
