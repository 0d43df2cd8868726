import Resources

/// The query protocol's form of nested parameters, as EC2 reads it: lists are flat and count
/// from 1, `Filter.1.Name=zone&Filter.1.Value.1=a`.
///
/// <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-query-api.html>
enum QueryForm {
    /// `Action` and `Version` first, the rest in order of name.
    static func pairs(
        action: String, version: String, _ parameters: [String: Value]
    ) -> [(String, String)] {
        [("Action", action), ("Version", version)] + pairs(.object(parameters), path: [])
    }

    private static func pairs(_ value: Value, path: [String]) -> [(String, String)] {
        switch value {
        case .null: []
        case .object(let members):
            members.sorted { $0.key < $1.key }.flatMap { pairs($0.value, path: path + [$0.key]) }
        case .list(let elements):
            elements.enumerated().flatMap {
                pairs($0.element, path: path + [String($0.offset + 1)])
            }
        case .secret(let secret): [(path.joined(separator: "."), secret.revealed)]
        default: [(path.joined(separator: "."), value.plainText)]
        }
    }
}
