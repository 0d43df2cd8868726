import Services

/// What workflows do so that an ephemeral runner is there for the next job too.
extension Workflows {
    /// A deploy on an ephemeral runner ends before the token that it is given does, with room for
    /// the time between: tokens live an hour.
    static let ephemeralMinutes = 40

    /// Makes the token, before each deploy. It needs no lease: the token is in no state, and any
    /// newer one serves as well.
    func renewalJob(_ service: ServiceSpec, if condition: String) -> String {
        """
        renew-\(service.name):
          name: Renew the runner of \(service.name)
          if: \(condition)
          \(Self.machine)
          environment: "\(service.environment)"
          timeout-minutes: 60
        \(permissions(for: []).indented(2))
          steps:
        \(checkout().indented(4))
        \(setup.indented(4))
            - name: Make the token for the runner's next registration
        \(environment(githubCredentials).indented(6))
              run: launch runner renew \(service.name)
        """
    }

    /// The first step of a deploy, so that hardly anything can fail before it: the token goes
    /// where the runner's unit looks for it when the job is over.
    func handoverStep(_ service: ServiceSpec) -> String {
        guard service.runnerLife == .ephemeral else { return "" }
        let token = ServiceSecret.runnerToken.name(project: project.project, service: service.name)
        return """
            - name: Leave the token for the runner's next registration
              env:
                LAUNCH_RUNNER_TOKEN: \(secret(token))
              run: |
                umask 077
                printf '%s' "$LAUNCH_RUNNER_TOKEN" > \(Seed.nextToken).new
                mv \(Seed.nextToken).new \(Seed.nextToken)

            """
    }
}
