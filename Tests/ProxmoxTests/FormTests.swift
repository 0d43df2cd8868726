import Foundation
import Resources
import Services
import TestSupport
import Testing

@testable import Proxmox

@Suite struct FormTests {
    private struct Row: Decodable {
        let kind: String
        let `in`: Value
        let out: Value?
    }

    private struct Document: Decodable {
        struct Forms: Decodable { let rows: [Row] }
        let canonicalForms: Forms
    }

    private static func rows(_ kinds: Set<String>) throws -> [(String, String)] {
        guard let file = SharedData.file("proxmox.json") else { return [] }
        let document = try JSONDecoder().decode(Document.self, from: Data(contentsOf: file))
        return document.canonicalForms.rows.filter { kinds.contains($0.kind) }
            .compactMap { row in row.out.map { (row.in.plainText, $0.plainText) } }
    }

    @Test(.enabled(if: Cluster.schema != nil, "needs ../shared/api"))
    func interfacesAreEqualToTheirCanonicalForm() throws {
        let rows = try Self.rows(["lxc-net", "qemu-net"])
        #expect(!rows.isEmpty)
        for (given, stored) in rows {
            var expected = NetworkInterface(given).properties
            var actual = NetworkInterface(stored).properties
            if expected["model"] != nil {
                expected["virtio"] = actual["virtio"]
                expected["model"] = nil
            }
            for added in ["hwaddr", "type"] where expected[added] == nil {
                actual[added] = nil
            }
            #expect(actual == expected)
            #expect(NetworkInterface(stored).text == stored)
        }
    }

    @Test(.enabled(if: Cluster.schema != nil, "needs ../shared/api"))
    func drivesArePrintedAsProxmoxPrintsThem() throws {
        for (_, stored) in try Self.rows(["lxc-rootfs", "lxc-mp", "qemu-scsi0"]) {
            let printed = PropertyString(stored, defaultKey: "file").text
            #expect(
                PropertyString(printed, defaultKey: "file")
                    == PropertyString(stored, defaultKey: "file"))
        }
    }

    @Test(.enabled(if: Cluster.schema != nil, "needs ../shared/api"))
    func sizesAreReadAsProxmoxReadsThem() throws {
        let rows = try Self.rows(["parse_size"])
        #expect(rows.count > 5)
        for (text, bytes) in rows { #expect(ProxmoxSize.bytes(text) == Int(bytes)) }
        #expect(ProxmoxSize.bytes("8g") == nil)
    }

    @Test func marksSurviveNotesOfPeople() throws {
        let address = Address(service: "web", kind: KindName(.proxmox, "vm"))
        var mark = OwnershipMark(
            project: "shop", environment: "production", address: address, image: "debian-12",
            seed: "local:iso/launch-shop-web-100.iso")
        let notes = mark.written(into: "")
        #expect(
            notes == """
                launch:project=shop
                launch:service=web
                launch:environment=production
                launch:address=web/proxmox.vm
                launch:image=debian-12
                launch:seed=local:iso/launch-shop-web-100.iso
                """)
        #expect(OwnershipMark(notes: "Ask Ann first.\n\(notes)\n") == mark)
        mark.seed = nil
        let rewritten = mark.written(into: "Ask Ann first.\n\(notes)\n")
        #expect(rewritten.hasSuffix("launch:image=debian-12\nAsk Ann first."))
        #expect(OwnershipMark(notes: "Ask Ann first.") == nil)
    }

    @Test(arguments: [("web", "launch-web"), ("Ä/b c", "launch-__b_c")])
    func tagsHoldOnlyWhatProxmoxAllows(name: String, expected: String) {
        #expect(OwnershipMark.tag(name) == expected)
    }

    private static let lists: [(MachineImage, String, Int?)] = [
        (.ubuntu2404, "abc *x.img\n\(digest(64)) *noble-server-cloudimg-amd64.img", 64),
        (.debian12, "\(digest(128))  debian-12-genericcloud-amd64.qcow2\n", 128),
        (.debian13, "\(digest(64))  debian-13-genericcloud-amd64.qcow2\n", nil),
        (.debian13, "\(digest(128))  debian-13-genericcloud-amd64.qcow2.sig\n", nil),
    ]

    @Test(arguments: lists)
    func publishersListsAreRead(image: MachineImage, list: String, length: Int?) {
        #expect(CloudImage(image).checksum(in: list)?.count == length)
    }

    private static func digest(_ length: Int) -> String {
        String(repeating: "0f", count: length / 2)
    }

    @Test func theNewestTemplateIsTaken() {
        let names = [
            "ubuntu-24.04-standard_24.04-2_amd64.tar.zst",
            "ubuntu-24.04-standard_24.04-10_amd64.tar.zst",
            "ubuntu-24.10-standard_24.10-1_amd64.tar.zst",
        ]
        #expect(ImageStore.newest(names, CloudImage(.ubuntu2404)) == names[1])
    }

    @Test(arguments: [("9.1.2", "9.1"), ("8.4", "8.4"), ("10.0~beta1", "10.0"), ("x", nil)])
    func versionsAreRead(text: String, expected: String?) {
        #expect(ProxmoxVersion(text)?.description == expected)
    }
}
