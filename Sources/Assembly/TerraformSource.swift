import AWS
import Foundation
import Journal
import ObjectState
import Resources
import Services
package import Terraform

/// Where a state of Terraform's is.
package enum TerraformSource: Hashable, Sendable {
    case file(String)
    /// An object of the S3 backend.
    case bucket(String, key: String)

    /// - Parameter text: a file's path, or `s3://bucket/key`.
    /// - Returns: `nil` for a bucket without a key.
    package init?(_ text: String) {
        guard text.hasPrefix("s3://") else {
            self = .file(text)
            return
        }
        let parts = text.dropFirst("s3://".count).split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        self = .bucket(String(parts[0]), key: String(parts[1]))
    }
}

extension TerraformSource: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let path): path
        case .bucket(let bucket, let key): "s3://\(bucket)/\(key)"
        }
    }
}

extension StateAssembly {
    /// Reads a state that nobody has locked. The lock is looked at after the state, so that what
    /// was written meanwhile is noticed; it is not taken.
    ///
    /// - Parameter lockTable: DynamoDB's, besides the lock that S3 keeps.
    /// - Throws: `InvalidTerraformState`, `StateError` of the bucket or the table.
    package func terraformState(
        _ source: TerraformSource, lockTable: String? = nil
    ) async throws -> TerraformState {
        let (bytes, lock) =
            switch source {
            case .file(let path): try Self.file(path)
            case .bucket(let bucket, let key):
                try await object(bucket, key, lockTable: lockTable)
            }
        if let lock {
            throw InvalidTerraformState(
                location: source.description, problems: [.locked(TerraformLock(lock))])
        }
        return try TerraformStateReader.read(bytes, from: source.description)
    }

    /// The local backend's lock is `.terraform.tfstate.lock.info` beside `terraform.tfstate`.
    private static func file(_ path: String) throws -> (state: [UInt8], lock: [UInt8]?) {
        let file = URL(fileURLWithPath: path)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw unreadable(
                path, "it cannot be read",
                remedy: "Write it with `terraform state pull > terraform.tfstate`.")
        }
        let lock = file.deletingLastPathComponent()
            .appending(path: ".\(file.lastPathComponent).lock.info")
        return (Array(data), FileManager.default.contents(atPath: lock.path).map(Array.init))
    }

    /// Terraform 1.10 and newer lock by an object `<key>.tflock`, older ones in DynamoDB:
    /// <https://developer.hashicorp.com/terraform/language/backend/s3#state-locking>
    private func object(
        _ bucket: String, _ key: String, lockTable: String?
    ) async throws -> (state: [UInt8], lock: [UInt8]?) {
        let configuration = AWSConfiguration(
            region: surroundings.environment["AWS_REGION"] ?? project.aws.region,
            environment: surroundings.environment,
            profileRegion: surroundings.awsCredentials.profileRegion)
        let storage = S3Storage(
            S3Location(
                bucket: bucket, region: try configuration.region,
                endpoint: configuration.customEndpoint(of: .s3)), use: .terraform,
            http: client(.s3, configuration), time: surroundings.time, random: surroundings.random)
        guard let state = try await storage.get(key) else {
            throw Self.unreadable(
                "s3://\(bucket)/\(key)", "there is no such object",
                remedy: "Name bucket and key as the backend's block does; a workspace's key is "
                    + "env:/WORKSPACE/KEY.")
        }
        if let lock = try await storage.get("\(key).tflock") { return (state.bytes, lock.bytes) }
        guard let table = lockTable ?? project.state.lockTable else { return (state.bytes, nil) }
        let locks = TerraformLockTable(
            table, region: try configuration.region,
            endpoint: try configuration.endpoint(of: .dynamodb),
            http: client(.dynamodb, configuration), time: surroundings.time,
            random: surroundings.random)
        return (state.bytes, try await locks.lock(of: "\(bucket)/\(key)"))
    }

    private static func unreadable(
        _ location: String, _ detail: String, remedy: String
    ) -> InvalidTerraformState {
        InvalidTerraformState(
            location: location, problems: [.unreadable(detail, remedy: remedy)])
    }
}
