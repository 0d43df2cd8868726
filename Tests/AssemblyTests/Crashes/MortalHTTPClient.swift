import HTTP
import Resources
import TestSupport

/// A network with some way to go, whose user may end at any of its moments.
struct MortalHTTPClient: HTTPClient {
    /// Each way: other requests arrive meanwhile.
    private static let way = Duration.milliseconds(5)

    private let base: any HTTPClient
    private let killSwitch: KillSwitch
    private let time: any TimeSource
    private let calls: ChangeCount

    init(
        _ base: any HTTPClient, _ killSwitch: KillSwitch, _ time: any TimeSource,
        _ calls: ChangeCount
    ) {
        self.base = base
        self.killSwitch = killSwitch
        self.time = time
        self.calls = calls
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await time.sleep(for: Self.way)
        try killSwitch.moment("before \(request.title)")
        calls.add(request)
        let response = try await base.send(request)
        try killSwitch.moment("before the answer to \(request.title)")
        try await time.sleep(for: Self.way)
        killSwitch.answer("after the answer to \(request.title)")
        return response
    }
}

extension HTTPRequest {
    /// True for what leaves a trace in the world. A registration token leaves none: it is a
    /// credential like a sign-in's, and ends by itself within the hour.
    var changesSomething: Bool { !isRead && !url.hasSuffix("/registration-token") }

    /// `POST ec2 RunInstances`, `DELETE api.cloudflare.com …/dns_records/0a1b`.
    var title: String {
        let target = url.split(separator: "/").dropFirst()
        let host = target.first.map(String.init) ?? ""
        let path = target.dropFirst().suffix(4).joined(separator: "/").prefix { $0 != "?" }
        guard case .bytes(let bytes) = body, bytes.starts(with: Array("Action=".utf8)) else {
            return "\(method.rawValue) \(host) \(path)"
        }
        let action = String(decoding: bytes.prefix(80), as: UTF8.self)
            .dropFirst("Action=".count).prefix { $0 != "&" }
        return "\(method.rawValue) \(host) \(action)"
    }
}
