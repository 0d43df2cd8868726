package import HTTP
package import Journal
package import Resources

/// A bucket of S3, or of a store that speaks its language: R2, MinIO, Ceph.
///
/// Tags are the ETags exactly as they came, quotes included. No `x-amz-checksum-…` is sent, which
/// R2 refuses; `x-amz-content-sha256` protects the bodies.
package struct S3Storage: ObjectStorage {
    /// Keys on a page of a list, unless fewer are asked for.
    private static let pageSize = 1000

    private let place: S3Location
    private let encryption: S3Encryption?
    private let use: S3Use
    private let caller: ServiceCaller

    /// - Parameters:
    ///   - encryption: how the bucket encrypts; `nil` leaves it to the bucket.
    ///   - use: what it is read for, as errors say it.
    ///   - http: signs for S3 in the location's region.
    package init(
        _ location: S3Location, encryption: S3Encryption? = nil, use: S3Use = .state,
        http: any SigningHTTPClient, time: any TimeSource, random: any RandomSource
    ) {
        place = location
        self.encryption = encryption
        self.use = use
        caller = ServiceCaller(
            location: "s3://\(location.bucket)", service: "S3",
            endpointSetting: location.endpoint == nil ? use.region : use.endpoint,
            settings: use.settings, http: http, time: time, random: random)
    }

    package var location: String { caller.location }

    package var clockOffset: Duration? { caller.http.clockOffset }

    package func get(_ key: String) async throws -> StoredObject? {
        switch try await send(.get, place.url(of: key)) {
        case .success(let response):
            StoredObject(bytes: response.body, tag: try tag(in: response))
        case .failure(let refusal) where refusal.code == "NoSuchKey": nil
        case .failure(let refusal): throw meaning(of: refusal, for: .get)
        }
    }

    package func put(
        _ key: String, _ bytes: [UInt8], if condition: WriteCondition
    ) async throws -> WriteResult {
        var headers = [HTTPHeader("Content-Type", "application/octet-stream")]
        switch condition {
        case .absent: headers.append(HTTPHeader("If-None-Match", "*"))
        case .tag(let tag): headers.append(HTTPHeader("If-Match", tag))
        }
        headers += encryption?.headers ?? []
        switch try await send(.put, place.url(of: key), headers: headers, body: .bytes(bytes)) {
        case .success(let response): return .written(tag: try tag(in: response))
        case .failure(let refusal) where refusal.meansConditionFailed: return .refused
        case .failure(let refusal):
            throw meaning(of: refusal, for: condition == .absent ? .create : .replace)
        }
    }

    package func list(_ prefix: String, after: String?) async throws -> [ListedObject] {
        try await list(prefix, after: after, limit: .max)
    }

    package func list(
        _ prefix: String, after: String?, limit: Int
    ) async throws -> [ListedObject] {
        var objects: [ListedObject] = []
        var token: String?
        repeat {
            var parameters = [("list-type", "2"), ("encoding-type", "url"), ("prefix", prefix)]
            if let token {
                parameters.append(("continuation-token", token))
            } else if let after {
                parameters.append(("start-after", after))
            }
            let missing = limit - objects.count
            if missing < Self.pageSize { parameters.append(("max-keys", String(missing))) }
            let page = try await page(parameters)
            objects += page.objects.map { ListedObject(key: $0.key, size: $0.size) }
            token = page.isTruncated ? page.nextToken : nil
        } while token != nil && objects.count < limit
        return Array(objects.prefix(limit))
    }

    package func delete(_ key: String) async throws {
        switch try await send(.delete, place.url(of: key)) {
        case .success: return
        case .failure(let refusal) where refusal.code == "NoSuchKey": return
        case .failure(let refusal): throw meaning(of: refusal, for: .delete)
        }
    }

    private func page(_ parameters: [(String, String)]) async throws -> S3Page {
        switch try await send(.get, place.url(listing: parameters)) {
        case .success(let response):
            guard let page = S3Page.read(response) else {
                throw caller.foreign("the list is unreadable")
            }
            return page
        case .failure(let refusal): throw meaning(of: refusal, for: .list)
        }
    }

    private func send(
        _ method: HTTPRequest.Method, _ url: String, headers: [HTTPHeader] = [],
        body: HTTPBody = .none
    ) async throws -> Result<HTTPResponse, Refusal> {
        let request = HTTPRequest(
            method, url, headers: headers, body: body, timeout: ServiceCaller.timeout)
        return try await caller.send(request, reading: Refusal.init(s3:))
    }

    private func tag(in response: HTTPResponse) throws -> String {
        guard let tag = response.header("ETag"), !tag.isEmpty else {
            throw caller.foreign("the answer has no ETag")
        }
        return tag
    }

    private func meaning(of refusal: Refusal, for operation: S3Operation) -> StateError {
        S3Refusals(place: place, encryption: encryption, use: use, caller: caller)
            .meaning(of: refusal, for: operation)
    }
}

extension Refusal {
    /// `If-Match` on a key that is not there is `NoSuchKey`.
    fileprivate var meansConditionFailed: Bool {
        code == "PreconditionFailed" || code == "NoSuchKey" || (status == 412 && isBare)
    }
}
