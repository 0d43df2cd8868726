import AWS
import Cryptography
package import Journal
import ObjectState
package import Resources
import SQLiteState
package import Services

/// Puts the state store of a project together, as launch.yaml's `state` describes it.
package struct StateAssembly: Sendable {
    let project: ProjectSpec
    private let root: String
    let surroundings: Surroundings
    private let isProcessAlive: @Sendable (Int) -> Bool
    private let whenWaiting: @Sendable (Lease) -> Void
    private let digests = OpenSSLDigests()

    /// - Parameters:
    ///   - root: the repository's folder.
    ///   - isProcessAlive: asked of processes on this host.
    ///   - whenWaiting: told of each lease that a run waits for.
    package init(
        _ project: ProjectSpec, root: String, surroundings: Surroundings,
        isProcessAlive: @escaping @Sendable (Int) -> Bool,
        whenWaiting: @escaping @Sendable (Lease) -> Void = { _ in }
    ) {
        self.project = project
        self.root = root
        self.surroundings = surroundings
        self.isProcessAlive = isProcessAlive
        self.whenWaiting = whenWaiting
    }

    /// - Throws: `StateError` when the settings lack something that the environment should have.
    package func store() throws -> JournalStore {
        let cipher = try cipher()
        switch project.state.backend {
        case .sqlite:
            let path = project.state.path
            let objects = SQLiteObjects(
                path: path.hasPrefix("/") ? path : "\(root)/\(path)", time: surroundings.time,
                random: surroundings.random)
            return store(
                JournalStore.Parts(
                    objects, key: "state", project: project.project, cipher: cipher,
                    digests: digests),
                earlier: objects)
        case .s3:
            let key = project.state.key ?? project.project
            let hasTable = project.state.lock == .dynamodb
            return store(
                JournalStore.Parts(
                    try bucket(), key: key, leases: hasTable ? try table(for: key, .leases) : nil,
                    leaseScratch: hasTable ? try table(for: key, .probe) : nil,
                    project: project.project, cipher: cipher, digests: digests),
                earlier: nil)
        }
    }

    private func store(
        _ parts: JournalStore.Parts, earlier: (any EarlierForm)?
    ) -> JournalStore {
        JournalStore(
            parts,
            terms: LeaseTerms(
                lifetime: project.state.leaseLifetime,
                evidence: [
                    ProcessEvidence(isProcessAlive), Workspace.runEvidence(surroundings),
                ]),
            time: surroundings.time, random: surroundings.random, whenWaiting: whenWaiting,
            earlierForm: earlier, memory: StateMemoryFolder(surroundings.environment))
    }

    // MARK: - S3 and DynamoDB

    private func bucket() throws -> S3Storage {
        let settings = project.state
        let configuration = configuration(region: settings.region)
        let encryption: S3Encryption? =
            switch settings.bucketEncryption {
            case .managed: .managed
            case .kms: .kms(keyID: settings.bucketKMSKeyID)
            case nil: nil
            }
        return S3Storage(
            S3Location(
                bucket: settings.bucket ?? "", region: try configuration.region,
                endpoint: settings.endpoint ?? configuration.customEndpoint(of: .s3)),
            encryption: encryption,
            http: client(
                .s3, configuration,
                credentials: EnvironmentCredentials.ofState(surroundings.environment)),
            time: surroundings.time, random: surroundings.random)
    }

    private func table(
        for key: String, _ purpose: DynamoDBRegister.Purpose
    ) throws -> DynamoDBRegister {
        let configuration = configuration(region: nil)
        return DynamoDBRegister(
            table: project.state.lockTable ?? "", state: "\(project.state.bucket ?? "")/\(key)",
            purpose: purpose, region: try configuration.region,
            endpoint: try configuration.endpoint(of: .dynamodb),
            http: client(.dynamodb, configuration), time: surroundings.time,
            random: surroundings.random)
    }

    private func configuration(region: String?) -> AWSConfiguration {
        AWSConfiguration(
            region: region ?? (project.state.endpoint == nil ? project.state.region : nil),
            setting: "state.region", environment: surroundings.environment,
            profileRegion: surroundings.awsCredentials.profileRegion)
    }

    func client(
        _ service: AWSService, _ configuration: AWSConfiguration,
        credentials: (any CredentialSource)? = nil
    ) -> AWSSignedHTTPClient {
        AWSSignedHTTPClient(
            for: service, configuration: configuration,
            credentials: credentials ?? surroundings.awsCredentials,
            http: surroundings.http, time: surroundings.time, digests: digests)
    }

    // MARK: - Encryption

    private func cipher() throws -> EnvelopeCipher? {
        if let variable = project.state.passphraseVariable {
            return try cipher(.passphrase(variable: variable))
        }
        return try project.state.kmsKeyID.map { try cipher(.kms(keyID: $0)) }
    }

    /// What the state is encrypted with.
    package enum Key: Hashable, Sendable {
        /// The environment variable that holds it.
        case passphrase(variable: String)
        case kms(keyID: String)
    }

    /// - Throws: `StateError.undecipherable` when the passphrase is not in the environment.
    package func cipher(_ key: Key) throws -> EnvelopeCipher {
        EnvelopeCipher(
            try wrapping(key), encryption: AES256GCM(), random: surroundings.random)
    }

    private func wrapping(_ key: Key) throws -> any KeyWrapping {
        switch key {
        case .passphrase(let variable):
            guard let passphrase = surroundings.environment[variable], !passphrase.isEmpty else {
                throw StateError.undecipherable(
                    location: "launch.yaml",
                    detail: "\(variable), which holds the passphrase, "
                        + "is not set")
            }
            return PassphraseWrapping(
                Secret(passphrase), from: variable, random: surroundings.random)
        case .kms(let keyID):
            let configuration = configuration(region: KMSKeyWrapping.region(of: keyID))
            return KMSKeyWrapping(
                keyID: keyID, project: project.project,
                endpoint: try configuration.endpoint(of: .kms),
                http: client(.kms, configuration), time: surroundings.time,
                random: surroundings.random)
        }
    }
}
