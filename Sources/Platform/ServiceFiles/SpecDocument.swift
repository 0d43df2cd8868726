import Services

/// One service's spec as it stands in its file, before it is checked.
struct SpecDocument {
    /// The service's.
    let name: String
    let file: String
    /// Where the file gives the name; `nil` where the folder does.
    let namePlace: Place?
    let root: SpecNode
    /// Of HCL alone.
    var comments = SpecComments()

    /// Where it begins: the file, or the name that stands before it.
    var start: Place { namePlace ?? .start }

    /// Where it is, for messages.
    var location: String {
        namePlace.map { "\(file):\($0.line):\($0.column)" } ?? file
    }

    /// Why its service cannot be called so.
    var nameDiagnostics: [Diagnostic] {
        let subject =
            namePlace == nil
            ? "the folder's name is the service's name and" : "the service's name"
        return ServiceName.problem(with: name, subject).map {
            [Diagnostic(file: file, place: start, message: $0)]
        } ?? []
    }
}

/// The comments of a spec, line by line, without their marks.
struct SpecComments {
    /// Above the spec as a whole.
    var head: [String] = []
    /// Above each key, and at the end of its line.
    var keys: [String: (above: [String], beside: String?)] = [:]
    /// Behind all keys.
    var foot: [String] = []
}

/// What services can be called.
enum ServiceName {
    /// Names that would be taken for labels that every runner has.
    static let reserved: Set = [
        "linux", "windows", "macos", "x64", "x86", "arm", "arm64", "self-hosted",
    ]

    /// Why a service cannot have a name; `nil` when it can.
    /// - Parameter subject: to be followed by "must be".
    static func problem(with name: String, _ subject: String) -> String? {
        guard TextRule.serviceName.accepts(name) else {
            return "\(subject) must be \(TextRule.serviceName.meaning), not \"\(name)\""
        }
        guard !reserved.contains(name) else {
            return "a service cannot be called \(name): its runner's labels would be taken for"
                + " those of other runners; reserved: "
                + reserved.sorted().joined(separator: ", ")
        }
        return nil
    }

    /// Why runners cannot be labelled with `environment`; `nil` when they can.
    static func problem(withEnvironment environment: String) -> String? {
        reserved.contains(environment)
            ? "an environment cannot be called \(environment): other runners have that label" : nil
    }
}
