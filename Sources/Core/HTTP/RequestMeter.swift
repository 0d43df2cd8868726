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
    /// True when the request changes nothing: AWS's query protocol reads by POST.
    package var isRead: Bool {
        switch method {
        case .get, .head: true
        case .post:
            if let target = headers.first(where: { $0.name.lowercased() == "x-amz-target" }) {
                target.value.contains(".Get") || target.value.contains(".Describe")
            } else if case .bytes(let bytes) = body {
                bytes.starts(with: Array("Action=Describe".utf8))
                    || bytes.starts(with: Array("Action=Get".utf8))
            } else {
                false
            }
        case .put, .patch, .delete: false
        }
    }
}
