import Resources
import Services
import Testing

@testable import ServiceFiles

@Suite struct GoodFilesTests {
    @Test func defaultsFillWhatIsLeftOut() throws {
        let files = InMemoryFiles(texts: [
            "launch.yaml": "project: sample\n",
            "services/web/service.yaml": "target: aws\n",
            "services/web/compose.yaml": InMemoryFiles.compose,
        ])
        #expect(
            try RepositoryReader(files: files, environment: [:]).read()
                == Repository(
                    project: ProjectSpec(project: "sample"),
                    services: [
                        ServiceSpec(
                            name: "web", target: .aws,
                            places: ["target": Place(line: 1, column: 1)])
                    ]))
    }

    @Test func filesFromWindowsAreRead() throws {
        let files = InMemoryFiles.service("\u{FEFF}target: aws\r\nport: 80\r\nport: 81\r\n")
        #expect(
            files.problems() == [
                "services/web/service.yaml:3:1: error: the key \"port\" stands here a second time"
            ])
    }

    @Test func everyKeyOfAServiceIsRead() throws {
        let text = """
            target: proxmox
            size: {cpu: 2, memory: 1536MiB, disk: 1TiB}
            public: {hostname: chat.example.org, port: 8443}
            port: 3080
            secrets: [A_KEY, _B]
            kind: mcp
            health: /mcp
            spot: false
            guest: lxc
            runner: ephemeral
            data: {size: 20GiB}
            expose: direct
            ingress:
              - port: 22
                from: [10.1.2.3/8, 2001:DB8:0:0::1/32, 10.0.0.0/8]
              - {port: 53, from: ["0.0.0.0/0"], protocol: udp}
            environment: staging
            protect: true
            was: old-web
            """
        var service = try #require(
            try RepositoryReader(files: InMemoryFiles.service(text), environment: [:]).read()
                .services.first)
        #expect(service.places["ingress"] == Place(line: 13, column: 1))
        #expect(service.places["size.memory"] == Place(line: 2, column: 16))
        service.places = [:]
        #expect(
            service
                == ServiceSpec(
                    name: "web", target: .proxmox,
                    size: .custom(
                        MachineShape(cpu: 2, memoryMebibytes: 1536, diskGibibytes: 1024)),
                    publicAccess: PublicAccess(hostname: "chat.example.org", port: 8443),
                    port: 3080, secrets: ["A_KEY", "_B"], kind: .mcp, health: "/mcp", guest: .lxc,
                    runnerLife: .ephemeral, data: DataVolume(gibibytes: 20), exposure: .direct,
                    ingress: [
                        IngressRule(port: 22, sources: ["10.0.0.0/8", "2001:db8::/32"]),
                        IngressRule(port: 53, sources: ["0.0.0.0/0"], transport: .udp),
                    ],
                    environment: "staging", protect: true, formerName: "old-web"))
    }

    @Test func everyKeyOfTheProjectIsRead() throws {
        let text = """
            project: sample
            environment: staging
            domain: example.com
            repository: ${OWNER}/services
            state:
              backend: s3
              bucket: launch-state
              key: sample/state.json
              region: auto
              endpoint: https://${ACCOUNT}.r2.cloudflarestorage.com
              lock: dynamodb
              lock_table: launch-locks
              lease: 2m
              sse: aws:kms
              sse_kms_key_id: alias/launch
              encryption: { passphrase_env: LAUNCH_STATE_PASSPHRASE }
            targets:
              aws:
                region: eu-central-1
                subnet: subnet-0a1b2c3d
                instance_profile: runner
                image: debian-12
              proxmox:
                endpoint: https://[fd00::1]:8006
                fingerprint: null
                node: pve2
                storage: zfs
                image_storage: nas
                bridge: vmbr1
                image: debian-13
                guest: lxc
            limits: {deletes: 0, replaces: 2, monthly_usd: 500}
            """
        var expected = ProjectSpec(
            project: "sample", environment: "staging", domain: "example.com",
            repository: "octo/services",
            limits: Limits(deletes: 0, replaces: 2, monthlyUSD: 500))
        expected.state.backend = .s3
        expected.state.bucket = "launch-state"
        expected.state.key = "sample/state.json"
        expected.state.region = "auto"
        expected.state.endpoint = "https://acc0.r2.cloudflarestorage.com"
        expected.state.lock = .dynamodb
        expected.state.lockTable = "launch-locks"
        expected.state.leaseLifetime = .seconds(120)
        expected.state.bucketEncryption = .kms
        expected.state.bucketKMSKeyID = "alias/launch"
        expected.state.passphraseVariable = "LAUNCH_STATE_PASSPHRASE"
        expected.aws.region = "eu-central-1"
        expected.aws.subnet = "subnet-0a1b2c3d"
        expected.aws.instanceProfile = "runner"
        expected.aws.image = .debian12
        expected.proxmox.endpoint = "https://[fd00::1]:8006"
        expected.proxmox.node = "pve2"
        expected.proxmox.storage = "zfs"
        expected.proxmox.imageStorage = "nas"
        expected.proxmox.bridge = "vmbr1"
        expected.proxmox.image = .debian13
        expected.proxmox.guest = .lxc
        let reader = RepositoryReader(
            files: InMemoryFiles(texts: ["launch.yaml": text]),
            environment: ["OWNER": "octo", "ACCOUNT": "acc0"])
        #expect(try reader.read() == Repository(project: expected, services: []))
    }

    @Test func theProjectGivesServicesTheirDefaults() throws {
        let project = """
            project: sample
            environment: staging
            domain: example.com
            targets: {proxmox: {guest: lxc}}
            """
        let files = InMemoryFiles.service(
            "target: proxmox\npublic: true\nport: 80\n", project: project)
        var service = try #require(
            try RepositoryReader(files: files, environment: [:]).read().services.first)
        service.places = [:]
        #expect(
            service
                == ServiceSpec(
                    name: "web", target: .proxmox,
                    publicAccess: PublicAccess(hostname: "web.example.com", port: 80), port: 80,
                    guest: .lxc, environment: "staging"))
    }

    @Test func theRepositoryComesFromTheEnvironmentWhenLeftOut() throws {
        let files = InMemoryFiles(texts: ["launch.yaml": "project: sample\n"])
        let reader = RepositoryReader(
            files: files, environment: ["GITHUB_REPOSITORY": "octo/services"])
        #expect(try reader.read().project.repository == "octo/services")
        #expect(try reader.read().project.githubServer == "https://github.com")
    }

    @Test func theServerIsToldByTheEnvironment() throws {
        let files = InMemoryFiles(texts: ["launch.yaml": "project: sample\n"])
        let reader = RepositoryReader(
            files: files, environment: ["GITHUB_API_URL": "https://github.acme.test/api/v3"])
        #expect(try reader.read().project.githubServer == "https://github.acme.test")
    }

    @Test(arguments: [("none", PublicAccess.Certificate.own), ("origin", .origin)])
    func aDirectServiceMayBringItsOwnCertificate(
        text: String, certificate: PublicAccess.Certificate
    ) throws {
        let files = InMemoryFiles.service(
            "target: aws\nport: 80\nexpose: direct\npublic: {certificate: \(text)}",
            project: "project: sample\ndomain: example.com")
        let service = try RepositoryReader(files: files, environment: [:]).read().services.first
        #expect(service?.publicAccess?.certificate == certificate)
        #expect(service?.wantsOriginCertificate == (certificate == .origin))
    }

    @Test(arguments: ["example.com", "*.example.com", "api.example.com", "*.other.org"])
    func aServiceMayHaveTheApexOrAllNamesBelow(hostname: String) throws {
        let files = InMemoryFiles.service(
            "target: aws\nport: 80\npublic: {hostname: \"\(hostname)\"}")
        let services = try RepositoryReader(files: files, environment: [:]).read().services
        #expect(services.map(\.publicAccess?.hostname) == [hostname])
    }

    @Test(arguments: [
        ("10.0.0.5/8", "10.0.0.0/8"), ("0.0.0.0/0", "0.0.0.0/0"),
        ("192.168.1.77/25", "192.168.1.0/25"), ("203.0.113.9/32", "203.0.113.9/32"),
        ("2001:DB8:0:0:0:0:0:1/64", "2001:db8::/64"), ("::/0", "::/0"),
    ])
    func networksHaveOneWritingOnly(written: String, canonical: String) {
        #expect(NetworkBlock(written)?.canonical == canonical)
    }

    @Test(arguments: [
        "", "/", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/-1", "10.0.0.0/8/8",
        "010.0.0.0/08x", "example.com/8", "10.0.0.0/ 8",
    ])
    func whatIsNoNetworkIsRefused(text: String) {
        #expect(NetworkBlock(text) == nil)
    }

    @Test(arguments: [
        ("medum", "medium"), ("TARGET", "target"), ("sekrets", "secrets"), ("ingres", "ingress"),
    ])
    func theNearestWordIsFound(written: String, meant: String) {
        let words = SpecField.service.map(\.name) + ["small", "medium", "large"]
        #expect(nearestMatch(to: written, among: words) == meant)
    }

    @Test func aWordLikeNoneHasNoNearest() {
        #expect(nearestMatch(to: "colour", among: SpecField.service.map(\.name)) == nil)
    }
}
