import Services
import HTTP
import Reconciling
import Resources
import ServiceFiles
import Simulation
import Synchronization
import TestSupport
import Testing

/// Every request of the whole program is as the vendors' own descriptions of their APIs say.
@Suite(.enabled(if: VendorDescriptions.shared != nil, "needs ../shared/api"))
struct SchemaTests {
    @Test(arguments: [true, false])
    func aLifeOfTheWholeProgramIsAsDescribed(withEverything: Bool) async throws {
        let examples = try Repository.examples()
        let descriptions = try #require(VendorDescriptions.shared)
        let (faults, checked) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let inspector = RequestInspector(fleet.world, descriptions)
            let repository = withEverything ? .full(in: fleet.world) : examples
            var problems: [String] = []
            func converge(_ repository: Repository) async throws {
                let report = try await fleet.converge(repository, http: inspector)
                problems += report.failures.map(\.message)
            }
            try await converge(repository)
            try await converge(repository.with { $0.environment = "staging" })
            let larger = repository.with { service in
                service.protect = false
                if !service.spot { service.size = .named(.large) }
            }
            try await converge(larger)
            for edit in ForeignEdit.all where withEverything && edit.isReversible {
                try await edit.make(in: fleet, fleet.workspace(larger, http: inspector))
                try await converge(larger)
            }
            try await converge(repository.emptied)
            problems += fleet.world.inventory.map { "left: \($0)" }
            return (problems + inspector.faults, inspector.checked)
        }
        #expect(faults == [])
        for vendor in [ProviderName.cloudflare, .github, .proxmox] {
            #expect(checked[vendor, default: 0] > 10)
        }
    }
}

/// The vendors' descriptions of their APIs, as they lie beside the package.
struct VendorDescriptions: Sendable {
    let cloudflare: OpenAPIDocument
    let github: OpenAPIDocument
    let proxmox: ProxmoxSchema

    /// `nil` where one of them is not there.
    static let shared: VendorDescriptions? = {
        guard let cloudflare = SharedData.file("cloudflare-openapi.json"),
            let github = SharedData.file("github-openapi.json"),
            let proxmox = SharedData.file("proxmox.json")
        else { return nil }
        return try? VendorDescriptions(
            cloudflare: OpenAPIDocument(cloudflare, basePath: "/client/v4", allowing: .cloudflare),
            github: OpenAPIDocument(github, basePath: "", allowing: .github),
            proxmox: ProxmoxSchema(contentsOf: proxmox))
    }()
}

/// Lets every request pass, and keeps what a vendor's description says against it.
final class RequestInspector: HTTPClient {
    private struct Findings {
        var faults: [String] = []
        var checked: [ProviderName: Int] = [:]
    }

    private let proxmox: ProxmoxSchemaChecker
    private let descriptions: VendorDescriptions
    private let prefixes: [ProviderName: String]
    private let findings = Mutex(Findings())

    init(_ world: SimulatedWorld, _ descriptions: VendorDescriptions) {
        self.descriptions = descriptions
        let environment = world.environment
        prefixes = [
            .cloudflare: environment["CLOUDFLARE_BASE_URL"] ?? "",
            .github: "https://api.github.com",
            .proxmox: environment["PROXMOX_VE_ENDPOINT"] ?? "",
        ]
        proxmox = ProxmoxSchemaChecker(
            world, endpoint: prefixes[.proxmox] ?? "", schema: descriptions.proxmox)
    }

    /// What was wrong so far, each once.
    var faults: [String] { Set(findings.withLock { $0.faults } + proxmox.faults).sorted() }

    /// How many requests were checked.
    var checked: [ProviderName: Int] { findings.withLock { $0.checked } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let vendor = prefixes.first { request.url.hasPrefix($0.value) }?.key
        let response = try await proxmox.send(request)
        let document = document(of: vendor)
        findings.withLock { findings in
            findings.faults += document?.violations(of: request) ?? []
            findings.faults += document?.violations(of: response, to: request) ?? []
            if let vendor { findings.checked[vendor, default: 0] += 1 }
        }
        return response
    }

    private func document(of vendor: ProviderName?) -> OpenAPIDocument? {
        switch vendor {
        case .cloudflare: descriptions.cloudflare
        case .github: descriptions.github
        default: nil
        }
    }
}
