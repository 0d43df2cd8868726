import Foundation
import TestSupport
import Testing

/// What the clouds refuse: one clear error that says what to do, exit 1, nothing changed.
@Suite(.timeLimit(.minutes(20))) struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let environment: [String: String?]
        let errors: String

        init(_ environment: [String: String?], _ errors: String) {
            self.environment = environment
            self.errors = errors
        }

        var testDescription: String { environment.keys.sorted().joined(separator: " ") }
    }

    /// A run that cannot work leaves a world that has everything, and its record, as they were.
    private func expectRefusal(
        _ errors: String, environment: [String: String?] = [:], simulate: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await withBench(simulate: simulate) { (bench) async throws in
            try await bench.run("init")
            let before = try await bench.footprint()
            let refused = try await bench.run("converge", "--yes", environment: environment)
            #expect(refused == Outcome(1, errors: errors), sourceLocation: sourceLocation)
            #expect(try await bench.footprint() == before, sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: [
        Case(
            ["AWS_ACCESS_KEY_ID": nil, "AWS_EC2_METADATA_DISABLED": "true"],
            """
            Error: aws: could not find AWS credentials: AWS_ACCESS_KEY_ID is not set; \
            AWS_WEB_IDENTITY_TOKEN_FILE is not set; AWS_ROLE_ARN is not set; there is no profile \
            default in ~/.aws/config or ~/.aws/credentials; no \
            AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI is set; \
            AWS_EC2_METADATA_DISABLED is true
            → Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or in a GitHub job \
            AWS_ROLE_ARN with the permission `id-token: write`.

            """),
        Case(
            ["AWS_SECRET_ACCESS_KEY": nil],
            """
            Error: aws: could not sign a request: AWS_SECRET_ACCESS_KEY is not set
            → Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.

            """),
        Case(
            ["PROXMOX_VE_API_TOKEN": nil],
            """
            Error: proxmox: could not connect to Proxmox VE: no API token is set
            → Set PROXMOX_VE_API_TOKEN (user@realm!id=uuid).

            """),
        Case(
            ["PROXMOX_VE_ENDPOINT": nil],
            """
            Error: proxmox: could not connect to Proxmox VE: no endpoint is set
            → Set `targets.proxmox.endpoint` in launch.yaml, or PROXMOX_VE_ENDPOINT.

            """),
        Case(
            ["CLOUDFLARE_API_TOKEN": nil],
            """
            Error: cloudflare: could not list the DNS records: CLOUDFLARE_API_TOKEN is not set
            → Set CLOUDFLARE_API_TOKEN.

            """),
        Case(
            ["GITHUB_TOKEN": nil],
            """
            Error: github: could not list the runners: GITHUB_TOKEN is not set
            → Set GITHUB_TOKEN (a token that may administer the repository).

            """),
    ])
    func missingCredentials(_ example: Case) async throws {
        try await expectRefusal(example.errors, environment: example.environment)
    }

    @Test(arguments: [
        Case(
            ["AWS_ACCESS_KEY_ID": "AKIAWRONG"],
            """
            Error: aws: could not list the project's objects: AuthFailure: AWS was not able to \
            validate the provided access credentials
            → Check the access key; it must be active and of this account.

            """),
        Case(
            ["AWS_SECRET_ACCESS_KEY": "wrong"],
            """
            Error: aws: could not list the project's objects: AuthFailure: AWS was not able to \
            validate the provided access credentials
            → Check the access key; it must be active and of this account.

            """),
        Case(
            ["PROXMOX_VE_API_TOKEN": "wrong"],
            """
            Error: proxmox: could not connect to Proxmox VE: PROXMOX_VE_API_TOKEN is not an API \
            token
            → Set PROXMOX_VE_API_TOKEN (user@realm!id=uuid).

            """),
        Case(
            ["PROXMOX_VE_API_TOKEN": "launch@pve!ci=00000000-0000-4000-8000-000000000000"],
            """
            Error: proxmox: could not read the guests: invalid token value!
            → Check that PROXMOX_VE_API_TOKEN is valid and has not expired.

            """),
        Case(
            ["CLOUDFLARE_API_TOKEN": "wrong"],
            """
            Error: cloudflare: could not list the DNS records: Invalid access token (code 9109)
            → Check that CLOUDFLARE_API_TOKEN is valid and grant it Zone › DNS: Edit.

            """),
        Case(
            ["GITHUB_TOKEN": "wrong"],
            """
            Error: github: could not list the runners: Bad credentials (HTTP status 401)
            → Check that GITHUB_TOKEN is valid and has not expired, or that \
            LAUNCH_GITHUB_APP_ID and LAUNCH_GITHUB_APP_KEY are of one App.

            """),
    ])
    func wrongCredentials(_ example: Case) async throws {
        try await expectRefusal(example.errors, environment: example.environment)
    }

    /// The token may list runners and not register them: found out before machines are made.
    @Test func aTokenThatMayNotRegisterRunners() async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            try await bench.run("init")
            let before = try await bench.footprint()
            try await bench.world.fail("registration-token", with: "forbidden")
            let refused = try await bench.run("converge", "--yes")
            #expect(refused.code == 1)
            #expect(
                refused.errors == """
                    Error: librechat/github.runner: could not obtain github.registration_token: \
                    no explanation (HTTP status 403)
                    → Grant Administration: write on example/services to the credentials in use.

                    """)
            #expect(try await bench.footprint() == before)
        }
    }

    static let endpoints = [
        ("AWS_ENDPOINT_URL", "could not list the project's objects"),
        ("PROXMOX_VE_ENDPOINT", "could not read the guests"),
        ("CLOUDFLARE_BASE_URL", "could not list the DNS records"),
        ("GITHUB_API_URL", "could not list the runners"),
    ]

    /// How curl words it differs from version to version.
    @Test(arguments: endpoints)
    func nobodyAnswers(variable: String, action: String) async throws {
        try await withBench { (bench) async throws in
            try await bench.run("init")
            let before = try await bench.footprint()
            let refused = try await bench.run(
                "converge", "--yes", environment: [variable: "http://127.0.0.1:1"])
            let lines = refused.errors.split(separator: "\n")
            #expect(refused.code == 1)
            #expect(lines.count == 2)
            #expect(lines.first?.contains("\(action): http://127.0.0.1:1: ") == true)
            #expect(lines.last?.hasPrefix("→ Check ") == true)
            #expect(try await bench.footprint() == before)
        }
    }

    @Test(
        .enabled(if: SelfSignedServer.isPossible, "openssl is not installed"),
        arguments: endpoints)
    func anUntrustedCertificate(variable: String, action: String) async throws {
        try await withBench { (bench) async throws in
            let server = try await SelfSignedServer(in: bench.folder)
            defer { server.stop() }
            try await bench.run("init")
            let before = try await bench.footprint()
            let refused = try await bench.run(
                "converge", "--yes", environment: [variable: server.origin])
            let lines = refused.errors.split(separator: "\n")
            #expect(refused.code == 1)
            #expect(lines.count == 2)
            #expect(lines.first?.contains("\(action): \(server.origin): ") == true)
            #expect(lines.first?.contains("certificate") == true)
            #expect(lines.last?.hasPrefix("→ ") == true)
            #expect(try await bench.footprint() == before)
        }
    }

    @Test func aClockThatIsOff() async throws {
        try await expectRefusal(
            """
            Error: aws: could not list the project's objects: RequestExpired: Request has expired.
            → Set this machine's clock.

            """, simulate: ["--clock-offset", "1h"])
    }

    /// A few minutes are put right on the way.
    @Test func aClockThatIsALittleOff() async throws {
        try await withBench(["librechat"], simulate: ["--clock-offset", "10m"]) {
            (bench) async throws in
            #expect(try await bench.run("plan", "--detailed-exitcode").code == 2)
        }
    }
}
