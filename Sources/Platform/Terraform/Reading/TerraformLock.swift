import Resources

/// What Terraform writes down when it locks a state.
///
/// <https://github.com/hashicorp/terraform/blob/main/internal/states/statemgr/locker.go>
package struct TerraformLock: Hashable, Sendable {
    package let id: String
    /// `ada@laptop`.
    package let who: String
    /// `OperationTypeApply`.
    package let operation: String
    /// ISO 8601.
    package let since: String

    /// Reads the object `<key>.tflock`, the `Info` of DynamoDB's item, or `.<name>.lock.info`. One
    /// that cannot be read is a lock all the same.
    package init(_ bytes: [UInt8]) {
        let document = Value(json: bytes)
        func text(_ member: String) -> String {
            document?[member]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? "unknown"
        }
        id = text("ID")
        who = text("Who")
        operation = text("Operation")
        since = text("Created")
    }
}

extension TerraformLock: CustomStringConvertible {
    package var description: String {
        let verb = operation.replacing("OperationType", with: "").lowercased()
        return "by \(who), for \(verb), since \(since)"
    }
}
