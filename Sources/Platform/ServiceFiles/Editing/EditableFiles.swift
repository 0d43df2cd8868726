import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A file system that takes other content for what it has.
protocol EditableFiles: FileAccess {
    /// All at once: whoever reads meanwhile gets the old content or the new.
    func replace(_ path: String, with content: [UInt8]) throws(FileProblem)
}

extension LocalFiles: EditableFiles {
    /// A link stays one, and the file keeps its mode.
    func replace(_ path: String, with content: [UInt8]) throws(FileProblem) {
        let target = URL(filePath: "\(root)/\(path)").resolvingSymlinksInPath().path
        var info = stat()
        guard stat(target, &info) == 0 else { throw .lastOne }
        let folder = URL(filePath: target).deletingLastPathComponent().path
        var template = Array("\(folder)/.launch-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { throw .lastOne }
        let draft = String(
            decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        do throws(FileProblem) {
            defer { close(file) }
            guard fchmod(file, info.st_mode & 0o7777) == 0 else { throw .lastOne }
            try write(content, to: file)
        } catch {
            unlink(draft)
            throw error
        }
        guard rename(draft, target) == 0 else {
            let problem = FileProblem.lastOne
            unlink(draft)
            throw problem
        }
    }

    private func write(_ content: [UInt8], to file: Int32) throws(FileProblem) {
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw .lastOne }
            rest = rest.dropFirst(count)
        }
        guard fsync(file) == 0 else { throw .lastOne }
    }
}

extension FileProblem {
    /// What the system said last.
    fileprivate static var lastOne: FileProblem { .other(String(cString: strerror(errno))) }
}
