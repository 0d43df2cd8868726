import HTTP
import OrderedCollections
import Resources

import Foundation

/// The Key Management Service of one region.
///
/// It keeps what it was given and hands out random blobs for it: what it promises holds, without
/// cryptography.
package final class SimulatedKMS {
    typealias Operation = @Sendable (SimulatedKMS, JSONMembers) throws -> [String: Value]

    unowned let core: WorldCore
    var keys: OrderedDictionary<String, KMSKey> = [:]
    /// Key ids by `alias/<name>`.
    var aliases: [String: String] = [:]
    var ciphertexts: [[UInt8]: KMSCiphertext] = [:]
    /// Actions that the credentials may not do: `kms:Decrypt`.
    package var denied: Set<String> = []

    init(_ core: WorldCore) {
        self.core = core
        for alias in core.configuration.keys { give(alias) }
    }

    var inventory: [String: Int] { ["kms key": keys.values.count { !$0.isGiven }] }

    /// - Throws: `AWSError`
    func answer(_ call: AWSJSONCall) throws -> HTTPResponse {
        guard let operation = Self.operations[call.operation] else {
            throw AWSError("UnknownOperationException", "")
        }
        let action = "kms:\(call.operation)"
        guard !denied.contains(action) else {
            throw AWSError(
                "AccessDeniedException", AWSError.denial(of: action, on: arn("key/*")))
        }
        return AWSService.kms.json(try operation(self, call.members))
    }

    func addKey(description: String, isGiven: Bool) -> KMSKey {
        let digits = core.random.hexadecimal(32)
        let id = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
            .map { String(Array(digits)[$0]) }.joined(separator: "-")
        let key = KMSKey(
            id: id, arn: arn("key/\(id)"), description: description, created: core.now,
            isGiven: isGiven)
        keys[id] = key
        return key
    }

    /// The key that an id, an ARN, an alias or an alias's ARN names.
    /// - Throws: `NotFoundException`
    func key(_ name: String) throws -> KMSKey {
        let prefix = arn("")
        let local = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
        if local.hasPrefix("alias/") {
            guard let key = aliases[local].flatMap({ keys[$0] }) else {
                throw AWSError("NotFoundException", "Alias \(arn(local)) is not found.")
            }
            return key
        }
        let id = local.hasPrefix("key/") ? String(local.dropFirst(4)) : local
        guard let key = keys[id] else {
            throw AWSError("NotFoundException", "Key '\(arn("key/\(id)"))' does not exist")
        }
        return key
    }

    /// The same, if it is enabled.
    /// - Throws: `NotFoundException`, `DisabledException`
    func usableKey(_ name: String) throws -> KMSKey {
        let key = try key(name)
        guard key.isEnabled else {
            throw AWSError("DisabledException", "\(key.arn) is disabled.")
        }
        return key
    }

    func arn(_ resource: String) -> String {
        "arn:aws:kms:\(core.configuration.region):\(SimulatedAWS.account):\(resource)"
    }

    func randomBytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: core.random.next()) }
    }
}
