package import Services

import Resources
import Yams

/// A `service.yaml` with other values, and what is other in it.
package struct EditedSpec: Hashable, Sendable {
    package let file: String
    package let content: [UInt8]
    /// `services/web/service.yaml:3: size: small → large`, by line.
    package let edits: [String]
    let byHand: [String]
}

/// A spec cannot be edited. Nothing was written.
package struct UneditableSpec: Error, Hashable, Sendable, CustomStringConvertible {
    package let diagnostic: Diagnostic
    /// What a person is to write; empty when it is not theirs to.
    package let byHand: [String]

    package var description: String { diagnostic.description }

    package var remedy: String {
        byHand.isEmpty
            ? "Check the file and its folder."
            : "Write it by hand: \(byHand.joined(separator: "; ")). Then run `launch converge`."
    }
}

/// Puts other values into the `service.yaml` files of a repository.
package struct RepositoryEditor: Sendable {
    private let files: any EditableFiles
    private let environment: [String: String]

    /// - Parameter environment: where `${NAME}` in `launch.yaml` is looked up.
    init(files: any EditableFiles, environment: [String: String]) {
        self.files = files
        self.environment = environment
    }

    package init(root: String, environment: [String: String]) {
        self.init(files: LocalFiles(root: root), environment: environment)
    }

    /// Edits the files of `specs` in memory so that they say these, and nothing else is said
    /// otherwise.
    ///
    /// - Parameter repository: as the files are.
    /// - Throws: `UneditableSpec`
    package func edited(
        _ repository: Repository, to specs: [ServiceSpec]
    ) throws(UneditableSpec) -> [EditedSpec] {
        var edited: [EditedSpec] = []
        for spec in specs {
            guard let old = repository.services.first(where: { $0.name == spec.name }),
                old != spec
            else { continue }
            if SpecLanguage(of: old.file) == .hcl { throw try refusal(from: old, to: spec) }
            edited.append(try self.edited(from: old, to: spec))
        }
        try prove(edited, say: specs, in: repository)
        return edited
    }

    /// Puts an edited file in the place of the old one.
    /// - Throws: `UneditableSpec`
    package func write(_ edited: EditedSpec) throws(UneditableSpec) {
        do throws(FileProblem) {
            try files.replace(edited.file, with: edited.content)
        } catch {
            throw UneditableSpec(
                edited.file, "the file cannot be written: \(error.description)")
        }
    }

    private func edited(
        from old: ServiceSpec, to new: ServiceSpec
    ) throws(UneditableSpec) -> EditedSpec {
        var text = try open(old.file)
        let steps = SpecStep.steps(from: old, to: new, in: text)
        var edits: [(line: Int, words: String)] = []
        for step in steps {
            do throws(UneditableText) {
                try text.refuseShared(step.path)
                edits.append(try text.carryOut(step))
            } catch {
                throw UneditableSpec(
                    old.file, "\"\(step.key)\" is not edited in place: \(error.words)",
                    at: error.place, byHand: steps.map { $0.byHand() })
            }
        }
        return EditedSpec(
            file: old.file, content: text.source.bytes,
            edits: edits.map { "\(old.file):\($0.line): \($0.words)" },
            byHand: steps.map { $0.byHand() })
    }

    /// What is to be written into HCL, which is read and never edited.
    private func refusal(
        from old: ServiceSpec, to new: ServiceSpec
    ) throws(UneditableSpec) -> UneditableSpec {
        do throws(InvalidRepository) {
            let document = SpecSources(files).documents.first { $0.name == old.name }
            let text = try YAMLEditor(
                Array((document?.yamlText ?? "").utf8), file: old.file)
            let steps = SpecStep.steps(from: old, to: new, in: text)
            let key = steps.first?.path.first ?? ServiceSpec.nameKey
            return UneditableSpec(
                old.file, "\"\(steps.first?.key ?? key)\" is not edited in place: HCL is only read",
                at: old.places[key] ?? old.places[ServiceSpec.nameKey] ?? .start,
                byHand: steps.map { $0.byHand(in: .hcl) })
        } catch {
            throw UneditableSpec(diagnostic: error.diagnostics[0], byHand: [])
        }
    }

    private func open(_ file: String) throws(UneditableSpec) -> YAMLEditor {
        let content: [UInt8]
        do throws(FileProblem) {
            content = try files.content(of: file)
        } catch {
            throw UneditableSpec(file, "the file cannot be read: \(error.description)")
        }
        do throws(InvalidRepository) {
            return try YAMLEditor(content, file: file)
        } catch {
            throw UneditableSpec(diagnostic: error.diagnostics[0], byHand: [])
        }
    }

    /// Reads the repository as it would be.
    private func prove(
        _ edited: [EditedSpec], say specs: [ServiceSpec], in repository: Repository
    ) throws(UneditableSpec) {
        guard let first = edited.first else { return }
        let contents = Dictionary(edited.map { ($0.file, $0.content) }) { first, _ in first }
        let reader = RepositoryReader(
            files: EditedFiles(files: files, contents: contents), environment: environment)
        let read: Repository
        do throws(InvalidRepository) {
            read = try reader.read()
        } catch {
            throw UneditableSpec(diagnostic: error.diagnostics[0], byHand: [])
        }
        let wanted = repository.services.map { service in
            specs.first { $0.name == service.name } ?? service
        }
        guard read.services.map(\.withoutPlaces) == wanted.map(\.withoutPlaces),
            read.project == repository.project
        else {
            throw UneditableSpec(
                first.file, "the edited file would not say just what is real",
                byHand: edited.flatMap(\.byHand))
        }
    }
}

extension UneditableSpec {
    fileprivate init(
        _ file: String, _ message: String, at place: Place = .start, byHand: [String] = []
    ) {
        self.init(
            diagnostic: Diagnostic(file: file, place: place, message: message), byHand: byHand)
    }
}

extension YAMLEditor {
    /// - Returns: the line that it is in now, and what is other: "size: small → large".
    fileprivate mutating func carryOut(
        _ step: SpecStep
    ) throws(UneditableText) -> (line: Int, words: String) {
        switch step {
        case .set(let path, let value) where node(at: path.dropLast()) == nil:
            let parent = Array(path.dropLast())
            return try carryOut(.set(parent, [path[parent.count]: value]))
        case .set(let path, let value):
            let old = text(at: path) ?? "(left out)"
            try set(path, to: value, order: SpecField.keys(at: path.dropLast()))
            return (line(of: path), "\(step.key): \(old) → \(value.flowText(at: path))")
        case .append(let path, let value):
            let new = path + [String(node(at: path)?.sequence?.count ?? 0)]
            try append(value, to: path)
            return (line(of: new), "\(step.key): added \(value.flowText(at: new))")
        case .remove(let path, let index, let value):
            try remove(index, from: path)
            return (line(of: path), "\(step.key): removed \(value.flowText(at: path + ["0"]))")
        }
    }
}

/// Files with other content in some of them.
private struct EditedFiles: FileAccess {
    let files: any FileAccess
    let contents: [String: [UInt8]]

    func names(in folder: String) throws(FileProblem) -> [String] { try files.names(in: folder) }

    func content(of path: String) throws(FileProblem) -> [UInt8] {
        if let content = contents[path] { return content }
        return try files.content(of: path)
    }

    func isFolder(_ path: String) -> Bool { files.isFolder(path) }
}
