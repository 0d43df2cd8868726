import Cryptography
import Foundation
import FoundationNetworking
import HTTP
import Resources
import TestSupport
import Testing

@testable import Simulation

/// The server over real connections on loopback.
@Suite struct ServingTests {
    /// The machine's clock: what a server outside virtual time runs under.
    private struct WallClock: TimeSource {
        func now() -> Date { Date() }
        func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
    }

    static func serving<Result>(
        portFile: String? = nil, _ configure: (inout WorldConfiguration) -> Void = { _ in },
        _ body: (SimulatedWorld, [String: String]) async throws -> Result
    ) async throws -> Result {
        var configuration = WorldConfiguration()
        configuration.instanceTime = .milliseconds(50)
        configuration.taskTime = .milliseconds(50)
        configure(&configuration)
        let world = SimulatedWorld(
            configuration, time: WallClock(), random: SeededRandom(seed: 1),
            digests: OpenSSLDigests(), readSeedImage: { _ in [:] })
        let server = SimulationServer(world)
        let environment = try await server.start(portFile: portFile)
        do {
            let result = try await body(world, environment)
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    private static func fetch(
        _ url: String, method: String = "GET", body: String? = nil
    ) async throws -> (status: Int, json: Value) {
        var request = URLRequest(url: try #require(URL(string: url)))
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        return (status, (try? JSONDecoder().decode(Value.self, from: data)) ?? .null)
    }

    @Test func thePortFileIsPrivateAndReadByAShell() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "ports").path
        let environment = try await Self.serving(portFile: path) { _, environment in
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let lines = environment.sorted { $0.key < $1.key }.map { "export \($0)='\($1)'" }
            #expect(text == lines.joined(separator: "\n") + "\n")
            return environment
        }
        #expect(environment["AWS_ENDPOINT_URL"]?.hasPrefix("http://127.0.0.1:") == true)
        #expect(environment["LAUNCH_SIMULATION_URL"]?.hasPrefix("http://127.0.0.1:") == true)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func theControlPortCountsActsAndSetsFaults() async throws {
        try await Self.serving { world, environment in
            let control = (environment["LAUNCH_SIMULATION_URL"] ?? "") + "/_simulation"
            let inventory = try await Self.fetch(control + "/inventory")
            #expect(inventory == (200, ["objects": [:], "requests": 0]))
            let action = "{\"action\": \"stop_instance\", \"service\": \"web\"}"
            let missed = try await Self.fetch(control + "/actions", method: "POST", body: action)
            #expect(missed.status == 404)
            let faults = "{\"rate\": 1, \"kinds\": [\"unavailable\"]}"
            let set = try await Self.fetch(control + "/faults", method: "POST", body: faults)
            #expect(set.status == 200)
            let aws = try await Self.fetch(environment["AWS_ENDPOINT_URL"] ?? "")
            #expect(aws.status == 503)
        }
    }

    @Test func aResetCutsTheConnection() async throws {
        try await Self.serving { world, environment in
            world.setFaults(.at(0, .reset))
            await #expect(throws: (any Error).self) {
                try await Self.fetch(environment["AWS_ENDPOINT_URL"] ?? "")
            }
        }
    }

    @Test(.enabled(if: Python.withBoto3 != nil, "there is no Python with boto3"))
    func boto3FindsItsWay() async throws {
        let python = try #require(Python.withBoto3)
        let output = try await Self.serving { _, environment in
            try await python.run("use_aws.py", environment)
        }
        #expect(
            output == """
                account 123456789012
                image /dev/sda1
                rules 10.0.0.0/8 2001:db8::/32 itself
                permission {'Description': 'inside', 'CidrIp': '10.0.0.0/8'}
                again True
                mismatch IdempotentParameterMismatch
                metadata required [{'Key': 'launch:service', 'Value': 'web'}]
                protocol DryRunOperation
                userData IyEvYmluL3NoCg==
                tags 1
                volumes [30]
                in use DependencyViolation
                free accepted
                exists PreconditionFailed
                stale PreconditionFailed
                read 2
                keys ['a b/+c']
                large 5242880
                deleted accepted
                missing NoSuchKey
                stranger AuthFailure

                """)
    }

    @Test(.enabled(if: Python.withProxmoxer != nil, "there is no Python with proxmoxer"))
    func proxmoxerFindsItsWay() async throws {
        let python = try #require(Python.withProxmoxer)
        let output = try await Self.serving { _, environment in
            try await python.run("use_proxmox.py", environment)
        }
        #expect(
            output == """
                version 9.1
                nodes ['pve1', 'pve2']
                nobody 401
                upload OK
                files ['local:iso/seed.iso']
                vm 100 OK
                config 2 2048 a;b 'one\\ntwo; three=3'
                taken 500
                bad 400
                stale 500
                start OK running
                pending ['4096']
                resize OK
                disk 10G
                running 500
                template OK
                container 101 OK
                options ['swap']
                rules [(0, 'DROP'), (1, 'ACCEPT')]
                guests [100, 101]
                stop OK
                delete OK OK
                gone []

                """)
    }

    @Test(.enabled(if: Python.withAnsible != nil, "there is no Python with Ansible's modules"))
    func ansiblesModulesFindTheirWay() async throws {
        let python = try #require(Python.withAnsible)
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let report = folder.appending(path: "report").path
        let (output, inventory) = try await Self.serving { world, environment in
            let paths = ["REPORT": report, "ANSIBLE_HOME": folder.path]
            let output = try await python.play(
                "guests.yaml", environment.merging(paths) { $1 })
            return (output, world.inventory)
        }
        let seen = try? String(contentsOfFile: report, encoding: .utf8)
        #expect(
            seen == """
                nodes pve1 pve2
                vm True False True True True
                firewall True
                template True
                container True True True
                200 running launch;web 2 2048 size=10G
                201 running  1 1024 size=4G
                stopped True True
                deleted True True
                left 0

                """, "\(output)")
        #expect(inventory == [:])
    }

    /// What a state needs of S3, DynamoDB and KMS, as a store that someone else wrote has it too.
    @Test(.enabled(if: Python.withMoto != nil, "there is no Python with moto"))
    func stateIsStoredAsInMoto() async throws {
        let python = try #require(Python.withMoto)
        let ours = try await Self.serving { _, environment in
            try await python.run("use_state.py", environment)
        }
        let motos = try await python.run("use_state.py", ["AWS_REGION": "us-east-1"])
        #expect(ours == motos)
        #expect(ours.hasSuffix("end\n"))
    }

    @Test func theControlPortPreparesAPlaceForTheState() async throws {
        try await Self.serving { world, environment in
            let control = (environment["LAUNCH_SIMULATION_URL"] ?? "") + "/_simulation"
            func perform(_ action: String) async throws -> Int {
                try await Self.fetch(control + "/actions", method: "POST", body: action).status
            }
            let statuses = [
                try await perform(#"{"action": "create_bucket", "name": "state"}"#),
                try await perform(#"{"action": "create_bucket", "name": "state"}"#),
                try await perform(#"{"action": "create_table", "name": "locks"}"#),
                try await perform(#"{"action": "create_key", "name": "state"}"#),
                try await perform(#"{"action": "disable_key", "name": "alias/state"}"#),
                try await perform(#"{"action": "disable_key", "name": "alias/other"}"#),
                try await perform(
                    #"{"action": "deny", "name": "state", "actions": ["s3:PutObject"]}"#),
            ]
            #expect(statuses == [200, 404, 200, 200, 200, 404, 200])
            let inventory = try await Self.fetch(control + "/inventory")
            #expect(inventory.json["objects"] == [:])
        }
    }
}
