import Cloudflare
import Resources
import ServiceFiles
import Services
import Terraform

extension Workspace {
    /// What the state records of services, as Terraform's blocks; `nil` is all. Cloudflare is asked
    /// for its zones where there are DNS records, since imports name them.
    ///
    /// - Throws: `StateError`, `ProviderError`.
    package func terraformExport(_ services: Set<String>?) async throws -> String {
        let resources = try await store.read().resources.values.filter {
            services?.contains($0.address.service) ?? true
        }
        let records = resources.map(\.address).filter {
            $0.kind == KindName(.cloudflare, "dns_record")
        }
        var zones: [String: String] = [:]
        if !records.isEmpty, let cloudflare = try shelf.provider(.cloudflare) as? CloudflareProvider
        {
            zones = try await cloudflare.zones(of: records)
        }
        return TerraformExport(
            Array(resources), project: repository.project.project,
            repository: repository.project.repository, zones: zones
        ).text
    }
}
