import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// The files under a folder of this machine.
package struct LocalFiles: FileAccess {
    let root: String

    package init(root: String) { self.root = root }

    package func names(in folder: String) throws(FileProblem) -> [String] {
        guard try status(of: folder).isFolder else { throw .other("it is not a folder") }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")
                .filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw .other("permission denied")
        }
    }

    package func content(of path: String) throws(FileProblem) -> [UInt8] {
        let status = try status(of: path)
        if status.isFolder { throw .folder }
        guard status.isRegular else { throw .special }
        guard status.size <= FileProblem.largestFile else { throw .tooLarge }
        guard let data = FileManager.default.contents(atPath: "\(root)/\(path)") else {
            throw .other("permission denied")
        }
        return Array(data)
    }

    package func isFolder(_ path: String) -> Bool {
        (try? status(of: path))?.isFolder ?? false
    }

    private struct Status {
        let isFolder: Bool
        let isRegular: Bool
        let size: Int
    }

    /// What `path` is, links followed.
    private func status(of path: String) throws(FileProblem) -> Status {
        var info = stat()
        guard stat("\(root)/\(path)", &info) == 0 else {
            switch errno {
            case ENOENT, ENOTDIR: throw .missing
            case ELOOP: throw .linkLoop
            default: throw .other(String(cString: strerror(errno)))
            }
        }
        let kind = info.st_mode & S_IFMT
        return Status(
            isFolder: kind == S_IFDIR, isRegular: kind == S_IFREG, size: Int(info.st_size))
    }
}
