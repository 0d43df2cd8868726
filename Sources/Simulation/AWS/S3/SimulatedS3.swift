import HTTP
import Resources

import Foundation

/// The object store: path style and virtual hosts, with conditional writes.
package final class SimulatedS3 {
    struct Object {
        let body: [UInt8]
        let tag: String
        let modified: Date
        /// Content-Type, user metadata and encryption.
        let headers: [HTTPHeader]
    }

    struct Bucket {
        var objects: [String: Object] = [:]
        /// Actions that the credentials may not do here: `s3:PutObject`.
        var denied: Set<String> = []
        /// True when the world came with it, so that nobody has to remove it.
        var isGiven = false
    }

    unowned let core: WorldCore
    private let kms: SimulatedKMS
    var buckets: [String: Bucket] = [:]

    init(_ core: WorldCore, kms: SimulatedKMS) {
        self.core = core
        self.kms = kms
        for name in core.configuration.buckets { give(name) }
    }

    var inventory: [String: Int] { ["s3 bucket": buckets.values.count { !$0.isGiven }] }

    /// - Parameter region: The endpoint's.
    /// - Throws: `AWSError`
    func answer(
        _ request: SimulatedRequest, in region: String, fault: VendorFault?
    ) throws -> HTTPResponse {
        let target = S3Target(request)
        guard !target.bucket.isEmpty else {
            throw AWSError("MethodNotAllowed", "Only buckets and objects here.", status: 405)
        }
        try checkRegion(region, of: target.bucket)
        let query = try QueryParameters(form: request.query)
        _ = query.string("x-id")
        if target.key.isEmpty { return try answer(request, query, bucket: target.bucket) }
        try query.rejectUnread()
        return try answer(request, to: target, fault)
    }

    /// Only the bucket's own region has it; the others know where it is.
    /// - Throws: `PermanentRedirect`, `NoSuchBucket`
    private func checkRegion(_ region: String, of bucket: String) throws {
        let own = core.configuration.region
        guard region != own else { return }
        _ = try found(bucket)
        throw AWSError(
            "PermanentRedirect",
            "The bucket you are attempting to access must be addressed using the specified "
                + "endpoint. Please send all future requests to this endpoint.", status: 301,
            details: [
                "Bucket": .string(bucket), "Endpoint": "\(bucket).s3.\(own).amazonaws.com",
            ], headers: [HTTPHeader("x-amz-bucket-region", own)])
    }

    private func answer(
        _ request: SimulatedRequest, _ query: QueryParameters, bucket: String
    ) throws -> HTTPResponse {
        switch request.method {
        case "PUT":
            try query.rejectUnread()
            return try create(bucket)
        case "HEAD":
            try query.rejectUnread()
            try authorise("s3:ListBucket", S3Target(bucket: bucket))
            return HTTPResponse(
                status: 200,
                headers: [HTTPHeader("x-amz-bucket-region", core.configuration.region)])
        case "DELETE":
            try query.rejectUnread()
            try authorise("s3:DeleteBucket", S3Target(bucket: bucket))
            guard try found(bucket).objects.isEmpty else {
                throw AWSError(
                    "BucketNotEmpty", "The bucket you tried to delete is not empty", status: 409)
            }
            buckets[bucket] = nil
            return HTTPResponse(status: 204)
        case "GET":
            let listing = try S3Listing(query, of: bucket)
            try authorise("s3:ListBucket", S3Target(bucket: bucket))
            return listing.answer(try found(bucket).objects)
        default: throw Self.wrongMethod
        }
    }

    private static let wrongMethod = AWSError(
        "MethodNotAllowed", "The specified method is not allowed against this resource.",
        status: 405)

    private func create(_ bucket: String) throws -> HTTPResponse {
        let letters = bucket.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || [0x2D, 0x2E].contains($0)
        }
        guard letters, (3...63).contains(bucket.count) else {
            throw AWSError("InvalidBucketName", "The specified bucket is not valid.")
        }
        if buckets[bucket] == nil { buckets[bucket] = Bucket() }
        return HTTPResponse(status: 200, headers: [HTTPHeader("Location", "/\(bucket)")])
    }

    /// - Throws: `NoSuchBucket`
    func found(_ bucket: String) throws -> Bucket {
        guard let found = buckets[bucket] else {
            throw AWSError("NoSuchBucket", "The specified bucket does not exist", status: 404)
        }
        return found
    }

    private func answer(
        _ request: SimulatedRequest, to target: S3Target, _ fault: VendorFault?
    ) throws -> HTTPResponse {
        let condition =
            core.configuration.s3IgnoresConditions ? S3Condition() : S3Condition(request)
        let current = try found(target.bucket).objects[target.key]
        switch request.method {
        case "PUT":
            try authorise("s3:PutObject", target)
            try checkWrite(condition, over: current, of: target, fault)
            return try put(request, target)
        case "DELETE":
            try authorise("s3:DeleteObject", target)
            try checkWrite(condition, over: current, of: target, fault)
            buckets[target.bucket]?.objects[target.key] = nil
            return HTTPResponse(status: 204)
        case "GET", "HEAD":
            try authorise("s3:GetObject", target)
            guard let current else {
                // Who may not list is not told what is missing.
                try authorise("s3:ListBucket", target)
                throw AWSError("NoSuchKey", "The specified key does not exist.", status: 404)
            }
            try condition.checkRead(of: current)
            return read(current, isHead: request.method == "HEAD")
        default: throw Self.wrongMethod
        }
    }

    /// Comparing an ETag takes the right to read it.
    private func checkWrite(
        _ condition: S3Condition, over current: Object?, of target: S3Target, _ fault: VendorFault?
    ) throws {
        if condition.comparesTag { try authorise("s3:GetObject", target) }
        if fault == .conflict, condition.isConditional {
            throw AWSError(
                "ConditionalRequestConflict",
                "The conditional request cannot succeed due to a conflicting operation against "
                    + "this resource.", status: 409)
        }
        try condition.checkWrite(over: current)
    }

    /// The ETag is opaque: equal bodies have equal ones.
    private func put(_ request: SimulatedRequest, _ target: S3Target) throws -> HTTPResponse {
        let encryption = try S3Encryption(request, kms: kms).headers
        let kept = request.headers.filter {
            let name = $0.name.lowercased()
            return name == "content-type" || name.hasPrefix("x-amz-meta-")
        }
        let tag = tag(of: request.body)
        buckets[target.bucket]?.objects[target.key] = Object(
            body: request.body, tag: tag, modified: core.now, headers: kept + encryption)
        return HTTPResponse(status: 200, headers: [HTTPHeader("ETag", tag)] + encryption)
    }

    func tag(of body: [UInt8]) -> String {
        "\"\(core.digests.sha256(body).hexadecimal.prefix(32))\""
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

    /// - Throws: `NoSuchBucket`, `AccessDenied`
    private func authorise(_ action: String, _ target: S3Target) throws {
        guard try found(target.bucket).denied.contains(action) else { return }
        throw AWSError(
            "AccessDenied",
            AWSError.denial(of: action, on: "\"\(target.arn)\""), status: 403)
    }
}
