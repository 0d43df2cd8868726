import Foundation
import TestSupport
import SeedImage
import Testing

@Suite struct NoCloudImageTests {
    private let files: [String: [UInt8]] = [
        "user-data": Array("#cloud-config\nhostname: web\n".utf8),
        "meta-data": Array("instance-id: web-1\n".utf8),
        "network-config": Array("version: 2\n".utf8),
        "vendor-data": [],
    ]

    @Test func filesComeBackUnderTheirNames() throws {
        #expect(try NoCloudImage.read(NoCloudImage.build(files: files)) == files)
    }

    @Test func aBigFileComesBackWhole() throws {
        let big = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        #expect(
            try NoCloudImage.read(NoCloudImage.build(files: ["user-data": big]))["user-data"] == big
        )
    }

    @Test func theVolumesAreLabelledForCloudInit() throws {
        let image = try NoCloudImage.build(files: files)
        #expect(image.count % 2048 == 0)
        let primary = image[(16 * 2048)...].prefix(2048)
        #expect(Array(primary.prefix(7)) == [1] + Array("CD001".utf8) + [1])
        let label = String(decoding: primary.dropFirst(40).prefix(32), as: UTF8.self)
        #expect(label.trimmingCharacters(in: .whitespaces).lowercased() == "cidata")
        let joliet = image[(17 * 2048)...].prefix(2048)
        #expect(joliet.first == 2)
        #expect(Array(joliet.dropFirst(88).prefix(2)) == Array("%/".utf8))
        let wide = String(bytes: joliet.dropFirst(40).prefix(12), encoding: .utf16BigEndian)
        #expect(wide == "cidata")
    }

    @Test func noMomentIsLeftInside() throws {
        let image = try NoCloudImage.build(files: files)
        let thisYear = Calendar(identifier: .gregorian).component(.year, from: .now)
        #expect(!contains(image, Array("\(thisYear)".utf8)))
        #expect(!contains(image, [UInt8(thisYear - 1900)] + monthAndDay()))
        #expect(try NoCloudImage.build(files: files) == image)
    }

    private func monthAndDay() -> [UInt8] {
        let parts = Calendar(identifier: .gregorian).dateComponents([.month, .day], from: .now)
        return [UInt8(parts.month ?? 0), UInt8(parts.day ?? 0)]
    }

    private func contains(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool {
        Data(bytes).range(of: Data(needle)) != nil
    }

    @Test(arguments: ["", ".", "..", "nested/file"]) func aBadNameIsRefused(name: String) {
        #expect(throws: ArchiveError.self) { try NoCloudImage.build(files: [name: []]) }
    }

    @Test func whatIsNoImageIsRefused() {
        #expect(throws: ArchiveError.self) {
            try NoCloudImage.read(Array(repeating: 7, count: 100_000))
        }
    }

    @Test(.enabled(if: command("bsdtar") != nil, "bsdtar is not installed"))
    func bsdtarReadsIt() throws {
        let listed = try listing(by: "bsdtar", ["-tf"])
        #expect(Set(listed.split(separator: "\n").map(String.init)).isSuperset(of: files.keys))
    }

    /// cloud-init finds the disc by asking blkid for the label.
    @Test(.enabled(if: command("blkid") != nil, "blkid is not installed"))
    func blkidSeesTheLabel() throws {
        let seen = try listing(by: "blkid", ["-p", "-o", "export"])
        #expect(seen.contains("\nLABEL=cidata\n"))
        #expect(seen.contains("\nTYPE=iso9660\n"))
    }

    @Test(.enabled(if: command("isoinfo") != nil, "isoinfo is not installed"))
    func isoinfoReadsIt() throws {
        let listed = try listing(by: "isoinfo", ["-R", "-f", "-i"])
        #expect(
            Set(listed.split(separator: "\n").map { String($0.dropFirst()) }) == Set(files.keys))
        // The plain label has no small letters; Joliet's, which blkid tells, has.
        #expect(try listing(by: "isoinfo", ["-d", "-i"]).contains("Volume id: CIDATA"))
    }

    private func listing(by tool: String, _ arguments: [String]) throws -> String {
        let image = FileManager.default.temporaryDirectory.appending(
            path: "\(UUID().uuidString).iso")
        try Data(NoCloudImage.build(files: files)).write(to: image)
        defer { try? FileManager.default.removeItem(at: image) }
        let process = Process()
        process.executableURL = command(tool)
        process.arguments = arguments + [image.path()]
        let output = Pipe()
        process.standardOutput = output
        try process.runAlone()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
    }
}

/// Where a program is installed; `nil` when it is not.
private func command(_ name: String) -> URL? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { URL(filePath: "\($0)/\(name)") }
        .first { FileManager.default.isExecutableFile(atPath: $0.path()) }
}
