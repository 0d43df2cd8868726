import Resources

import Foundation

/// One DNS record, checked and normalised as Cloudflare does it.
struct SimulatedDNSRecord {
    static let types: Set = [
        "A", "AAAA", "CAA", "CERT", "CNAME", "DNSKEY", "DS", "HTTPS", "LOC", "MX", "NAPTR", "NS",
        "PTR", "SMIMEA", "SRV", "SSHFP", "SVCB", "TLSA", "TXT", "URI",
    ]

    let id: String
    let name: String
    let type: String
    let content: String
    let proxied: Bool
    let ttl: Int
    let comment: String?
    let priority: Int?
    let createdOn: Date
    var modifiedOn: Date

    var isProxiable: Bool { ["A", "AAAA", "CNAME"].contains(type) }

    /// - Parameters:
    ///   - fields: as sent; an unknown one is ignored, as the real API does.
    ///   - zone: the zone's name.
    /// - Throws: `CloudflareRefusal`
    init(id: String, _ fields: [String: Value], zone: String, createdOn: Date, now: Date) throws {
        self.id = id
        self.createdOn = createdOn
        modifiedOn = now
        guard let type = fields["type"]?.string, Self.types.contains(type) else {
            throw CloudflareRefusal.invalidRecord(9002, "Invalid DNS record type")
        }
        self.type = type
        name = try Self.name(fields["name"], zone: zone)
        content = try Self.content(fields, type: type, name: name)
        proxied = try Self.proxied(fields["proxied"], type: type)
        ttl = try Self.ttl(fields["ttl"], proxied: proxied)
        comment = try Self.comment(fields["comment"])
        priority = fields["priority"]?.integer
        if type == "MX", priority == nil {
            throw CloudflareRefusal.invalidRecord(9100, "priority is a required data field.")
        }
        if let tags = fields["tags"]?.list, !tags.isEmpty {
            throw CloudflareRefusal.invalidRecord(9300, "DNS record has more tags than allowed: 0")
        }
    }

    /// What the fields of a later PATCH are laid over.
    var fields: [String: Value] {
        var fields: [String: Value] = [
            "type": .string(type), "name": .string(name), "content": .string(content),
            "proxied": .boolean(proxied), "ttl": .integer(ttl),
            "comment": comment.map(Value.string) ?? .null,
        ]
        fields["priority"] = priority.map(Value.integer)
        return fields
    }

    var value: Value {
        let more: [String: Value] = [
            "id": .string(id), "proxiable": .boolean(isProxiable), "tags": [], "meta": [:],
            "settings": [:], "created_on": createdOn.timestamp, "modified_on": modifiedOn.timestamp,
        ]
        return .object(fields.merging(more) { own, _ in own })
    }
}

// MARK: - Checking

extension SimulatedDNSRecord {
    private static func name(_ value: Value?, zone: String) throws -> String {
        guard var name = value?.string?.lowercased(), !name.isEmpty else {
            throw CloudflareRefusal.invalidRecord(9000, "DNS name is invalid.")
        }
        if name.hasSuffix(".") { name.removeLast() }
        if name == "@" { return zone }
        if name != zone, !name.hasSuffix("." + zone) { name += "." + zone }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let areRight = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
                        || [0x2D, 0x5F, 0x2A].contains(byte)
                }
        }
        guard areRight, name.utf8.count <= 255, !labels.dropFirst().contains("*") else {
            throw CloudflareRefusal.invalidRecord(9000, "DNS name is invalid.")
        }
        return name
    }

    private static func content(
        _ fields: [String: Value], type: String, name: String
    ) throws -> String {
        guard let content = fields["content"]?.string, !content.isEmpty else {
            throw CloudflareRefusal.invalidRecord(9101, "content is a required data field.")
        }
        switch type {
        case "A":
            guard isIPv4(content) else {
                throw CloudflareRefusal.invalidRecord(
                    9005, "Content for A record must be a valid IPv4 address.")
            }
            return content
        case "AAAA":
            guard content.contains(":"), content.allSatisfy({ $0.isHexDigit || ":.".contains($0) })
            else {
                throw CloudflareRefusal.invalidRecord(
                    9006, "Content for AAAA record must be a valid IPv6 address.")
            }
            return content.lowercased()
        case "CNAME", "NS", "MX", "PTR":
            var host = content.lowercased()
            if host.hasSuffix(".") { host.removeLast() }
            guard host.contains("."), !host.contains(where: { $0.isWhitespace || $0 == "/" })
            else {
                throw CloudflareRefusal.invalidRecord(
                    9007, "Content for \(type) record is invalid.")
            }
            guard type != "CNAME" || host != name else {
                throw CloudflareRefusal.invalidRecord(9039, "A CNAME cannot reference itself.")
            }
            return host
        default: return content
        }
    }

    private static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in UInt8(part).map { String($0) == part } ?? false }
    }

    private static func proxied(_ value: Value?, type: String) throws -> Bool {
        guard let value, !value.isNull else { return false }
        guard let proxied = value.boolean else {
            throw CloudflareRefusal.invalidRecord(
                9003, "Invalid 'proxied' value, must be a boolean")
        }
        if proxied, !["A", "AAAA", "CNAME"].contains(type) {
            throw CloudflareRefusal.invalidRecord(9004, "This record type cannot be proxied.")
        }
        return proxied
    }

    private static func ttl(_ value: Value?, proxied: Bool) throws -> Int {
        guard let value, !value.isNull else { return 1 }
        guard case .integer(let ttl) = value, ttl == 1 || (60...86400).contains(ttl) else {
            throw CloudflareRefusal.invalidRecord(
                9021, "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.")
        }
        return proxied ? 1 : ttl
    }

    private static func comment(_ value: Value?) throws -> String? {
        guard let value, !value.isNull, value != "" else { return nil }
        guard let comment = value.string, !comment.contains(where: \.isNewline) else {
            throw CloudflareRefusal.invalidRecord(9301, "Invalid comment.")
        }
        guard comment.count <= 100 else {
            throw CloudflareRefusal.invalidRecord(
                9302, "DNS record comment is longer than allowed: 100 characters")
        }
        return comment
    }
}
