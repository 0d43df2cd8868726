/// The file is no state that objects can be adopted from. Nothing was written.
package struct InvalidTerraformState: Error, Hashable, Sendable {
    package enum Problem: Hashable, Sendable {
        case notJSON
        /// JSON of another kind.
        case notAState
        /// OpenTofu encrypted it.
        case encrypted
        case older(Int)
        case newer(Int, writer: String?)
        /// Not as Terraform writes it, at that place of the document.
        case malformed(String, String)
        case locked(TerraformLock)
        /// It cannot be read at all, and what helps.
        case unreadable(String, remedy: String)
    }

    /// The file, or the bucket's object.
    package let location: String
    /// Never empty.
    package let problems: [Problem]

    package init(location: String, problems: [Problem]) {
        self.location = location
        self.problems = problems
    }

    package var remedy: String {
        problems.map(\.remedy).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
            .joined(separator: "\n→ ")
    }
}

extension InvalidTerraformState: CustomStringConvertible {
    package var description: String {
        let words = problems.map(\.words)
        return words.count == 1
            ? "\(location): \(words[0])"
            : "\(location):\n" + words.map { "  - \($0)" }.joined(separator: "\n")
    }
}

extension InvalidTerraformState.Problem {
    fileprivate var words: String {
        switch self {
        case .notJSON: "it is not JSON, as Terraform's state is"
        case .notAState: "it is JSON, but no Terraform state: `version` or `lineage` is missing"
        case .encrypted: "it is an OpenTofu state, and encrypted"
        case .older(let version): "it has format \(version), of before Terraform 0.12; 4 is read"
        case .newer(let version, let writer):
            "it has format \(version)" + (writer.map { ", of Terraform \($0)" } ?? "")
                + "; this Launch reads 4"
        case .malformed(let place, let complaint): "\(place): \(complaint)"
        case .locked(let lock): "Terraform has it locked: \(lock)"
        case .unreadable(let detail, _): detail
        }
    }

    fileprivate var remedy: String {
        switch self {
        case .notJSON, .notAState:
            "Name the file that `terraform state pull > terraform.tfstate` writes."
        case .encrypted:
            "Write it out decrypted with `tofu state pull > terraform.tfstate`, and delete that "
                + "file afterwards."
        case .older:
            "Bring it up to date with a Terraform of today: `terraform apply -refresh-only`, then "
                + "`terraform state pull > terraform.tfstate`."
        case .newer: "Update Launch."
        case .malformed:
            "Have Terraform write it anew: `terraform state pull > terraform.tfstate`."
        case .locked(let lock):
            "Wait until that run has ended; if it is dead, `terraform force-unlock \(lock.id)`."
        case .unreadable(_, let remedy): remedy
        }
    }
}
