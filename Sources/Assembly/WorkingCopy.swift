import Foundation

/// A folder under Git: <https://git-scm.com/docs/gitrepository-layout>.
package struct WorkingCopy {
    /// What is the copy's own: HEAD.
    private let own: URL
    /// What it shares with other copies of the repository: branches.
    private let shared: URL

    /// - Parameter folder: the copy's, or one below it; `nil` where none is under Git.
    package init?(around folder: String) {
        var place = URL(filePath: folder).standardizedFileURL
        while !FileManager.default.fileExists(atPath: place.appending(path: ".git").path) {
            guard place.path != "/" else { return nil }
            place.deleteLastPathComponent()
        }
        let entry = place.appending(path: ".git")
        // A copy beside the first one has a file that tells where its folder is.
        own =
            Self.text(of: entry).flatMap { $0.after("gitdir: ") }
            .map { Self.folder($0, in: place) } ?? entry
        shared =
            Self.text(of: own.appending(path: "commondir"))
            .map { [own] in Self.folder($0, in: own) } ?? own
    }

    /// The commit that is checked out; `nil` where there is none yet.
    package var commit: String? {
        guard let head = Self.text(of: own.appending(path: "HEAD")) else { return nil }
        guard let branch = head.after("ref: ") else { return head.asCommit }
        return Self.text(of: shared.appending(path: branch))?.asCommit ?? packed(branch)
    }

    /// Branches that have not moved for a while stand together in one file: `COMMIT NAME`.
    private func packed(_ branch: String) -> String? {
        let lines = Self.text(of: shared.appending(path: "packed-refs"))?.split(separator: "\n")
        let line = lines?.first { $0.hasSuffix(" \(branch)") }
        return line.flatMap { String($0.prefix { $0 != " " }).asCommit }
    }

    private static func folder(_ path: String, in base: URL) -> URL {
        path.hasPrefix("/") ? URL(filePath: path) : base.appending(path: path)
    }

    private static func text(of file: URL) -> String? {
        (try? String(contentsOf: file, encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

extension String {
    fileprivate func after(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }

    /// SHA-1 or SHA-256.
    fileprivate var asCommit: String? {
        [40, 64].contains(count) && allSatisfy(\.isHexDigit) ? self : nil
    }
}
