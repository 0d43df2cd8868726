package import Resources

import Synchronization

/// Counts requests by provider, for the plan's and the summary's last line.
package final class RequestMeter: Sendable {
    package struct Count: Hashable, Sendable {
        package var reads = 0
        package var writes = 0
        package var total: Int { reads + writes }
    }

    private let counts = Mutex<[ProviderName: Count]>([:])

    package init() {}

    package var byProvider: [ProviderName: Count] { counts.withLock { $0 } }
    package var total: Int { byProvider.values.reduce(0) { $0 + $1.total } }

    func add(_ provider: ProviderName, isRead: Bool) {
        counts.withLock {
            if isRead {
                $0[provider, default: Count()].reads += 1
            } else {
                $0[provider, default: Count()].writes += 1
            }
        }
    }
}

/// A client whose requests are counted for one provider.
package struct MeteredHTTPClient: HTTPClient {
    private let base: any HTTPClient
    private let provider: ProviderName
    private let meter: RequestMeter

    package init(_ base: any HTTPClient, for provider: ProviderName, meter: RequestMeter) {
        self.base = base
        self.provider = provider
        self.meter = meter
    }

    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        meter.add(provider, isRead: request.isRead)
        return try await base.send(request)
    }
}

extension HTTPRequest {
    /// The beginnings of AWS's operations that change nothing; `AssumeRole` only gives credentials.
    private static let readingOperations = [
        "Describe", "Get", "List", "BatchGet", "Query", "Scan", "Decode", "Lookup", "AssumeRole",
    ]

    /// True when the request changes nothing: AWS's query protocol reads by POST.
    package var isRead: Bool {
        switch method {
        case .get, .head: true
        case .post:
            operation.map { Self.readingOperations.contains(where: $0.hasPrefix) } ?? false
        case .put, .patch, .delete: false
        }
    }

    /// The operation's name in AWS's JSON protocols (a header) or its query protocol (the body).
    private var operation: String? {
        if let target = headers.first(where: { $0.name.lowercased() == "x-amz-target" }) {
            return target.value.split(separator: ".").last.map(String.init)
        }
        guard case .bytes(let bytes) = body else { return nil }
        let name = Array("Action=".utf8)
        return bytes.split(separator: UInt8(ascii: "&")).first { $0.starts(with: name) }
            .map { String(decoding: $0.dropFirst(name.count), as: UTF8.self) }
    }
}
