import Resources

/// The query protocol's form of nested parameters. EC2's lists are flat and count from 1,
/// `Filter.1.Name=zone&Filter.1.Value.1=a`; those of the other services say `member` before the
/// number.
///
/// <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-query-api.html>
enum QueryForm {
    enum ListStyle { case flat, members }

    /// `Action` and `Version` first, the rest in order of name.
    static func pairs(
        action: String, version: String, listStyle: ListStyle = .flat,
        _ parameters: [String: Value]
    ) -> [(String, String)] {
        [("Action", action), ("Version", version)]
            + pairs(.object(parameters), path: [], listStyle)
    }

    private static func pairs(
        _ value: Value, path: [String], _ style: ListStyle
    ) -> [(String, String)] {
        switch value {
        case .null: []
        case .object(let members):
            members.sorted { $0.key < $1.key }
                .flatMap { pairs($0.value, path: path + [$0.key], style) }
        case .list(let elements):
            elements.enumerated().flatMap { index, element in
                let name = (style == .members ? ["member"] : []) + [String(index + 1)]
                return pairs(element, path: path + name, style)
            }
        case .secret(let secret): [(path.joined(separator: "."), secret.revealed)]
        default: [(path.joined(separator: "."), value.plainText)]
        }
    }
}
