import Services

extension Workflows {
    /// A job that converges one service. One run at a time works on a service; a newer one waits.
    func convergeJob(_ service: ServiceSpec, needs: String? = nil, if condition: String) -> String {
        """
        converge-\(service.name):
          name: Converge \(service.name)
        \(needs.map { "  needs: \($0)\n" } ?? "")\
          if: \(condition)
          \(Self.machine)
          environment: "\(service.environment)"
          timeout-minutes: 90
          concurrency:
            group: launch-converge-\(service.name)
            cancel-in-progress: false
        \(permissions(for: vendors).indented(2))
          steps:
        \(checkout().indented(4))
        \(setup.indented(4))
            - name: Converge
        \(environment(credentials(vendors)).indented(6))
              run: launch converge \(service.name) --yes --lock-timeout 30m --timeout 80m
        """
    }

    /// A job that deploys one service, on its own machine, with its own secrets.
    func deployJob(_ service: ServiceSpec, needs: String? = nil, if condition: String) -> String {
        """
        deploy-\(service.name):
          name: Deploy \(service.name)
        \(needs.map { "  needs: \($0)\n" } ?? "")\
          if: \(condition)
          runs-on: [self-hosted, "\(service.name)", "\(service.environment)"]
          environment:
            name: "\(service.environment)"
        \(service.url.map { "    url: \($0)\n" } ?? "")\
          timeout-minutes: \(service.runnerLife == .ephemeral ? Self.ephemeralMinutes : 60)
          concurrency:
            group: launch-deploy-\(service.name)
            cancel-in-progress: false
          permissions:
            contents: read
          steps:
        \(handoverStep(service).indented(4))\
        \(checkout().indented(4))
            - name: Deploy
        \(environment(deploySettings(service)).indented(6))
              run: bash .github/launch/deploy \(service.name)
        """
    }

    private func deploySettings(_ service: ServiceSpec) -> [(name: String, value: String)] {
        let secrets = service.secrets.sorted()
        var settings = secrets.map { ($0, secret($0)) }
        settings.append(("LAUNCH_SECRETS", "\"\(secrets.joined(separator: " "))\""))
        if let former = service.formerName { settings.append(("LAUNCH_FORMER", "\"\(former)\"")) }
        if service.kind == .web, let path = service.health,
            let port = service.port ?? service.publicAccess?.port
        {
            settings.append(("LAUNCH_HEALTH", "\"http://127.0.0.1:\(port)\(path)\""))
        }
        if service.publicAccess != nil, service.exposure == .tunnel {
            settings.append(("LAUNCH_TUNNEL_IMAGE", Self.connector))
            settings.append(("LAUNCH_TUNNEL_TOKEN", secret(.tunnelToken, of: service)))
        }
        if service.wantsOriginCertificate {
            settings.append(
                ("LAUNCH_ORIGIN_CERTIFICATE", secret(.originCertificate, of: service)))
        }
        return settings
    }

    private func secret(_ kept: ServiceSecret, of service: ServiceSpec) -> String {
        secret(kept.name(project: project.project, service: service.name))
    }

    /// True in a run by hand that names the service, or all.
    func isNamed(_ service: ServiceSpec) -> String {
        "inputs.services == 'all' || contains(format(' {0} ', inputs.services), ' \(service.name) ')"
    }

    static let byHand = """
        workflow_dispatch:
          inputs:
            services:
              description: The services, separated by blanks; or all
              required: true
              type: string
        """

    /// Jobs in their place below `jobs:`.
    func jobs(_ jobs: [String]) -> String {
        "\n" + jobs.map { $0.indented(2) }.joined(separator: "\n\n")
    }
}
