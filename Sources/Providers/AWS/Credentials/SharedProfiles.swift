import Foundation
import Resources

/// The profiles in the two files that all AWS tools share.
struct SharedProfiles: Sendable {
    /// One profile, with what each file says of it.
    struct Profile: Sendable {
        let name: String
        /// What `~/.aws/config` says.
        let config: [String: String]
        /// What `~/.aws/credentials` says.
        let credentials: [String: String]

        /// The setting, when it is not empty; the credentials file speaks first.
        subscript(_ key: String) -> String? {
            (credentials[key] ?? config[key]).flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    static let defaultName = "default"

    /// The name that the environment asks for; `nil` is the default profile, which may be missing.
    let chosenName: String?
    let configPath: String?
    let credentialsPath: String?
    /// The `[services NAME]` sections: what each says of each service.
    private let services: [String: [String: String]]
    private let config: [String: [String: String]]
    private let credentials: [String: [String: String]]

    /// Like botocore, prefers `AWS_DEFAULT_PROFILE` to `AWS_PROFILE` where both are set.
    ///
    /// - Throws: `ProviderError` when a file cannot be read or understood.
    init(_ environment: [String: String], on host: any AWSHost) throws {
        chosenName =
            environment.nonEmpty("AWS_DEFAULT_PROFILE") ?? environment.nonEmpty("AWS_PROFILE")
        configPath = Self.path("AWS_CONFIG_FILE", "~/.aws/config", environment)
        credentialsPath = Self.path(
            "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", environment)
        let home = environment.nonEmpty("HOME")
        let sections = try Self.sections(of: configPath, home: home, on: host)
        config = Self.profiles(in: sections)
        services = Self.named("services", in: sections)
        credentials = try Self.sections(of: credentialsPath, home: home, on: host)
    }

    /// The profile that the environment asks for, or an empty default one.
    ///
    /// - Throws: `ProviderError` when it asks for one that is not there.
    var chosen: Profile {
        get throws {
            if let profile = self[chosenName ?? Self.defaultName] { return profile }
            guard let chosenName else {
                return Profile(name: Self.defaultName, config: [:], credentials: [:])
            }
            throw ProviderError(
                .unauthorized, provider: .aws, action: "find AWS credentials",
                detail: "there is no profile \(chosenName) in \(places)",
                remedy: "Correct AWS_PROFILE, or add the profile with `aws configure`.")
        }
    }

    subscript(_ name: String) -> Profile? {
        guard config[name] != nil || credentials[name] != nil else { return nil }
        return Profile(
            name: name, config: config[name] ?? [:], credentials: credentials[name] ?? [:])
    }

    /// What the chosen profile says of endpoints and authorities, as variables.
    func variables(beyond environment: [String: String]) -> [String: String] {
        guard let profile = try? chosen else { return [:] }
        let own = profile.config.nonEmpty("services").flatMap { services[$0] } ?? [:]
        return profile.variables(beyond: environment, services: own)
    }

    /// Both files, for a person.
    var places: String {
        let paths = [configPath, credentialsPath].compactMap(\.self)
        return paths.isEmpty
            ? "the shared files (HOME is not set)" : paths.joined(separator: " or ")
    }

    /// Why a profile gives no credentials, when it does not.
    func absence(of profile: Profile) -> String {
        self[profile.name] == nil
            ? "there is no profile \(profile.name) in \(places)"
            : "the profile \(profile.name) has neither role_arn, nor keys, nor credential_process"
    }

    // MARK: - Files

    /// As people write it: one in the home folder starts with `~/`.
    private static func path(
        _ variable: String, _ usual: String, _ environment: [String: String]
    ) -> String? {
        environment.nonEmpty(variable) ?? environment.nonEmpty("HOME").map { _ in usual }
    }

    private static func sections(
        of path: String?, home: String?, on host: any AWSHost
    ) throws -> [String: [String: String]] {
        guard let path else { return [:] }
        let place = path.hasPrefix("~/") ? home.map { $0 + path.dropFirst() } ?? path : path
        do {
            guard let bytes = try host.content(of: place) else { return [:] }
            return try INIDocument(String(decoding: bytes, as: UTF8.self)).sections
        } catch let failure as HostFailure {
            throw unusable("\(path) cannot be read: \(failure.detail)")
        } catch let malformed as INIDocument.Malformed {
            throw unusable(
                "\(path):\(malformed.line): neither a [section] nor a `key = value` of one")
        }
    }

    private static func unusable(_ detail: String) -> ProviderError {
        ProviderError(
            .unauthorized, provider: .aws, action: "find AWS credentials", detail: detail,
            remedy: "Correct the file, or name another one with AWS_CONFIG_FILE or "
                + "AWS_SHARED_CREDENTIALS_FILE.")
    }

    /// In the config file a profile's section is `[profile NAME]`; only the default one may go
    /// without the word.
    private static func profiles(
        in sections: [String: [String: String]]
    ) -> [String: [String: String]] {
        var profiles: [String: [String: String]] = [:]
        profiles[defaultName] = sections[defaultName]
        return profiles.merging(named("profile", in: sections)) { $1 }
    }

    /// The sections `[KIND NAME]`, by name.
    private static func named(
        _ kind: String, in sections: [String: [String: String]]
    ) -> [String: [String: String]] {
        sections.reduce(into: [:]) { named, section in
            let words = CommandLineWords.split(section.key) ?? []
            if words.count == 2, words[0] == kind { named[words[1]] = section.value }
        }
    }
}
