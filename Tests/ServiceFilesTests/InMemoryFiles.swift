@testable import ServiceFiles

/// A repository of texts, by path.
struct InMemoryFiles: FileAccess {
    var texts: [String: String]

    func names(in folder: String) throws(FileProblem) -> [String] {
        guard isFolder(folder) else { throw .missing }
        let inside = texts.keys.filter { $0.hasPrefix("\(folder)/") }
            .map { String($0.dropFirst(folder.count + 1).prefix { $0 != "/" }) }
        return Set(inside).sorted()
    }

    func content(of path: String) throws(FileProblem) -> [UInt8] {
        if let text = texts[path] { return Array(text.utf8) }
        throw isFolder(path) ? .folder : .missing
    }

    func isFolder(_ path: String) -> Bool { texts.keys.contains { $0.hasPrefix("\(path)/") } }
}

extension InMemoryFiles {
    static let compose = "services:\n  app:\n    image: example\n"

    /// A sound project with one service, `web`.
    static func service(_ spec: String, project: String = sampleProject) -> InMemoryFiles {
        InMemoryFiles(texts: [
            "launch.yaml": project, "services/web/service.yaml": spec,
            "services/web/compose.yaml": compose,
        ])
    }

    static let sampleProject = "project: sample\ndomain: example.com\n"

    func problems(environment: [String: String] = [:]) -> [String] {
        RepositoryReader(files: self, environment: environment).problems
    }
}

extension RepositoryReader {
    /// What is wrong, line by line; empty when nothing is.
    var problems: [String] {
        do throws(InvalidRepository) {
            _ = try read()
            return []
        } catch {
            return error.diagnostics.map(\.description)
        }
    }
}
