@testable import AWS
import HTTP
import Resources
import Simulation
import TestSupport
import Testing

/// Each way to credentials, and each way to miss them.
@Suite struct CredentialChainTests {
    private static let role = "arn:aws:iam::123456789012:role/deploy"

    // MARK: - The environment

    @Test func theEnvironmentComesFirst() async throws {
        let bench = CredentialBench(
            [
                "AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": "s",
                "AWS_SESSION_TOKEN": "t",
            ], credentials: "[default]\naws_access_key_id=AKIA2\naws_secret_access_key=s2")
        #expect(try await bench.outcome() == ["AWS_ACCESS_KEY_ID", "AKIA1 s t"])
    }

    @Test func aKeyWithoutItsSecretEndsTheSearch() async throws {
        let bench = CredentialBench(
            ["AWS_ACCESS_KEY_ID": "AKIA1"],
            credentials: "[default]\naws_access_key_id=AKIA2\naws_secret_access_key=s2")
        #expect(
            try await bench.outcome() == [
                "aws: could not sign a request: AWS_SECRET_ACCESS_KEY is not set",
                "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
            ])
    }

    @Test func whereNothingIsFoundEveryPlaceIsNamed() async throws {
        let refusing = ScriptedHTTPClient([
            { request in throw HTTPError(.refused, origin: "http://169.254.169.254", detail: "") }
        ])
        #expect(
            try await CredentialBench(["AWS_ROLE_ARN": Self.role], http: refusing).outcome() == [
                "aws: could not find AWS credentials: AWS_ACCESS_KEY_ID is not set; "
                    + "AWS_WEB_IDENTITY_TOKEN_FILE is not "
                    + "set; AWS_ROLE_ARN is set, but there is no identity token for it: this is no "
                    + "GitHub job; there is no profile default in ~/.aws/config or "
                    + "~/.aws/credentials; no AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI "
                    + "is set; http://169.254.169.254: connection refused",
                "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or in a GitHub "
                    + "job AWS_ROLE_ARN with the permission `id-token: write`.",
            ])
    }

    // MARK: - Web identity

    @Test func aTokenInAFileIsTradedUnsigned() async throws {
        let http = ScriptedHTTPClient(.role("AssumeRoleWithWebIdentity", key: "ASIA1"))
        let bench = CredentialBench(
            ["AWS_ROLE_ARN": Self.role, "AWS_WEB_IDENTITY_TOKEN_FILE": "/token"],
            files: ["/token": "jwt\n"], http: http)
        #expect(
            try await bench.outcome() == [
                "the identity token in /token, role \(Self.role)",
                "ASIA1 secret-of-ASIA1 token-of-ASIA1",
            ])
        #expect(
            http.requests.map(\.form) == [
                [
                    "Action=AssumeRoleWithWebIdentity", "RoleArn=\(Self.role)",
                    "RoleSessionName=launch", "WebIdentityToken=jwt",
                ]
            ])
        #expect(http.requests.map(\.url) == ["https://sts.us-east-1.amazonaws.com/"])
        #expect(http.requests.map(\.signer) == [nil])
    }

    @Test func gitHubVouchesForItsJob() async throws {
        let http = ScriptedHTTPClient(
            .json("", status: 503), .json(#"{"count":4,"value":"jwt"}"#),
            .role("AssumeRoleWithWebIdentity", key: "ASIA1"))
        let bench = CredentialBench(
            [
                "AWS_ROLE_ARN": Self.role, "AWS_REGION": "eu-central-1", "GITHUB_RUN_ID": "42",
                "ACTIONS_ID_TOKEN_REQUEST_URL": "https://vstoken.example/idtoken?api-version=2.0",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "request-token",
            ], http: http)
        #expect(
            try await bench.outcome() == [
                "GitHub OIDC, role \(Self.role)", "ASIA1 secret-of-ASIA1 token-of-ASIA1",
            ])
        let asked =
            "GET https://vstoken.example/idtoken?api-version=2.0&audience=sts.amazonaws.com "
            + "Authorization: bearer request-token"
        #expect(
            http.requests.map(\.summary) == [
                asked, asked, "POST https://sts.eu-central-1.amazonaws.com/",
            ])
        #expect(
            http.requests.last?.form == [
                "Action=AssumeRoleWithWebIdentity", "RoleArn=\(Self.role)",
                "RoleSessionName=launch-42", "WebIdentityToken=jwt",
            ])
    }

    @Test func aTrustPolicyThatRefusesIsNamed() async throws {
        let http = ScriptedHTTPClient(
            .json(#"{"value":"jwt"}"#), .failure("AccessDenied", status: 403, message: "Not you."))
        let bench = CredentialBench(
            [
                "AWS_ROLE_ARN": Self.role, "ACTIONS_ID_TOKEN_REQUEST_URL": "https://v.example/",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "request-token",
            ], http: http)
        #expect(
            try await bench.outcome() == [
                "aws: could not assume the role \(Self.role): AccessDenied: Not you.",
                "Let the role's trust policy accept this token's issuer, audience and subject.",
            ])
    }

    // MARK: - Profiles

    @Test func rolesAreAssumedOneByTheOther() async throws {
        let http = ScriptedHTTPClient(
            .role("AssumeRole", key: "ASIA1"), .role("AssumeRole", key: "ASIA2"))
        let bench = CredentialBench(
            ["AWS_PROFILE": "outer"],
            config: """
                [profile outer]
                role_arn = arn:aws:iam::1:role/outer
                source_profile = inner
                external_id = x-1
                duration_seconds = 900
                region = eu-west-1
                [profile inner]
                role_arn = arn:aws:iam::1:role/inner
                source_profile = keys
                role_session_name = ci
                """, credentials: "[keys]\naws_access_key_id=AKIA\naws_secret_access_key=s",
            http: http)
        #expect(
            try await bench.outcome() == [
                "the profile outer: role arn:aws:iam::1:role/outer, assumed with the profile "
                    + "inner: role arn:aws:iam::1:role/inner, assumed with the profile keys in "
                    + "~/.aws/credentials", "ASIA2 secret-of-ASIA2 token-of-ASIA2",
            ])
        #expect(http.requests.map(\.signer) == ["AKIA", "ASIA1"])
        #expect(
            http.requests.map(\.form) == [
                [
                    "Action=AssumeRole", "RoleArn=arn:aws:iam::1:role/inner", "RoleSessionName=ci",
                ],
                [
                    "Action=AssumeRole", "DurationSeconds=900", "ExternalId=x-1",
                    "RoleArn=arn:aws:iam::1:role/outer", "RoleSessionName=launch",
                ],
            ])
        #expect(
            Set(http.requests.map(\.url)) == ["https://sts.eu-west-1.amazonaws.com/"])
    }

    @Test func aRoleMayStandOnTheEnvironment() async throws {
        let http = ScriptedHTTPClient(
            .metadata(key: "ASIA1"), .role("AssumeRole", key: "ASIA2"))
        let bench = CredentialBench(
            ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/c"],
            config: "[default]\nrole_arn=arn:aws-cn:iam::1:role/r\ncredential_source=EcsContainer",
            http: http)
        #expect(
            try await bench.outcome() == [
                "the profile default: role arn:aws-cn:iam::1:role/r, assumed with the container's "
                    + "endpoint http://169.254.170.2", "ASIA2 secret-of-ASIA2 token-of-ASIA2",
            ])
        #expect(
            http.requests.map(\.url) == [
                "http://169.254.170.2/v2/c", "https://sts.cn-north-1.amazonaws.com.cn/",
            ])
    }

    struct Refusal: Sendable {
        let config: String
        let detail: String
        let remedy: String
    }

    private static let exporting =
        "Run `eval \"$(aws configure export-credentials --profile default --format env)\"` first."

    @Test(arguments: [
        Refusal(
            config: "role_arn=r\nsource_profile=default",
            detail: "the source_profile settings lead in a circle: default → default",
            remedy: "Let one of these profiles have keys of its own."),
        Refusal(
            config: "role_arn=r\nsource_profile=b\n[profile b]\nrole_arn=r\nsource_profile=default",
            detail: "the source_profile settings lead in a circle: default → b → default",
            remedy: "Let one of these profiles have keys of its own."),
        Refusal(
            config: "role_arn=r\nsource_profile=b",
            detail: "the source_profile b of the profile default does not exist",
            remedy: "Correct source_profile, or add the profile."),
        Refusal(
            config: "role_arn=r\nsource_profile=b\n[profile b]\nregion=x",
            detail: "the profile b has neither role_arn, nor keys, nor credential_process",
            remedy: "Correct source_profile of default."),
        Refusal(
            config: "role_arn=r", detail: "the profile default has a role_arn",
            remedy: "Give it either source_profile or credential_source."),
        Refusal(
            config: "role_arn=r\ncredential_source=Environment",
            detail: "the profile default names the credential_source Environment, which has none "
                + "here", remedy: "Provide them, or choose another profile."),
        Refusal(
            config: "role_arn=r\ncredential_source=Moon",
            detail: "the profile default names the credential_source Moon",
            remedy: "Choose Environment, EcsContainer or Ec2InstanceMetadata."),
        Refusal(
            config: "role_arn=r\ncredential_source=Environment\nmfa_serial=arn:aws:iam::1:mfa/me",
            detail: "the profile default asks for a one-time code (mfa_serial), and nobody is "
                + "asked for one here", remedy: exporting),
        Refusal(
            config: "sso_session=s\nsso_account_id=1\nsso_role_name=r",
            detail: "the profile default signs in through a browser (IAM Identity Center)",
            remedy: exporting),
        Refusal(
            config: "aws_access_key_id=AKIA",
            detail: "the profile default in ~/.aws/config has aws_access_key_id, but no "
                + "aws_secret_access_key",
            remedy: "Add it with `aws configure --profile default`."),
        Refusal(
            config: "what is this",
            detail: "~/.aws/config:2: neither a [section] nor a `key = value` of one",
            remedy: "Correct the file, or name another one with AWS_CONFIG_FILE or "
                + "AWS_SHARED_CREDENTIALS_FILE."),
    ])
    func aProfileThatCannotBeUsedIsNoReasonToGoOn(_ refusal: Refusal) async throws {
        let bench = CredentialBench(config: "[default]\n\(refusal.config)")
        #expect(
            try await bench.outcome() == [
                "aws: could not find AWS credentials: \(refusal.detail)", refusal.remedy,
            ])
    }

    @Test func aNamedProfileMustExist() async throws {
        let bench = CredentialBench(["AWS_PROFILE": "ci"], config: "[profile dev]\nregion=x")
        #expect(
            try await bench.outcome() == [
                "aws: could not find AWS credentials: there is no profile ci in ~/.aws/config or "
                    + "~/.aws/credentials",
                "Correct AWS_PROFILE, or add the profile with `aws configure`.",
            ])
    }

    @Test func aFileThatMayNotBeReadIsNamed() async throws {
        let bench = CredentialBench(config: ScriptedHost.unreadable)
        #expect(
            try await bench.outcome().first
                == "aws: could not find AWS credentials: ~/.aws/config cannot be read: "
                + "permission denied")
    }

    // MARK: - Processes

    private static let process =
        #"[default]\#ncredential_process = /bin/get "two words" 'a"b' c\ d"#
    private static let command = ["/bin/get", "two words", "a\"b", "c d"]

    @Test func aProcessIsRunWithoutAShell() async throws {
        let printed = #"{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"s"}"#
        let bench = CredentialBench(config: Self.process, programs: [Self.command: printed])
        #expect(
            try await bench.outcome() == ["credential_process of the profile default", "AKIA s"])
        #expect(bench.host.commands == [Self.command])
    }

    @Test(arguments: [
        ("{}", "it did not print a JSON document with \"Version\": 1"),
        ("hunter2", "it did not print a JSON document with \"Version\": 1"),
        (
            #"{"Version":2,"AccessKeyId":"hunter2"}"#,
            "it did not print a JSON document with \"Version\": 1"
        ),
    ])
    func whatAProcessPrintsIsNeverShown(printed: String, detail: String) async throws {
        let bench = CredentialBench(config: Self.process, programs: [Self.command: printed])
        #expect(
            try await bench.outcome() == [
                "aws: could not run credential_process of the profile default: \(detail)",
                "Run the command by hand and correct it or the profile.",
            ])
    }

    @Test func anAnswerWithoutASecretIsNotShownEither() async throws {
        let bench = CredentialBench(
            config: Self.process,
            programs: [Self.command: #"{"Version":1,"AccessKeyId":"hunter2"}"#])
        #expect(
            try await bench.outcome().first
                == "aws: could not read AWS credentials: the answer of credential_process of the "
                + "profile default has no SecretAccessKey")
    }

    // MARK: - Containers

    @Test func aContainerIsAskedUpToThreeTimes() async throws {
        let http = ScriptedHTTPClient(
            .json("", status: 500), .json("", status: 500), .metadata(key: "ASIA1"))
        let bench = CredentialBench(
            [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/var/token",
            ], files: ["/var/token": "pod-token"], http: http)
        #expect(
            try await bench.outcome() == [
                "the container's endpoint http://169.254.170.23", "ASIA1 s t",
            ])
        let asked = "GET http://169.254.170.23/v1/credentials Authorization: pod-token"
        #expect(http.requests.map(\.summary) == [asked, asked, asked])
    }

    @Test(arguments: [
        ("http://169.254.170.2/a", true), ("http://169.254.170.23:80/a", true),
        ("http://[fd00:ec2::23]/a", true), ("http://[::1]:99/a", true),
        ("http://127.8.9.1:99/a", true), ("http://localhost:99?x", true),
        ("https://anything.example/a", true), ("http://anything.example/a", false),
        ("http://127.0.0.1.example/a", false), ("http://localhost@example.com/a", false),
        ("http://169.254.170.2.example/a", false), ("http://example.com#.localhost/", false),
        ("http://127.0.0.1:80@example.com/", false), ("ftp://localhost/a", false),
        ("http://127.0.0.256/", false), ("", false),
    ])
    func onlyHostsThatNobodyElseCanBeAreAskedWithoutTLS(url: String, isAllowed: Bool) {
        #expect(ContainerCredentials.isAllowed(url) == isAllowed)
    }

    // MARK: - Instance metadata

    @Test func anInstancesRoleComesByTheSecondVersion() async throws {
        let http = ScriptedHTTPClient(
            .json("session"), .json("web-role\n"), .metadata(key: "ASIA1"))
        let bench = CredentialBench(
            ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://localhost:1338/"], http: http)
        #expect(try await bench.outcome() == ["the EC2 instance's role", "ASIA1 s t"])
        let roles = "http://localhost:1338/latest/meta-data/iam/security-credentials/"
        let session = "x-aws-ec2-metadata-token: session"
        #expect(
            http.requests.map(\.summary) == [
                "PUT http://localhost:1338/latest/api/token "
                    + "x-aws-ec2-metadata-token-ttl-seconds: 21600", "GET \(roles) \(session)",
                "GET \(roles)web-role \(session)",
            ])
        #expect(http.requests.map(\.timeout) == [.seconds(1), .seconds(1), .seconds(1)])
    }

    @Test func theFirstVersionIsNeverAsked() async throws {
        let http = ScriptedHTTPClient(.json("", status: 403))
        let lines = try await CredentialBench(http: http).outcome()
        #expect(lines.first?.hasSuffix("; HTTP 403") == true)
        #expect(http.requests.count == 1)
    }

    @Test func metadataCanBeDisabled() async throws {
        let http = ScriptedHTTPClient()
        let bench = CredentialBench(["AWS_EC2_METADATA_DISABLED": "true"], http: http)
        let lines = try await bench.outcome()
        #expect(lines.first?.hasSuffix("; AWS_EC2_METADATA_DISABLED is true") == true)
        #expect(http.requests.isEmpty)
    }

    // MARK: - Beside the credentials

    @Test func aProfilesRegionIsTheLastResort() throws {
        let bench = CredentialBench(config: "[default]\nregion = eu-west-3 # Paris")
        let chain = bench.chain(VirtualClock())
        #expect(chain.profileRegion == "eu-west-3")
        func region(_ configured: String?, _ environment: [String: String]) throws -> String {
            try AWSConfiguration(
                region: configured, environment: environment, profileRegion: chain.profileRegion
            ).region
        }
        #expect(try region("a", ["AWS_REGION": "b"]) == "a")
        #expect(try region(nil, ["AWS_DEFAULT_REGION": "c"]) == "c")
        #expect(try region(nil, [:]) == "eu-west-3")
    }

    @Test(
        arguments: [
            ([:], nil, false),
            (["AWS_ACCESS_KEY_ID": "a"], nil, true),
            (["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/"], nil, true),
            (["AWS_ROLE_ARN": "r"], nil, false),
            (["AWS_ROLE_ARN": "r", "AWS_WEB_IDENTITY_TOKEN_FILE": "/t"], nil, true),
            ([:], "[default]\ncredential_process=x", true),
            ([:], "[default]\nregion=x", false),
            ([:], "broken", true),
        ] as [([String: String], String?, Bool)])
    func knowsWithoutAskingWhetherThereAreAny(
        environment: [String: String], config: String?, isConfigured: Bool
    ) {
        let chain = CredentialBench(environment, config: config).chain(VirtualClock())
        #expect(chain.isConfigured == isConfigured)
    }
}
