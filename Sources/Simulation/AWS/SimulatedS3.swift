import Resources
import HTTP

import Foundation

/// The object store: path style and virtual hosts, with conditional writes.
package final class SimulatedS3 {
    struct Object {
        let body: [UInt8]
        let tag: String
        let modified: Date
        /// Content-Type and user metadata.
        let headers: [HTTPHeader]
    }

    unowned let core: WorldCore
    var buckets: [String: [String: Object]] = [:]

    init(_ core: WorldCore) { self.core = core }

    var inventory: [String: Int] { ["s3 bucket": buckets.count] }

    /// - Throws: `AWSError`
    func answer(_ request: SimulatedRequest) throws -> HTTPResponse {
        let (bucket, key) = Self.target(of: request)
        guard !bucket.isEmpty else {
            throw AWSError("MethodNotAllowed", "Only buckets and objects here.", status: 405)
        }
        let query = try QueryParameters(form: request.query)
        _ = query.string("x-id")
        if key.isEmpty { return try answer(request, query, bucket: bucket) }
        try query.rejectUnread()
        return try answer(request, bucket: bucket, key: key)
    }

    private static func target(of request: SimulatedRequest) -> (bucket: String, key: String) {
        let path = request.path.dropFirst()
        if let range = request.host.range(of: ".s3."), request.host.hasSuffix(".amazonaws.com") {
            return (String(request.host[..<range.lowerBound]), String(path).percentDecoded)
        }
        let bucket = path.prefix { $0 != "/" }
        return (String(bucket), String(path.dropFirst(bucket.count + 1)).percentDecoded)
    }

    private func answer(
        _ request: SimulatedRequest, _ query: QueryParameters, bucket: String
    ) throws -> HTTPResponse {
        switch request.method {
        case "PUT":
            try query.rejectUnread()
            return try create(bucket, request)
        case "HEAD":
            try query.rejectUnread()
            _ = try objects(in: bucket)
            return HTTPResponse(
                status: 200,
                headers: [HTTPHeader("x-amz-bucket-region", core.configuration.region)])
        case "DELETE":
            try query.rejectUnread()
            guard try objects(in: bucket).isEmpty else {
                throw AWSError(
                    "BucketNotEmpty", "The bucket you tried to delete is not empty", status: 409)
            }
            buckets[bucket] = nil
            return HTTPResponse(status: 204)
        case "GET":
            return try S3Listing(query, of: bucket).answer(try objects(in: bucket))
        default: throw Self.wrongMethod
        }
    }

    private static let wrongMethod = AWSError(
        "MethodNotAllowed", "The specified method is not allowed against this resource.",
        status: 405)

    private func create(_ bucket: String, _ request: SimulatedRequest) throws -> HTTPResponse {
        let letters = bucket.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || [0x2D, 0x2E].contains($0)
        }
        guard letters, (3...63).contains(bucket.count) else {
            throw AWSError("InvalidBucketName", "The specified bucket is not valid.")
        }
        if buckets[bucket] == nil { buckets[bucket] = [:] }
        return HTTPResponse(status: 200, headers: [HTTPHeader("Location", "/\(bucket)")])
    }

    func objects(in bucket: String) throws -> [String: Object] {
        guard let objects = buckets[bucket] else {
            throw AWSError("NoSuchBucket", "The specified bucket does not exist", status: 404)
        }
        return objects
    }

    private func answer(
        _ request: SimulatedRequest, bucket: String, key: String
    ) throws -> HTTPResponse {
        let current = try objects(in: bucket)[key]
        switch request.method {
        case "PUT":
            try S3Condition(request).checkWrite(over: current)
            return put(request, bucket, key)
        case "DELETE":
            try S3Condition(request).checkWrite(over: current)
            buckets[bucket]?[key] = nil
            return HTTPResponse(status: 204)
        case "GET", "HEAD":
            guard let current else {
                throw AWSError("NoSuchKey", "The specified key does not exist.", status: 404)
            }
            try S3Condition(request).checkRead(of: current)
            return read(current, isHead: request.method == "HEAD")
        default: throw Self.wrongMethod
        }
    }

    /// The ETag is opaque: equal bodies have equal ones.
    private func put(
        _ request: SimulatedRequest, _ bucket: String, _ key: String
    ) -> HTTPResponse {
        let kept = request.headers.filter {
            let name = $0.name.lowercased()
            return name == "content-type" || name.hasPrefix("x-amz-meta-")
        }
        let tag = "\"\(core.digests.sha256(request.body).hexadecimal.prefix(32))\""
        buckets[bucket]?[key] = Object(
            body: request.body, tag: tag, modified: core.now, headers: kept)
        return HTTPResponse(status: 200, headers: [HTTPHeader("ETag", tag)])
    }

    private func read(_ object: Object, isHead: Bool) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: object.headers + [
                HTTPHeader("ETag", object.tag),
                HTTPHeader("Last-Modified", AWSTime.header(object.modified)),
                HTTPHeader("Content-Length", String(object.body.count)),
            ], body: isHead ? [] : object.body)
    }
}
