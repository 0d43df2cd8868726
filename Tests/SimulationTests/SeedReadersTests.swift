import Foundation
import Resources
import SeedImage
import TestSupport
import Testing

/// The NoCloud image as programs that Launch has no part in read it.
@Suite struct SeedReadersTests {
    private static let isoinfo = ExternalTool("isoinfo")
    private static let bsdtar = ExternalTool("bsdtar")

    private static let files: [String: String] = [
        "user-data": "#cloud-config\n{\"write_files\":[{\"content\":\"Grüße\\n\"}]}\n",
        "meta-data": #"{"instance-id":"launch-web/proxmox.vm-1","local-hostname":"web"}"#,
        "network-config": "version: 2\n",
        "vendor-data": "",
    ]

    private static func withImage<Result>(
        _ body: (_ image: String, _ folder: String) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "launch-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let image = folder + "/seed.iso"
        let bytes = try NoCloudImage.build(files: files.mapValues { Array($0.utf8) })
        try Data(bytes).write(to: URL(filePath: image))
        return try await body(image, folder)
    }

    @Test(.enabled(if: bsdtar.isInstalled, "bsdtar is not installed"))
    func bsdtarUnpacksNamesAndContents() async throws {
        let found = try await Self.withImage { image, folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/out", withIntermediateDirectories: true)
            #expect(try Self.bsdtar.complaint(["-xf", image, "-C", folder + "/out"]) == nil)
            return try FileManager.default.contentsOfDirectory(atPath: folder + "/out")
                .reduce(into: [String: String]()) {
                    $0[$1] = try String(contentsOfFile: "\(folder)/out/\($1)", encoding: .utf8)
                }
        }
        #expect(found == Self.files)
    }

    /// By Rock Ridge (`-R`) and by Joliet (`-J`).
    @Test(.enabled(if: isoinfo.isInstalled, "isoinfo is not installed"), arguments: ["-R", "-J"])
    func isoinfoReadsNamesAndContents(extension names: String) async throws {
        try await Self.withImage { image, _ in
            let listed = try Self.isoinfo.output([names, "-f", "-i", image])
            #expect(
                Set(listed.split(separator: "\n").map { String($0.dropFirst()) })
                    == Set(Self.files.keys))
            for (name, content) in Self.files {
                #expect(
                    try Self.isoinfo.output([names, "-i", image, "-x", "/\(name)"]) == content)
            }
        }
    }

    @Test(
        .enabled(if: Python.withCloudInit != nil, "there is no Python with cloud-init"),
        .enabled(if: bsdtar.isInstalled, "bsdtar is not installed"))
    func cloudInitsOwnReaderTakesIt() async throws {
        let python = try #require(Python.withCloudInit)
        let output = try await Self.withImage { image, _ in
            try await python.run("read_nocloud.py", ["IMAGE": image])
        }
        let seen = try JSONDecoder().decode(Value.self, from: Data(output.utf8))
        #expect(
            seen == [
                "found": true, "instance": "launch-web/proxmox.vm-1", "name": "web",
                "user": .string(Self.files["user-data"] ?? ""),
            ], "\(output)")
    }
}
