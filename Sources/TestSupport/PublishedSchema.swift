import Foundation

/// One of the schemas of what Launch prints and stores, with a validator that is not ours.
package struct PublishedSchema: Sendable {
    private static let validator = ExternalTool("check-jsonschema")
    package static let isCheckable = validator.isInstalled

    private let name: String

    /// - Parameter name: "plan", "state".
    package init(_ name: String) { self.name = name }

    /// - Returns: what the validator says of `documents`; `nil` when all of them fit.
    package func complaint(_ documents: [String]) throws -> String? {
        try PackageFiles.withTemporaryFolder { folder in
            let files = try documents.enumerated().map { index, text in
                let file = "\(folder)/\(index).json"
                try Data(text.utf8).write(to: URL(fileURLWithPath: file))
                return file
            }
            let path = "\(PackageFiles.root)/schemas/\(name).schema.json"
            return try Self.validator.complaint(["--schemafile", path] + files)
        }
    }
}
