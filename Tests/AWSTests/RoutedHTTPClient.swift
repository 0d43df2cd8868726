import HTTP
import Synchronization

/// Answers by operation, each with answers of its own in turn; the last one stays.
final class RoutedHTTPClient: HTTPClient {
    private let routes: Mutex<[String: [HTTPResponse]]>
    private let asked = Mutex<[HTTPRequest]>([])

    init(_ routes: [String: [HTTPResponse]]) {
        self.routes = Mutex(routes.merging(Self.usual) { own, _ in own })
    }

    /// What the account has unless a test says otherwise: a default network, and no more.
    private static let usual: [String: [HTTPResponse]] = [
        "DescribeSubnets": [ListedSubnet.page([ListedSubnet()])],
        "DescribeAddresses": [.xml("DescribeAddresses", "<addressesSet/>")],
        "GetAccountAuthorizationDetails": [
            .xml(
                "GetAccountAuthorizationDetails",
                "<GetAccountAuthorizationDetailsResult><IsTruncated>false</IsTruncated>"
                    + "<RoleDetailList/></GetAccountAuthorizationDetailsResult>")
        ],
    ]

    var requests: [HTTPRequest] { asked.withLock { $0 } }

    /// The form of every request that changes something, in order.
    var changes: [[String]] { requests.filter { !$0.isRead }.map(\.form) }

    func send(_ request: HTTPRequest) throws -> HTTPResponse {
        asked.withLock { $0.append(request) }
        let operation = request.operation
        let answer = routes.withLock { routes -> HTTPResponse? in
            guard let next = routes[operation]?.first else { return nil }
            if routes[operation, default: []].count > 1 { routes[operation]?.removeFirst() }
            return next
        }
        guard let answer else {
            throw HTTPError(.refused, origin: request.url, detail: "no answer for \(operation)")
        }
        return answer
    }
}
