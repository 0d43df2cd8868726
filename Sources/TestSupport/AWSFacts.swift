import Foundation

/// What is known of AWS's APIs, in `../shared/facts/aws.md` where that lies beside the package.
package enum AWSFacts {
    package static let isThere = text != nil
    package static let reason = "no ../shared/facts/aws.md"

    /// The error codes that its sections name: every word in code that looks like one, unless it
    /// is known to be of another sort.
    ///
    /// - Parameter isMeant: whether a section of that title counts.
    package static func errorCodes(where isMeant: (String) -> Bool = { _ in true }) -> Set<String> {
        let sections = (text ?? "").components(separatedBy: "\n## ").filter { section in
            isMeant(String(section.prefix { $0 != "\n" }))
        }
        let words = sections.flatMap { $0.matches(of: /`([^`\n]+)`/) }
            .flatMap { $0.1.split { !($0.isASCII && ($0.isLetter || $0 == ".")) } }
            .filter { $0.wholeMatch(of: /[A-Z][A-Za-z]*[a-z][A-Za-z]*(\.[A-Z][A-Za-z]+)?/) != nil }
        return Set(words.map(String.init)).subtracting(otherWords)
    }

    /// True for a section about what keeps the state.
    package static func isAboutState(_ title: String) -> Bool {
        title.hasPrefix("State in S3") || title.hasPrefix("Terraform's locks")
    }

    private static let text: String? = {
        let file = URL(filePath: PackageFiles.root).deletingLastPathComponent()
            .appending(path: "shared/facts/aws.md")
        return try? String(contentsOf: file, encoding: .utf8)
    }()

    /// Parameters, members, headers and the like.
    private static let otherWords: Set = [
        "AccessKeyId", "Action", "Amz", "Authorization", "ClientToken", "Code", "Content",
        "Created", "Date", "Digest", "DryRun", "DynamoDB", "Error", "ErrorResponse", "ErrorType",
        "Errors", "Exception", "Expect", "Expiration", "Filter", "HttpPutResponseHopLimit", "If",
        "Info", "Instance", "InstanceInterruptionBehavior", "InstanceMarketOptions.MarketType",
        "Invalid", "Item", "LockID", "Match", "MaxResults", "Message",
        "MetadataOptions.HttpTokens", "Name", "None", "Op", "Operation", "Path", "Profile",
        "RequestID", "RequestId", "Response", "ReturnValuesOnConditionCheckFailure",
        "SecretAccessKey", "SessionToken", "SpotOptions.SpotInstanceType", "TagSpecification",
        "Target", "Type", "Version", "Who", "XResponse", "Za",
    ]
}
