import HTTP

import Foundation

/// Named formats of values (`register_format` in Proxmox VE's sources).
enum PVEFormat: Sendable {
    case vmid, vmidList, dnsName, dnsNameList, tagList, storageID, storageContent, node, poolID
    case configID, configIDList, bridgeID, macAddress, ipv4, ipv6, ipv4Config, ipv6Config, ipList
    case diskSize, volumeID, urlEncoded, startupOrder, ports, addresses, ipOrCIDR, volumeOrPath
    case properties(PVEPropertySchema)

    /// What is wrong with the value; `nil` when nothing is.
    func error(in value: String, at name: String, version: PVEVersion) -> String? {
        switch self {
        case .properties(let schema): schema.error(in: value, at: name, version: version)
        case .tagList: value.pveList.allSatisfy(Self.isTag) ? nil : "invalid characters in tag"
        case .urlEncoded:
            value.matchesWhole("[-%a-zA-Z0-9_.!~*'()]*")
                ? nil : "invalid urlencoded string: \(value)"
        case .startupOrder:
            value.matchesWhole("(?:(?:order=|up=|down=)?\\d+(?:,|\\z))+")
                ? nil : "unable to parse startup options"
        case .configID, .configIDList: configurationError(value)
        case .ports: Self.portError(value)
        case .addresses: Self.addressError(value)
        default: isRight(value) ? nil : "value does not look like a valid \(noun)"
        }
    }

    private func isRight(_ value: String) -> Bool {
        switch self {
        case .vmid: value.matchesWhole("[1-9][0-9]{2,8}")
        case .vmidList: value.pveList.allSatisfy { $0.matchesWhole("[1-9][0-9]{2,8}") }
        case .dnsName: Self.isDNSName(value)
        case .dnsNameList: value.pveList.allSatisfy(Self.isDNSName)
        case .storageID: value.matchesWhole("(?i)[a-z][a-z0-9\\-_.]*[a-z0-9]")
        case .storageContent:
            value.pveList.allSatisfy {
                $0.matchesWhole("images|rootdir|vztmpl|iso|backup|snippets|import|none")
            }
        case .node: value.matchesWhole("(?i)[a-z0-9](?:[a-z0-9\\-]*[a-z0-9])?")
        case .poolID: value.matchesWhole("[A-Za-z0-9.\\-_]+(?:/[A-Za-z0-9.\\-_]+){0,2}")
        case .bridgeID: value.matchesWhole("[-_.\\w\\d]+")
        case .macAddress: Self.isUnicastMAC(value)
        case .ipv4: Self.isIPv4(value)
        case .ipv6: Self.isIPv6(value)
        case .ipv4Config: ["dhcp", "manual"].contains(value) || Self.isNetwork(value, bits: 32)
        case .ipv6Config:
            ["auto", "dhcp", "manual"].contains(value) || Self.isNetwork(value, bits: 128)
        case .ipList:
            value.pveList.allSatisfy { Self.isAddress(String($0.prefix { $0 != "%" })) }
        case .ipOrCIDR:
            Self.isNetworkOrAddress(value) || value.matchesWhole("(?:dc/|guest/)?[A-Za-z][\\w-]+")
        case .diskSize: PVESize(value) != nil
        case .volumeID: value.matchesWhole("[A-Za-z][\\w.-]*:.+")
        case .volumeOrPath: value.matchesWhole("[A-Za-z][\\w.-]*:.+|/.+|none|cdrom")
        default: true
        }
    }

    private var noun: String {
        switch self {
        case .vmid, .vmidList: "VM ID"
        case .dnsName, .dnsNameList: "DNS name"
        case .storageID: "storage ID"
        case .storageContent: "storage content type"
        case .node: "node name"
        case .poolID: "pool name"
        case .bridgeID: "bridge ID"
        case .macAddress: "unicast MAC address"
        case .ipv4: "IPv4 address"
        case .ipv6: "IPv6 address"
        case .ipv4Config: "ipv4 network configuration"
        case .ipv6Config: "ipv6 network configuration"
        case .ipList: "IP address"
        case .diskSize: "disk size"
        case .volumeID, .volumeOrPath: "volume ID"
        default: "value"
        }
    }

    private func configurationError(_ value: String) -> String? {
        let elements = if case .configID = self { [value] } else { value.pveList }
        let wrong = elements.first { !$0.matchesWhole("(?i)[a-z][a-z0-9_-]+") }
        return wrong.map { "invalid configuration ID '\($0)'" }
    }

    static func isTag(_ tag: String) -> Bool { tag.matchesWhole("(?i)[a-z0-9_][a-z0-9_\\-+.]*") }

    private static func isDNSName(_ name: String) -> Bool {
        let label = "[a-zA-Z0-9](?:[a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?"
        return name.matchesWhole("(?:\(label)\\.)*\(label)")
    }

    private static func isUnicastMAC(_ text: String) -> Bool {
        text.matchesWhole("(?i)[a-f0-9][02468ace](?::[a-f0-9]{2}){5}")
    }
}
