import Resources

/// What a profile can say of its credentials.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>
extension CredentialSearch {
    typealias Profile = SharedProfiles.Profile

    // MARK: - Roles

    func role(of profile: Profile, in profiles: SharedProfiles) throws -> AssumedRole? {
        guard profile.assumesRole else { return nil }
        return try role(of: profile, in: profiles, after: [profile.name])
    }

    /// - Parameter visited: the profiles that lead here, and this one.
    private func role(
        of profile: Profile, in profiles: SharedProfiles, after visited: [String]
    ) throws -> AssumedRole {
        if profile["mfa_serial"] != nil {
            throw Self.incomplete(
                "the profile \(profile.name) asks for a one-time code (mfa_serial), and nobody is "
                    + "asked for one here", remedy: Self.exporting(profile))
        }
        return AssumedRole(
            role: AssumedRoleRequest(
                roleARN: profile["role_arn"] ?? "",
                sessionName: profile["role_session_name"] ?? Self.sessionName,
                externalID: profile["external_id"], durationSeconds: try duration(of: profile)),
            profile: profile.name, base: try base(of: profile, in: profiles, after: visited),
            service: service)
    }

    private func duration(of profile: Profile) throws -> Int? {
        guard let text = profile["duration_seconds"] else { return nil }
        if let seconds = Int(text) { return seconds }
        throw Self.incomplete(
            "duration_seconds of the profile \(profile.name) is not a number",
            remedy: "Set it to seconds, from 900 to the role's limit.")
    }

    private func base(
        of profile: Profile, in profiles: SharedProfiles, after visited: [String]
    ) throws -> any CredentialIssuer {
        switch (profile["source_profile"], profile["credential_source"]) {
        case (let name?, nil):
            return try source(named: name, of: profile, in: profiles, after: visited)
        case (nil, let name?):
            return try source(name, of: profile.name)
        case (nil, nil), (_?, _?):
            throw Self.incomplete(
                "the profile \(profile.name) has a role_arn",
                remedy: "Give it either source_profile or credential_source.")
        }
    }

    private func source(
        named name: String, of profile: Profile, in profiles: SharedProfiles,
        after visited: [String]
    ) throws -> any CredentialIssuer {
        guard let source = profiles[name] else {
            throw Self.incomplete(
                "the source_profile \(name) of the profile \(profile.name) does not exist",
                remedy: "Correct source_profile, or add the profile.")
        }
        // A profile may use its own keys to assume its role.
        let isOwn = name == profile.name && source.hasKeys
        if visited.contains(name), !isOwn {
            throw Self.incomplete(
                "the source_profile settings lead in a circle: "
                    + (visited + [name]).joined(separator: " → "),
                remedy: "Let one of these profiles have keys of its own.")
        }
        if source.assumesRole, !source.hasKeys {
            return try role(of: source, in: profiles, after: visited + [name])
        }
        if let path = source["web_identity_token_file"] {
            return try webIdentity(
                path, role: source["role_arn"], sessionName: source["role_session_name"])
        }
        if let issuer = try otherWay(of: source, in: profiles) { return issuer }
        throw Self.incomplete(
            profiles.absence(of: source), remedy: "Correct source_profile of \(profile.name).")
    }

    // MARK: - Other ways

    /// Single sign-on, which cannot be followed; keys; a process.
    func otherWay(
        of profile: Profile, in profiles: SharedProfiles
    ) throws -> (any CredentialIssuer)? {
        if profile["sso_account_id"] != nil || profile["sso_role_name"] != nil {
            throw Self.incomplete(
                "the profile \(profile.name) signs in through a browser (IAM Identity Center)",
                remedy: Self.exporting(profile))
        }
        if let keys = try keys(profile.credentials, profile, profiles.credentialsPath) {
            return keys
        }
        if profile["login_session"] != nil {
            throw Self.incomplete(
                "the profile \(profile.name) signs in through a browser (`aws login`)",
                remedy: Self.exporting(profile))
        }
        if let command = profile["credential_process"] {
            return CredentialProcess(command: command, profile: profile.name, host: host)
        }
        return try keys(profile.config, profile, profiles.configPath)
    }

    private func keys(
        _ settings: [String: String], _ profile: Profile, _ path: String?
    ) throws -> StaticCredentials? {
        guard let accessKeyID = settings.nonEmpty("aws_access_key_id") else { return nil }
        let origin = "the profile \(profile.name) in \(path ?? "")"
        guard let secret = settings.nonEmpty("aws_secret_access_key") else {
            throw Self.incomplete(
                "\(origin) has aws_access_key_id, but no aws_secret_access_key",
                remedy: "Add it with `aws configure --profile \(profile.name)`.")
        }
        let token =
            settings.nonEmpty("aws_session_token") ?? settings.nonEmpty("aws_security_token")
        return StaticCredentials(
            origin: origin,
            value: AWSCredentials(
                accessKeyID: accessKeyID, secretAccessKey: Secret(secret),
                sessionToken: token.map { Secret($0) }))
    }

    private static func exporting(_ profile: Profile) -> String {
        "Run `eval \"$(aws configure export-credentials --profile \(profile.name) --format env)\"` "
            + "first."
    }
}

extension SharedProfiles.Profile {
    fileprivate var assumesRole: Bool {
        self["role_arn"] != nil && self["web_identity_token_file"] == nil
    }

    fileprivate var hasKeys: Bool {
        self["aws_access_key_id"] != nil || self["aws_secret_access_key"] != nil
    }
}
