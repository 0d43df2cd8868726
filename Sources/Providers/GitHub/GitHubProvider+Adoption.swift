import HTTP
package import Resources

extension GitHubProvider: OwnershipMarking {
    package var kindsFoundByName: Set<KindName> { [ActionsSecrets.kind] }

    /// - Parameter id: a runner's number, or its name.
    package func adopt(_ id: String, as desired: Resource) async throws {
        try requireMarkable(desired.address, for: "adopt \(id)")
        try await known(runners, desired.address).adopt(id, as: desired)
    }

    package func release(_ observed: ObservedResource) async throws {
        try requireMarkable(observed.address, for: "let \(observed.id) go")
        try await known(runners, observed.address).release(observed)
    }
}

extension Runners {
    /// Gives the runner the label of its service. Its name, which is part of the mark, stays for as
    /// long as it is registered.
    ///
    /// <https://docs.github.com/en/rest/actions/self-hosted-runners>
    fileprivate func adopt(_ id: String, as desired: Resource) async throws {
        let purpose = purpose("adopt \(id)", desired.address)
        try await purpose.run {
            guard let runner = try await find(id) else {
                throw purpose.error(
                    .notFound, "\(repository) has no such runner",
                    remedy: "Name a runner of \(repository) by its number or its name.")
            }
            let name = desired["name"]?.string ?? ""
            guard runner.name == name else {
                throw purpose.error(
                    .unsupported,
                    "it is called \(runner.name), and the service's runner \(name); GitHub "
                        + "renames no runner",
                    remedy: "Register it anew as \(name) (config.sh --replace --name \(name)), or "
                        + "let `launch converge` have the machine do it.")
            }
            let label = Self.label(of: desired.address)
            guard !runner.labels.contains(label) else { return }
            _ = try await api.send(
                .post, "\(path)/\(runner.id)/labels", ["labels": [.string(label)]])
        }
    }

    /// Takes the label of its service off: no deploy job goes to it any more.
    fileprivate func release(_ observed: ObservedResource) async throws {
        let label = Self.label(of: observed.address)
        try await purpose("let the runner \(observed.id) go", observed.address).run {
            guard let runner = try await find(observed.id), runner.labels.contains(label) else {
                return
            }
            do {
                _ = try await api.send(
                    .delete, "\(path)/\(runner.id)/labels/\(label.percentEncoded)")
            } catch let failure as GitHubFailure where failure.isNotFound {}
        }
    }

    private static func label(of address: Address) -> String { address.service.lowercased() }

    private func find(_ id: String) async throws -> Runner? {
        guard Int(id) != nil else {
            return try await api.list(path, [("name", id)], in: "runners").compactMap(Runner.init)
                .first { $0.name == id }
        }
        do {
            return Runner(try await api.send(.get, "\(path)/\(id)"))
        } catch let failure as GitHubFailure where failure.isNotFound {
            return nil
        }
    }
}
