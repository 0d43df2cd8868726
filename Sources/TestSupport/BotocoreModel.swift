import Foundation
package import HTTP

/// The service models and the serializers of botocore, AWS's own SDK.
package enum BotocoreModel {
    /// moto brings botocore along.
    package static let isInstalled = MotoServer.python != nil
    package static let reason = "no python3 with botocore: run `make setup`"

    /// A request of one of AWS's protocols.
    package struct Request: Codable, Hashable, Sendable {
        package let service: String
        package let operation: String
        let method: String
        let url: String
        let headers: [String: String]
        let body: String
    }

    /// What is wrong with each request: a name or a type that the model does not have, or
    /// something that botocore writes otherwise.
    package static func problems(of requests: [Request]) throws -> [String] {
        try script.run(requests, ["check"])
    }

    /// An answer to each operation (`ec2:DescribeInstances`) with every member that the model has,
    /// and one that it has not in each structure. Texts are `text`, numbers 7, and blobs the bytes
    /// from 0 to 31.
    package static func answers(to operations: [String]) throws -> [String] {
        try script.run(operations, ["render"])
    }

    /// The operations of these services that the Swift files in a folder of the package name.
    ///
    /// - Parameter exceptions: names of files that only speak of operations.
    package static func operations(
        of services: [String], namedIn folder: String, except exceptions: Set<String> = []
    ) throws -> Set<String> {
        let known: [String] = try script.run(services, ["operations"])
        let root = URL(filePath: PackageFiles.root).appending(path: folder)
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        var named: Set<String> = []
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift", !exceptions.contains(file.lastPathComponent)
            else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            named.formUnion(text.matches(of: /"([A-Z][A-Za-z0-9]+)"/).map { String($0.1) })
        }
        return named.intersection(known)
    }
}

extension BotocoreModel.Request {
    /// A request of the query protocol, or of the JSON protocol, which say what they ask for.
    ///
    /// - Returns: `nil` for a request of another protocol.
    package init?(_ request: HTTPRequest) {
        if let target = Self.headers(of: request)["x-amz-target"] {
            guard let dot = target.lastIndex(of: ".") else { return nil }
            self.init(
                request, service: String(target[..<dot]),
                operation: String(target[target.index(after: dot)...]))
        } else {
            let pairs = Self.text(of: request).split(separator: "&")
            guard let action = pairs.first(where: { $0.hasPrefix("Action=") }) else { return nil }
            let host = request.url.split(separator: "/").dropFirst().first ?? ""
            self.init(
                request, service: String(host.prefix { $0 != "." }),
                operation: String(action.dropFirst("Action=".count)))
        }
    }

    /// A request of a REST protocol, where method and path say what is asked for.
    package init(_ request: HTTPRequest, service: String, operation: String) {
        self.init(
            service: service, operation: operation, method: request.method.rawValue,
            url: request.url, headers: Self.headers(of: request), body: Self.text(of: request))
    }

    /// By their names in lower case.
    private static func headers(of request: HTTPRequest) -> [String: String] {
        Dictionary(request.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
    }

    private static func text(of request: HTTPRequest) -> String {
        guard case .bytes(let bytes) = request.body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }
}
