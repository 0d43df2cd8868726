import Services
import Simulation
import Testing

@testable import ServiceFiles

/// Whatever stands in a file, reading it ends, and ends with places inside the file.
@Suite struct MutationTests {
    private static let sample = Array(
        """
        target: proxmox
        size: {cpu: 2, memory: 1536MiB, disk: 1TiB}
        public: {hostname: chat.example.org, port: 8443}
        secrets: [A_KEY, "_B"]
        ingress:
          - &rule {port: 53, from: ["0.0.0.0/0"], protocol: udp}
          - *rule
        was: >-
          old-web

        """.utf8)

    private static let pieces: [[UInt8]] = [
        [], [0], [0xFF], Array("\t".utf8), Array("\r\n".utf8), Array(": ".utf8), Array("- ".utf8),
        Array("[".utf8), Array("}".utf8), Array("*rule".utf8), Array("<<".utf8), Array("|".utf8),
        Array("é\u{2028}".utf8), Array("---\n".utf8), Array("? ".utf8), Array("!!binary ".utf8),
        Array("%".utf8), Array("'".utf8), Array("99999999999999999999".utf8),
    ]

    private struct OneFile: FileAccess {
        let bytes: [UInt8]

        func names(in folder: String) throws(FileProblem) -> [String] {
            folder == "services" ? ["web"] : ["service.yaml", "compose.yaml"]
        }

        func content(of path: String) throws(FileProblem) -> [UInt8] {
            switch path {
            case "launch.yaml": Array(InMemoryFiles.sampleProject.utf8)
            case "services/web/service.yaml": bytes
            default: Array(InMemoryFiles.compose.utf8)
            }
        }

        func isFolder(_ path: String) -> Bool { path == "services" || path == "services/web" }
    }

    @Test(arguments: 0..<8) func anyFileIsReadToItsEnd(seed: UInt64) {
        let random = SeededRandom(seed: seed)
        for _ in 0..<250 {
            var bytes = Self.sample
            for _ in 0...random.next() % 4 {
                let start = Int(random.next() % UInt64(bytes.count))
                let end = min(bytes.count, start + Int(random.next() % 6))
                let piece = Self.pieces[Int(random.next() % UInt64(Self.pieces.count))]
                bytes.replaceSubrange(start..<end, with: piece)
            }
            let lines = bytes.filter { $0 == 10 || $0 == 13 }.count + 3
            do throws(InvalidRepository) {
                _ = try RepositoryReader(files: OneFile(bytes: bytes), environment: [:]).read()
            } catch {
                #expect(!error.diagnostics.isEmpty)
                #expect(
                    error.diagnostics.allSatisfy {
                        (1...lines).contains($0.place.line) && $0.place.column >= 1
                    }, "\(error) in \(bytes)")
            }
        }
    }
}
