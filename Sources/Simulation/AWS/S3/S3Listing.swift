import HTTP

import Foundation

/// One ListObjectsV2 request.
struct S3Listing {
    private static let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

    private let bucket: String
    private let prefix: String
    private let delimiter: String
    private let limit: Int
    private let after: String
    private let isURLEncoded: Bool

    /// - Throws: `AWSError`
    init(_ query: QueryParameters, of bucket: String) throws {
        self.bucket = bucket
        guard query.string("list-type") == "2" else {
            throw AWSError("NotImplemented", "Only ListObjectsV2 is implemented.", status: 501)
        }
        prefix = query.string("prefix") ?? ""
        delimiter = query.string("delimiter") ?? ""
        limit = min(1000, try query.integer("max-keys", in: 0...Int(Int32.max)) ?? 1000)
        isURLEncoded = try query.choice("encoding-type", of: ["url"]) != nil
        _ = try query.boolean("fetch-owner")
        let start = query.string("start-after") ?? ""
        if let token = query.string("continuation-token") {
            guard let data = Data(base64Encoded: token) else {
                throw AWSError(
                    "InvalidArgument", "The continuation token provided is incorrect")
            }
            after = String(decoding: data, as: UTF8.self)
        } else {
            after = start
        }
        try query.rejectUnread()
    }

    /// A line of the listing: a key, or a common prefix up to the delimiter.
    private enum Entry: Hashable {
        case key(String)
        case prefix(String)
    }

    func answer(_ objects: [String: SimulatedS3.Object]) -> HTTPResponse {
        let keys = objects.keys.filter { $0.hasPrefix(prefix) }
            .sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        var entries: [Entry] = []
        var last: String?
        var isTruncated = false
        for key in keys where Self.follows(key, after) {
            let entry = entry(for: key)
            if case .prefix(let group) = entry, after.hasPrefix(group) { continue }
            if entry != entries.last {
                guard entries.count < limit else {
                    isTruncated = true
                    break
                }
                entries.append(entry)
            }
            last = key
        }
        let token = isTruncated ? last.map { Data($0.utf8).base64EncodedString() } : nil
        return xml(200, document(entries, objects, nextToken: token))
    }

    private static func follows(_ key: String, _ other: String) -> Bool {
        Array(other.utf8).lexicographicallyPrecedes(Array(key.utf8))
    }

    private func entry(for key: String) -> Entry {
        let rest = key.dropFirst(prefix.count)
        guard !delimiter.isEmpty, let end = rest.range(of: delimiter) else { return .key(key) }
        return .prefix(prefix + rest[..<end.upperBound])
    }

    private func document(
        _ entries: [Entry], _ objects: [String: SimulatedS3.Object], nextToken: String?
    ) -> XML {
        XML("ListBucketResult", namespace: Self.namespace) {
            XML("Name", bucket)
            XML("Prefix", written(prefix))
            XML("KeyCount", entries.count)
            XML("MaxKeys", limit)
            if !delimiter.isEmpty { XML("Delimiter", written(delimiter)) }
            if isURLEncoded { XML("EncodingType", "url") }
            XML("IsTruncated", nextToken != nil)
            if let nextToken { XML("NextContinuationToken", nextToken) }
            for entry in entries {
                switch entry {
                case .prefix(let text): XML("CommonPrefixes") { XML("Prefix", written(text)) }
                case .key(let key):
                    XML("Contents") {
                        XML("Key", written(key))
                        if let object = objects[key] { summary(of: object) }
                        XML("StorageClass", "STANDARD")
                    }
                }
            }
        }
    }

    @XMLBuilder private func summary(of object: SimulatedS3.Object) -> [XML] {
        XML("LastModified", AWSTime.extended(object.modified))
        XML("ETag", object.tag)
        XML("Size", object.body.count)
    }

    private func written(_ text: String) -> String {
        isURLEncoded ? text.percentEncoded(keeping: [0x2F]) : text
    }
}
