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
                "the state is a file, which a workflow's run loses: keep it in a bucket, "
                    + "`state.backend: s3` in launch.yaml."
            )
        }
        if project.workflows.setup == nil, !hasAction {
            needs.append(
                "the workflows install Launch by the action in this repository's root, which is "
                    + "not there: name one as owner/name@commit, `workflows.setup` in launch.yaml.")
        }
        let wanted = credentials(vendors)
        let secrets = names(in: wanted, of: "secrets") + services.flatMap(\.secrets)
        needs.append("secrets: " + unique(secrets))
        needs.append("variables: " + unique(names(in: wanted, of: "vars")))
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
