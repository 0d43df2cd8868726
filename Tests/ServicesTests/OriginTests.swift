import Resources
import Services
import Testing

/// Where the fields of objects come from in the specs.
@Suite struct OriginTests {
    private struct Beds: Blueprint {
        func resources(for service: ServiceSpec, in project: ProjectSpec) -> [Resource] {
            let address = Address(service: service.name, kind: KindName(.aws, "bed"))
            return [
                Resource(
                    address, attributes: ["width": 2, "spot": true, "protect": false, "guest": 1],
                    origins: ["width": "size", "soil": "data", "gate": "someone's list"])
            ]
        }
    }

    @Test func keysStandWhereTheSpecSaysThem() throws {
        let file = "services/web/service.yaml"
        let service = ServiceSpec(
            name: "web", target: .aws, file: file,
            places: [
                "size": Place(line: 3, column: 1), "spot": Place(line: 5, column: 2),
                "guest": Place(line: 6, column: 1),
            ])
        let blueprints: [any Blueprint] = [Beds()]
        let resources = blueprints.resources(for: [service], in: ProjectSpec(project: "p"))
        let bed = try #require(resources.first)
        #expect(bed.file == file)
        #expect(
            bed.origins == [
                "width": Origin("size", at: Origin.Place(file: file, line: 3, column: 1)),
                // Called like its key, so nobody had to say so; a guest here is no key.
                "spot": Origin("spot", at: Origin.Place(file: file, line: 5, column: 2)),
                // Left to its default, and what is no key at all.
                "soil": "data", "gate": "someone's list",
            ])
        #expect(bed.origins["width"]?.description == "size in \(file):3")
        #expect(bed.origins["soil"]?.description == "data")
    }
}
