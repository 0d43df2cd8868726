/// A machine of any vendor: `aws/i-0abc`, `proxmox/200`. It stays the same over stop and start.
package struct MachineID: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ text: String) { description = text }
}
