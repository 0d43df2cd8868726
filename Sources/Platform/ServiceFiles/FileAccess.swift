/// The file system, as far as reading a repository goes. Paths are relative to its root.
package protocol FileAccess: Sendable {
    /// The names in a folder, in order, without hidden ones.
    func names(in folder: String) throws(FileProblem) -> [String]
    /// A regular file's content.
    func content(of path: String) throws(FileProblem) -> [UInt8]
    /// True for a folder, or a link to one.
    func isFolder(_ path: String) -> Bool
}

/// Why a file cannot be read.
package enum FileProblem: Error, Hashable, Sendable {
    case missing
    case folder
    case special
    case linkLoop
    case tooLarge
    case other(String)

    /// Half a sentence, to follow "cannot be read: ".
    package var description: String {
        switch self {
        case .missing: "there is no such file"
        case .folder: "it is a folder"
        case .special: "it is not a regular file"
        case .linkLoop: "its symbolic links lead in a circle"
        case .tooLarge: "it is larger than \(Self.largestFile / 1024) KiB"
        case .other(let words): words
        }
    }

    /// Bytes. Far more than any spec needs, and little enough to parse whatever it holds.
    package static let largestFile = 256 * 1024
}
