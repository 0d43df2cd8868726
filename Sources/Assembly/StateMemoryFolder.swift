import Cryptography
import Foundation
package import Journal
import Resources

/// What this machine has seen of states: a small file for each, in the user's folder for such
/// things (`XDG_STATE_HOME`, else `~/.local/state`; XDG Base Directory Specification 0.8).
package struct StateMemoryFolder: StateMemory {
    private let folder: URL

    /// - Returns: `nil` where the environment names no home.
    package init?(_ environment: [String: String]) {
        if let path = environment["XDG_STATE_HOME"], path.hasPrefix("/") {
            folder = URL(filePath: path).appending(path: "launch")
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            folder = URL(filePath: home).appending(path: ".local/state/launch")
        } else {
            return nil
        }
    }

    package func witness(of location: String, lineage: String) -> String {
        file(of: location, lineage).path
    }

    package func mark(of location: String, lineage: String) -> StateMark? {
        guard let bytes = try? Data(contentsOf: file(of: location, lineage)) else { return nil }
        return Value(json: Array(bytes)).flatMap { try? StateMark(json: $0) }
    }

    package func remember(_ mark: StateMark, of location: String) {
        let known = self.mark(of: location, lineage: mark.lineage)
        guard mark.further(than: known) != known, let bytes = try? mark.json.jsonBytes() else {
            return
        }
        try? FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try? Data(bytes).write(to: file(of: location, mark.lineage), options: .atomic)
    }

    /// Both may be long, and hold anything.
    private func file(of location: String, _ lineage: String) -> URL {
        let name = OpenSSLDigests().sha256(Array("\(location)\n\(lineage)".utf8)).hexadecimal
        return folder.appending(path: "\(name.prefix(32)).json")
    }
}
