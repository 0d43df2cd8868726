import Foundation
import TestSupport
import Testing

/// A repository whose specs are in HCL, and its way to YAML.
@Suite(.timeLimit(.minutes(20))) struct HCLCommandTests {
    /// What the examples' `service.yaml` say.
    private static let main = """
        locals {
          keys = ["CREDS_IV", "CREDS_KEY", "JWT_REFRESH_SECRET", "JWT_SECRET", "OPENAI_API_KEY"]
        }

        # A chat for many AI models
        module "librechat" {
          source  = "./modules/launch-service"
          target  = "aws"
          size    = "medium"
          public  = true
          port    = 3080
          kind    = "web"
          health  = "/health"
          secrets = local.keys
          data    = { size = "${20}GiB" }
        }

        module "mcp" {
          source = "./modules/launch-service"
          target = "proxmox"
          guest  = "vm"
          size   = "small"
          public = true
          port   = 3001
          kind   = "mcp"
          health = "/mcp"
        }

        """
    private static let worker = """
        # A worker
        target = "proxmox"
        guest  = "lxc"
        size   = "small"
        kind   = "worker"

        """

    private func write(_ text: String, to path: String, in bench: Bench) throws {
        let file = bench.repository.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// The plan, without the places of the specs that it names.
    private func plan(in bench: Bench) async throws -> String {
        let planned = try await bench.run("plan")
        #expect(planned.code == 0, "\(planned.errors)")
        return planned.output.replacing(#/ in \S+\.(yaml|hcl|tf):\d+/#, with: "")
    }

    private func remove(_ paths: String..., in bench: Bench) throws {
        for path in paths {
            try FileManager.default.removeItem(at: bench.repository.appending(path: path))
        }
    }

    @Test func bothLanguagesGiveOnePlanAndOneLeadsToTheOther() async throws {
        try await withBench { (bench) async throws in
            let planned = try await plan(in: bench)
            try remove(
                "services/librechat/service.yaml", "services/mcp/service.yaml",
                "services/worker/service.yaml", in: bench)
            try write(Self.main, to: "infrastructure/main.tf", in: bench)
            try write(Self.worker, to: "services/worker/service.hcl", in: bench)
            #expect(try await bench.run("validate") == Outcome(0, output: "3 services valid.\n"))
            #expect(try await plan(in: bench) == planned)

            let converted = try await bench.run(
                "init", "--from-hcl", bench.repository.appending(path: "infrastructure").path)
            #expect(converted.code == 0, "\(converted.errors)")
            #expect(converted.output.contains("created  services/librechat/service.yaml\n"))
            let again = try await bench.run(
                "init", "--from-hcl", bench.repository.appending(path: "infrastructure").path)
            #expect(again.code == 1)
            #expect(
                again.errors.hasPrefix(
                    "Error: services/librechat/service.yaml, services/mcp/service.yaml are there"
                        + " already\n"))
            let twice = try await bench.run("validate")
            #expect(
                twice.errors.contains(
                    "infrastructure/main.tf:6:8: error: librechat has a spec already, in"
                        + " services/librechat/service.yaml; keep one of the two"))
            try remove("infrastructure/main.tf", in: bench)
            #expect(try await plan(in: bench) == planned)
        }
    }

    @Test func nothingIsConvertedUnlessAllIs() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            try write(
                Self.main.replacing("\"medium\"", with: "\"medum\""), to: "old/main.tf", in: bench)
            let refused = try await bench.run(
                "init", "--from-hcl", bench.repository.appending(path: "old").path)
            #expect(refused.code == 1)
            #expect(refused.output == "")
            #expect(refused.errors.contains("old/main.tf:9:13: error: \"size\" must be"))
            #expect(
                !FileManager.default.fileExists(
                    atPath: bench.repository.appending(path: "services/mcp").path))
        }
    }

    @Test func aSpecInHCLIsNotScaffoldedOver() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            try write(Self.worker, to: "services/other/service.hcl", in: bench)
            let refused = try await bench.run("new", "other", "--target", "aws")
            #expect(refused.code == 1)
            #expect(
                refused.errors.hasPrefix("Error: services/other/service.hcl is there already\n"))
        }
    }
}
