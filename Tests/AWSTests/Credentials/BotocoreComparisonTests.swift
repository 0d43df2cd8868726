@testable import AWS
import Resources
import Simulation
import Testing

/// The same places, asked of botocore and of Launch.
@Suite struct BotocoreComparisonTests {
    @Test(.enabled(if: Botocore.isInstalled, "\(Botocore.reason)"))
    func choosesWhatBotocoreChooses() async throws {
        let places = Self.places
        var own: [String] = []
        for place in places { own.append(await Self.choice(in: place)) }
        let theirs = try Botocore.choices(in: places)
        #expect(own == theirs)
        #expect(places.count >= 40)
        // Nothing would be shown by a table of errors.
        #expect(Set(theirs.map { $0.prefix { $0 != " " } }).count == 8)
    }

    private static let keys = ["AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s"]
    private static let web = ["AWS_ROLE_ARN": "arn:e", "AWS_WEB_IDENTITY_TOKEN_FILE": "/token"]
    private static let ci = ["AWS_PROFILE": "ci"]

    private static func keys(_ name: String) -> String {
        "aws_access_key_id = AKIA\(name)\naws_secret_access_key = s\n"
    }

    private static let process =
        #"credential_process = /bin/echo '{"Version": 1, "AccessKeyId": "AKIAPROCESS", "#
        + #""SecretAccessKey": "s"}'"# + "\n"
    private static let printed =
        #"{"Version": 1, "AccessKeyId": "AKIAPROCESS", "SecretAccessKey": "s"}"#

    private static let places: [Botocore.Place] = [
        // The environment.
        .init(), .init(environment: keys),
        .init(environment: keys, credentials: "[default]\n\(keys("FILE"))"),
        .init(environment: ["AWS_ACCESS_KEY_ID": "AKIAENV"]),
        .init(environment: ["AWS_SECRET_ACCESS_KEY": "s"]),
        .init(environment: ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""]),
        .init(environment: keys.merging(ci) { $1 }, config: "[profile ci]\n\(keys("CI"))"),
        .init(environment: keys.merging(ci) { $1 }),
        .init(environment: keys.merging(web) { $1 }),
        .init(
            environment: keys.merging(["AWS_CREDENTIAL_EXPIRATION": "2099-01-31T12:00:00Z"]) { $1 }),
        .init(
            environment: keys.merging(["AWS_CREDENTIAL_EXPIRATION": "2020-01-31T12:00:00Z"]) { $1 }),
        .init(environment: keys.merging(["AWS_CREDENTIAL_EXPIRATION": "soon"]) { $1 }),
        // Web identities.
        .init(environment: web), .init(environment: web, credentials: "[default]\n\(keys("FILE"))"),
        .init(environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token"]),
        .init(environment: ["AWS_ROLE_ARN": "arn:e"]),
        .init(config: "[default]\nweb_identity_token_file=/token\nrole_arn=arn:p\n"),
        .init(
            environment: ["AWS_ROLE_ARN": "arn:e"],
            config: "[default]\nweb_identity_token_file=/token\nrole_arn=arn:p\n"),
        .init(
            environment: web,
            config: "[default]\nrole_arn=arn:p\nsource_profile=b\n[profile b]\n\(keys("B"))"),
        // Files.
        .init(credentials: "[default]\n\(keys("FILE"))"), .init(config: "[default]\n\(keys("C"))"),
        .init(config: "[default]\n\(keys("C"))", credentials: "[default]\n\(keys("FILE"))"),
        .init(environment: ci, config: "[profile ci]\n\(keys("C"))[ci]\n\(keys("NOT"))"),
        .init(environment: ci, config: "[ci]\n\(keys("NOT"))"),
        .init(environment: ci, credentials: "[ci]\n\(keys("FILE"))"),
        .init(environment: ci, credentials: "[profile ci]\n\(keys("NOT"))"),
        .init(environment: ci, config: "[profile \"ci\"]\n\(keys("QUOTED"))"),
        .init(config: "[profile default]\n\(keys("LONG"))"),
        .init(
            environment: ["AWS_PROFILE": "a", "AWS_DEFAULT_PROFILE": "b"],
            credentials: "[a]\n\(keys("A"))[b]\n\(keys("B"))"),
        .init(credentials: "[default]\naws_access_key_id = AKIAHALF\n"),
        .init(credentials: "[default]\naws_secret_access_key = s\n"),
        .init(config: "[default]\ns3 =\n  aws_access_key_id = AKIANESTED\nregion = x\n"),
        .init(
            credentials: "; note\n[default]\n  AWS_Access_Key_Id: AKIAODD\n# x\n"
                + "  aws_secret_access_key: s\n"),
        .init(config: "[default]\nthis is nothing\n"),
        // Processes.
        .init(config: "[default]\n\(process)"),
        .init(config: "[default]\n\(process)\(keys("C"))"),
        .init(config: "[default]\n\(process)", credentials: "[default]\n\(keys("FILE"))"),
        .init(credentials: "[default]\n\(process)"),
        // Roles.
        .init(
            environment: ci,
            config: "[profile ci]\nrole_arn=arn:ci\nsource_profile=default\n",
            credentials: "[default]\n\(keys("FILE"))"),
        .init(
            environment: ci,
            config: "[profile ci]\nrole_arn=arn:ci\nsource_profile=mid\n"
                + "[profile mid]\nrole_arn=arn:mid\nsource_profile=base\n"
                + "[profile base]\n\(keys("BASE"))"),
        .init(
            environment: ci,
            config: "[profile ci]\nrole_arn=arn:ci\nsource_profile=ci\n\(keys("OWN"))"),
        .init(environment: ci, config: "[profile ci]\nrole_arn=arn:ci\nsource_profile=ci\n"),
        .init(
            environment: ci,
            config: "[profile ci]\nrole_arn=arn:ci\nsource_profile=b\n"
                + "[profile b]\nrole_arn=arn:b\nsource_profile=ci\n"),
        .init(
            environment: ci,
            config: "[profile ci]\nrole_arn=arn:ci\nsource_profile=b\n"
                + "[profile b]\nrole_arn=arn:b\nsource_profile=ci\n\(keys("B"))"),
        .init(environment: ci, config: "[profile ci]\nrole_arn=arn:ci\nsource_profile=none\n"),
        .init(environment: ci, config: "[profile ci]\nrole_arn=arn:ci\n\(keys("CI"))"),
        .init(
            environment: ci,
            config: "[profile ci]\nrole_arn=arn:ci\nsource_profile=p\n[profile p]\n\(process)"),
        .init(
            environment: ci,
            config: "[profile ci]\nrole_arn=arn:ci\nsource_profile=w\n"
                + "[profile w]\nrole_arn=arn:w\nweb_identity_token_file=/token\n"),
        .init(
            environment: ci,
            config: "[profile ci]\nrole_arn=arn:ci\nsource_profile=w\n"
                + "[profile w]\nrole_arn=arn:w\nweb_identity_token_file=/token\n\(keys("W"))"),
        .init(
            environment: ci.merging(["AWS_ACCESS_KEY_ID": ""]) { $1 },
            config: "[profile ci]\nrole_arn=arn:ci\ncredential_source=Environment\n"),
        .init(environment: ci, config: "[profile ci]\nrole_arn=arn:ci\ncredential_source=Moon\n"),
        .init(
            environment: ci,
            config: "[profile ci]\nrole_arn=arn:ci\ncredential_source=Environment\n"
                + "source_profile=ci\n\(keys("CI"))"),
    ]

    // MARK: - Launch's choice in botocore's words

    private static func choice(in place: Botocore.Place) async -> String {
        let bench = CredentialBench(
            place.environment, config: place.config, credentials: place.credentials,
            programs: [["/bin/echo", printed]: printed])
        do {
            guard let issuer = try bench.chain(VirtualClock()).search.search().issuer else {
                return "none"
            }
            return try await words(issuer)
        } catch {
            return "error"
        }
    }

    private static func words(_ issuer: any CredentialIssuer) async throws -> String {
        switch issuer {
        case let role as AssumedRole:
            "assume-role \(role.role.roleARN) < \(try await words(role.base))"
        case let identity as WebIdentity: "assume-role-with-web-identity \(identity.role.roleARN)"
        case let process as CredentialProcess:
            "custom-process \(try await process.issue().credentials.accessKeyID)"
        case let keys as StaticCredentials: "\(method(keys.origin)) \(keys.value.accessKeyID)"
        default: "unknown"
        }
    }

    private static func method(_ origin: String) -> String {
        if origin.hasSuffix("/credentials") { return "shared-credentials-file" }
        return origin.hasSuffix("/config") ? "config-file" : "env"
    }
}
