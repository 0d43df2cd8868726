import HTTP
import Resources

/// A method of the API: where it is, what it takes, what it does.
struct PVEEndpoint: Sendable {
    typealias Action = @Sendable (SimulatedProxmox, PVECall) throws -> Value

    let method: String
    /// `{vmid}` stands for a parameter; a last `{volume}` or `{cidr}` takes the rest of the path.
    let path: [String]
    let parameters: PVESchema
    /// `/vms/{vmid} VM.Audit`; without it everybody may call.
    let privilege: (path: String, name: String)?
    /// The answer is a list of which `start` and `limit` pick a part, with `total` beside it.
    let isPaged: Bool
    let since: PVEVersion
    let action: Action

    init(
        _ call: String, _ parameters: PVESchema = [:], needs privilege: String? = nil,
        isPaged: Bool = false, since: PVEVersion = .oldest, _ action: @escaping Action
    ) {
        let words = call.split(separator: " ").map(String.init)
        let needed = privilege?.split(separator: " ").map(String.init)
        method = words[0]
        path = words[1].split(separator: "/").map(String.init)
        self.privilege = needed.map { ($0[0], $0[1]) }
        self.isPaged = isPaged
        self.since = since
        self.action = action
        let inPath = path.compactMap(Self.parameterName)
        self.parameters =
            inPath.reduce(into: [:]) { schema, name in
                schema = schema + [name: Self.pathParameters[name] ?? .text]
            } + parameters
    }

    private static let pathParameters: [String: PVEParameter] = [
        "node": .format(.node), "vmid": .vmid, "storage": .format(.storageID),
        "pos": .integer(0...), "cidr": .format(.ipOrCIDR),
    ]

    private static func parameterName(_ component: String) -> String? {
        component.hasPrefix("{") ? String(component.dropFirst().dropLast()) : nil
    }

    /// The parameters in the path, when it is this method's.
    func match(_ components: [String]) -> [String: String]? {
        let takesRest = path.last == "{volume}" || path.last == "{cidr}"
        guard takesRest ? components.count >= path.count : components.count == path.count else {
            return nil
        }
        var found: [String: String] = [:]
        for (index, component) in path.enumerated() {
            guard let name = Self.parameterName(component) else {
                if component != components[index] { return nil }
                continue
            }
            let isRest = takesRest && index == path.count - 1
            found[name] =
                isRest ? components[index...].joined(separator: "/") : components[index]
        }
        return found
    }

    /// The method at a path of a release.
    ///
    /// - Parameter components: Percent-decoded, without `api2/json`.
    static func find(
        _ method: String, _ components: [String], in version: PVEVersion
    ) -> (endpoint: PVEEndpoint, inPath: [String: String])? {
        for endpoint in all where endpoint.method == method && endpoint.since <= version {
            if let inPath = endpoint.match(components) { return (endpoint, inPath) }
        }
        return nil
    }

    /// Path, query and body parameters together, checked against the schema.
    ///
    /// - Throws: `PVEFailure` with status 400 and what is wrong with each parameter.
    func checked(
        _ arguments: PVEArguments, inPath: [String: String], version: PVEVersion
    ) throws -> PVEArguments {
        var all = arguments
        for (name, value) in inPath {
            if let sent = arguments[name], sent != value {
                throw PVEFailure.parameters([
                    name: "duplicate parameter (already defined in URI) with conflicting values!"
                ])
            }
            all.set(name, value)
        }
        let errors = parameters.errors(in: all.values, version: version)
        if !errors.isEmpty { throw PVEFailure.parameters(errors) }
        return all
    }
}
