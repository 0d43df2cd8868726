package import Services

/// The GitHub workflows of a repository, as its specs ask for them.
///
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax>
package struct Workflows: Sendable {
    let project: ProjectSpec
    /// In order of name.
    let services: [ServiceSpec]

    package init(for services: [ServiceSpec], in project: ProjectSpec) {
        self.project = project
        self.services = services.sorted { $0.name < $1.name }
    }

    /// Everything that belongs under `.github`, in order of path.
    package var files: [WorkflowFile] {
        let always = [
            plan, drift, WorkflowFile.changesScript, .commentScript, .deployScript, .issueScript,
            .startDeployScript,
        ]
        let perService = services.isEmpty ? [] : [converge, deploy, reconcile, linterSettings]
        return (always + perService).sorted { $0.path < $1.path }
    }

    /// What a repository with services has, and this one has not.
    package var obsoletePaths: [String] {
        let names = ["actionlint.yaml", "workflows/converge.yml", "workflows/deploy.yml"]
        let all = (names + ["workflows/reconcile.yml"]).map { ".github/\($0)" }
        return services.isEmpty ? all : []
    }

    /// <https://github.com/actions/checkout/releases/tag/v7.0.1>
    private static let checkout =
        "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"

    /// The tunnel's connector.
    /// <https://github.com/cloudflare/cloudflared/releases/tag/2026.8.2>
    static let connector = "cloudflare/cloudflared:2026.8.2"

    /// The runners of GitHub that Launch itself runs on.
    static let machine = "runs-on: ubuntu-24.04"

    /// - Parameter depth: 0 fetches the whole history.
    func checkout(depth: Int = 1) -> String {
        """
        - uses: \(Self.checkout)
          with:\(depth == 1 ? "" : "\n    fetch-depth: \(depth)")
            persist-credentials: false
        """
    }

    /// The newer `$/` needs a path behind it, so it cannot name an action in the root.
    var setup: String {
        "- uses: \(project.workflows.setup ?? "./ # zizmor: ignore[self-repository]")"
    }

    /// What every workflow begins with.
    ///
    /// - Parameter run: what a run is called; the commit's first line if left out.
    func head(
        _ name: String, run: String? = nil, on events: String, concurrency: String? = nil
    ) -> String {
        """
        name: \(name)
        \(run.map { "run-name: \($0)\n" } ?? "")\
        on:
        \(events.indented(2))
        permissions: {}
        \(concurrency.map { "concurrency:\n\($0.indented(2))\n" } ?? "")\
        defaults:
          run:
            shell: bash
        jobs:
        """
    }

    /// actionlint takes the runners' labels for mistakes unless it is told of them.
    private var linterSettings: WorkflowFile {
        let labels = Set(services.flatMap { [$0.name, $0.environment] }).sorted()
        return WorkflowFile(
            ".github/actionlint.yaml",
            "self-hosted-runner:\n  labels:\n" + labels.map { "    - \"\($0)\"\n" }.joined())
    }
}
