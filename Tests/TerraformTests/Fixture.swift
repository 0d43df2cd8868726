import Foundation
import Terraform

enum Fixture {
    static func bytes(_ name: String) throws -> [UInt8] {
        let file = Bundle.module.url(
            forResource: name, withExtension: "tfstate", subdirectory: "Fixtures")
        return Array(try Data(contentsOf: file ?? URL(fileURLWithPath: name)))
    }

    static func state(_ name: String) throws -> TerraformState {
        try TerraformStateReader.read(try bytes(name), from: name)
    }

    /// - Parameter resources: JSON objects, with commas between them.
    static func state(resources: String) throws -> TerraformState {
        let text =
            #"{"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "l", "#
            + #""resources": [\#(resources)]}"#
        return try TerraformStateReader.read(Array(text.utf8), from: "test")
    }
}

extension TerraformObject {
    /// Everything that stands in one line.
    var summary: String {
        [
            address.description, id, names.isEmpty ? nil : names.sorted().joined(separator: ","),
            whole.map { "part of \($0)" }, deposed.map { "deposed \($0)" },
            isTainted ? "tainted" : nil,
        ].compactMap(\.self).joined(separator: " ")
    }
}
