import Services

extension Workflows {
    /// What the workflows cannot run without and these specs do not give: one sentence each. The
    /// repository's secrets and variables are among them, since nobody here can see them.
    ///
    /// - Parameter hasAction: whether an action in the repository's root installs Launch.
    package func needs(hasAction: Bool) -> [String] {
        var needs: [String] = []
        if project.state.backend == .sqlite {
            needs.append(
                "A state that runs share: a file is lost with each run. Set `state` in launch.yaml."
            )
        }
        if project.workflows.setup == nil, !hasAction {
            needs.append(
                "The action that installs Launch: set `workflows.setup: owner/launch@COMMIT` in "
                    + "launch.yaml.")
        }
        let wanted = credentials(vendors)
        let secrets = names(in: wanted, of: "secrets") + services.flatMap(\.secrets)
        needs.append("Secrets: " + unique(secrets))
        needs.append("Variables: " + unique(names(in: wanted, of: "vars")))
        return needs
    }

    private func names(
        in credentials: [(name: String, value: String)], of store: String
    ) -> [String] {
        credentials.compactMap { credential in
            let parts = credential.value.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
            return parts.first.map(String.init) == store ? parts.last.map(String.init) : nil
        }
    }

    private func unique(_ names: [String]) -> String {
        Set(names).sorted().joined(separator: ", ") + "."
    }
}
