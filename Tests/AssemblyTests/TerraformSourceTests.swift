import Assembly
import Foundation
import HTTP
import Resources
import Services
import Simulation
import Terraform
import Testing

/// States in files and in buckets, and the locks beside them.
@Suite struct TerraformSourceTests {
    private static let state =
        #"{"version": 4, "terraform_version": "1.9.8", "serial": 5, "lineage": "l", "resources": []}"#
    private static let lock =
        #"{"ID":"b2c1","Operation":"OperationTypePlan","Who":"ada@laptop","Created":"2026-01-02"}"#

    private func outcome(
        _ source: String, lockTable: String? = nil, of fleet: RemoteFleet
    ) async throws -> String {
        var project = ProjectSpec(project: "example")
        project.aws.region = "us-east-1"
        let assembly = StateAssembly(
            project, root: "/nowhere", surroundings: fleet.surroundings(),
            isProcessAlive: { _ in false })
        do {
            let place = try #require(TerraformSource(source))
            let state = try await assembly.terraformState(place, lockTable: lockTable)
            return "serial \(state.serial)"
        } catch let error as InvalidTerraformState {
            return error.description
        } catch let error as StateError {
            return "\(error) \(error.remedy)"
        }
    }

    @Test func aStateInABucketIsRead() async throws {
        try await withVirtualTime { clock in
            let fleet = RemoteFleet(clock)
            let place = "s3://states/live/terraform.tfstate"
            let missing = try await outcome(place, of: fleet)
            #expect(missing == "\(place): there is no such object")
            fleet.put("live/terraform.tfstate", Self.state)
            let before = fleet.contents
            #expect(try await outcome(place, of: fleet) == "serial 5")
            #expect(
                try await outcome(place, lockTable: RemoteFleet.table, of: fleet) == "serial 5")
            #expect(fleet.contents == before)
        }
    }

    @Test func aLockInTheBucketIsHonoured() async throws {
        try await withVirtualTime { clock in
            let fleet = RemoteFleet(clock)
            fleet.put("k", Self.state)
            fleet.put("k.tflock", Self.lock)
            let locked = try await outcome("s3://states/k", of: fleet)
            #expect(
                locked == "s3://states/k: Terraform has it locked: by ada@laptop, for plan, since "
                    + "2026-01-02")
        }
    }

    @Test func aLockInTheTableIsHonoured() async throws {
        try await withVirtualTime { clock in
            let fleet = RemoteFleet(clock)
            fleet.put("k", Self.state)
            fleet.world.locked { world in
                _ = world.aws?.dynamoDB.put(
                    "states/k", ["Info": ["S": .string(Self.lock)]], into: RemoteFleet.table)
            }
            let words =
                "s3://states/k: Terraform has it locked: by ada@laptop, for plan, since "
                + "2026-01-02"
            #expect(
                try await outcome("s3://states/k", lockTable: RemoteFleet.table, of: fleet)
                    == words)
            #expect(try await outcome("s3://states/k", of: fleet) == "serial 5")
            let missing = try await outcome("s3://states/k", lockTable: "none", of: fleet)
            #expect(missing.contains(#"there is no table "none" in us-east-1"#))
            #expect(missing.contains("--lock-table"))
        }
    }

    @Test func whatIsWrongWithABucketIsSaidInTermsOfTheCommand() async throws {
        try await withVirtualTime { clock in
            let fleet = RemoteFleet(clock)
            let missing = try await outcome("s3://nowhere/k", of: fleet)
            #expect(missing.contains(#"there is no bucket "nowhere""#))
            #expect(missing.contains("Correct the bucket after --from-terraform."))
            fleet.world.locked { _ = $0.aws?.s3.deny(["s3:GetObject"], in: RemoteFleet.bucket) }
            let denied = try await outcome("s3://states/k", of: fleet)
            #expect(denied.contains("Grant s3:GetObject on arn:aws:s3:::states/*"))
        }
    }

    @Test func aFileIsReadUnlessItIsLocked() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "terraform.tfstate")
        let lock = folder.appending(path: ".terraform.tfstate.lock.info")
        try await withVirtualTime { clock in
            let fleet = RemoteFleet(clock)
            #expect(
                try await outcome(file.path, of: fleet) == "\(file.path): it cannot be read")
            try Data(Self.state.utf8).write(to: file)
            #expect(try await outcome(file.path, of: fleet) == "serial 5")
            try Data(Self.lock.utf8).write(to: lock)
            #expect(
                try await outcome(file.path, of: fleet) == "\(file.path): Terraform has it locked: "
                    + "by ada@laptop, for plan, since 2026-01-02")
        }
    }

    @Test(arguments: [
        ("terraform.tfstate", "terraform.tfstate"), ("s3://b/a/k", "s3://b/a/k"), ("s3://b", nil),
        ("s3://b/", nil), ("s3://", nil),
    ])
    func aPlaceIsAFileOrABucketsObject(text: String, place: String?) {
        #expect(TerraformSource(text).map(String.init(describing:)) == place)
    }
}

extension RemoteFleet {
    fileprivate func put(_ key: String, _ text: String) {
        world.locked { $0.aws?.s3.replace(key, in: Self.bucket, with: Array(text.utf8)) }
    }
}
