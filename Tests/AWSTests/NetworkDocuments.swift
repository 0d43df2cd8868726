import HTTP

/// What EC2 answers about a network of the project's own.
enum ListedNetwork {
    private static let done = HTTPResponse.xml("Done", "<return>true</return>")
    private static let gateway = "<internetGatewayId>igw-1</internetGatewayId>"
    private static let subnet = """
        <subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId>\
        <availabilityZone>eu-central-1a</availabilityZone>
        """

    /// While it is made in an account that has none.
    static let making: [String: [HTTPResponse]] = [
        "DescribeVpcs": [.xml("DescribeVpcs", "<vpcSet/>")],
        "CreateVpc": [.xml("CreateVpc", "<vpc><vpcId>vpc-1</vpcId></vpc>")],
        "DescribeInternetGateways": [.xml("DescribeInternetGateways", "<internetGatewaySet/>")],
        "CreateInternetGateway": [
            .xml("CreateInternetGateway", "<internetGateway>\(gateway)</internetGateway>")
        ],
        "AttachInternetGateway": [done],
        "DescribeRouteTables": [
            .xml(
                "DescribeRouteTables",
                "<routeTableSet><item><routeTableId>rtb-1</routeTableId><routeSet/></item>"
                    + "</routeTableSet>")
        ],
        "CreateRoute": [done],
        "DescribeAvailabilityZones": [
            .xml(
                "DescribeAvailabilityZones",
                "<availabilityZoneInfo><item><zoneName>eu-central-1a</zoneName></item>"
                    + "</availabilityZoneInfo>")
        ],
        "DescribeSubnets": [ListedSubnet.page([])],
        "CreateSubnet": [.xml("CreateSubnet", "<subnet>\(subnet)</subnet>")],
        "ModifySubnetAttribute": [done],
    ]

    /// While it is there, unused, and goes.
    static let leaving: [String: [HTTPResponse]] = [
        "DescribeVpcs": [
            .xml("DescribeVpcs", "<vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet>")
        ],
        "DescribeSecurityGroups": [.xml("DescribeSecurityGroups", "<securityGroupInfo/>")],
        "DescribeSubnets": [
            .xml("DescribeSubnets", "<subnetSet><item>\(subnet)</item></subnetSet>")
        ],
        "DescribeInternetGateways": [
            .xml(
                "DescribeInternetGateways",
                "<internetGatewaySet><item>\(gateway)<attachmentSet><item><vpcId>vpc-1</vpcId>"
                    + "</item></attachmentSet></item></internetGatewaySet>")
        ],
        "DeleteSubnet": [done], "DetachInternetGateway": [done], "DeleteInternetGateway": [done],
        "DeleteVpc": [done],
    ]
}
