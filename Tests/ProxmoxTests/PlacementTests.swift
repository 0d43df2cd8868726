import Resources
import Services
import TestSupport
import Testing

@testable import Proxmox

@Suite struct PlacementTests {
    private static func node(_ name: String, free gibibytes: Int, disk: Int = 500) -> [Value] {
        [
            [
                "type": "node", "node": .string(name), "status": "online",
                "maxmem": .integer(64 << 30), "mem": .integer((64 - gibibytes) << 30),
            ],
            storage("local-lvm", on: name, free: disk), storage("local", on: name, free: 50),
        ]
    }

    private static func storage(_ id: String, on node: String, free: Int) -> Value {
        [
            "type": "storage", "storage": .string(id), "node": .string(node),
            "status": "available", "maxdisk": .integer(free << 30), "disk": 0,
        ]
    }

    private static func guest(_ id: Int, on node: String, _ tags: String) -> Value {
        [
            "type": "qemu", "vmid": .integer(id), "node": .string(node), "status": "running",
            "mem": .integer(4 << 30), "tags": .string(tags),
        ]
    }

    private static func machine(_ name: String = "web", node: String = "auto") -> Resource {
        Cluster.machine(Cluster.service(.vm, name)).with(["placement": .string(node)])
    }

    @Test(arguments: [
        (
            node("a", free: 20) + node("b", free: 30), "b",
            "0 of the project's guests there, 30 GiB of memory free"
        ),
        (
            node("a", free: 20) + node("b", free: 20), "a",
            "0 of the project's guests there, 20 GiB of memory free"
        ),
        (
            node("a", free: 20) + node("b", free: 30)
                + [guest(100, on: "b", "launch;launch-shop;launch-api")], "a",
            "0 of the project's guests there, 20 GiB of memory free"
        ),
        (
            node("a", free: 20) + node("b", free: 30, disk: 5), "a",
            "0 of the project's guests there, 20 GiB of memory free"
        ),
        // What is to be replaced makes room.
        (
            node("a", free: 1) + [guest(100, on: "a", "launch;launch-shop;launch-web")], "a",
            "0 of the project's guests there, 5 GiB of memory free"
        ),
    ])
    func theNodeWithRoomAndFewestGuestsIsChosen(
        rows: [Value], node: String, reason: String
    ) throws {
        let choice = try Placement().place(Self.machine(), among: .list(rows))
        #expect(choice.node == node)
        #expect(choice.reason == reason)
    }

    @Test func whatWasJustSentCounts() throws {
        let placement = Placement()
        let rows = Value.list(Self.node("a", free: 30) + Self.node("b", free: 29))
        let nodes = try ["s1", "s2", "s3", "s1"].map {
            try placement.place(Self.machine($0), among: rows).node
        }
        #expect(nodes == ["a", "b", "a", "a"])
    }

    @Test func aNamedNodeIsTakenAsItIs() throws {
        let rows = Value.list(Self.node("a", free: 0) + Self.node("b", free: 30))
        #expect(try Placement().place(Self.machine(node: "a"), among: rows).node == "a")
        let failure = #expect(throws: ProxmoxFailure.self) {
            try Placement().place(Self.machine(node: "c"), among: rows)
        }
        #expect(failure?.remedy == "Set `targets.proxmox.node` to auto or one of: a, b.")
    }

    @Test func whereNothingFitsEveryNodeSaysWhy() {
        let rows = Value.list(Self.node("a", free: 1) + Self.node("b", free: 30, disk: 5))
        let failure = #expect(throws: ProxmoxFailure.self) {
            try Placement().place(Self.machine(), among: rows)
        }
        #expect(failure?.reason == .noCapacity)
        #expect(
            failure?.detail
                == "no node has room for it: a has 1 GiB of memory free, not 2 GiB; "
                + "b has 5 GiB free on local-lvm, not 25 GiB")
    }
}
