package import HTTP
import Resources

import Foundation

/// Cloudflare's API version 4 with one account: zones with their records and settings,
/// remotely managed tunnels, and certificates for origins.
package final class SimulatedCloudflare: SimulatedVendor {
    private static let prefix = "/client/v4"

    package let accountID: String
    package let token: String
    /// May read and change nothing.
    package let readOnlyToken: String
    /// Belongs to the account, not to a user.
    package let accountToken: String
    package let audit: SimulatedAuditLog
    package let zones: SimulatedZones
    package let tunnels: SimulatedTunnels
    package let certificates: SimulatedCertificates
    /// Requests allowed in five minutes, as the real API allows 1,200; `nil` allows any number.
    package var requestLimit: Int?
    /// `active`, `disabled` or `expired`.
    package var tokenStatus = "active"

    /// Whether the tokens were granted the zones' settings.
    package var tokensReachSettings = true
    /// Whether they were granted the certificates.
    package var tokensReachCertificates = true

    private unowned let core: WorldCore
    private var windowStart: Date?
    private var requestsInWindow = 0

    init(_ core: WorldCore) {
        self.core = core
        accountID = core.random.hexadecimal(32)
        token = core.random.hexadecimal(40)
        readOnlyToken = core.random.hexadecimal(40)
        accountToken = "cfat_" + token
        audit = SimulatedAuditLog(core)
        zones = SimulatedZones(core, accountID: accountID, audit: audit)
        tunnels = SimulatedTunnels(core, accountID: accountID, audit: audit)
        certificates = SimulatedCertificates(core, zones: zones)
    }

    package var environment: [String: String] {
        [
            "CLOUDFLARE_BASE_URL": "https://api.cloudflare.com/client/v4",
            "CLOUDFLARE_API_TOKEN": token, "CLOUDFLARE_ACCOUNT_ID": accountID,
        ]
    }

    package var inventory: [String: Int] {
        [
            "cloudflare dns record": zones.addedRecordCount,
            "cloudflare tunnel": tunnels.liveCount,
            "cloudflare certificate": certificates.count,
        ]
    }

    package func serves(_ request: SimulatedRequest) -> Bool {
        request.host == "api.cloudflare.com"
    }

    package func answer(_ request: SimulatedRequest, fault: VendorFault?) -> HTTPResponse {
        do {
            try checkRate(fault)
            try checkCredentials(request)
            let result = try route(request)
            audit.note(request)
            var envelope: [String: Value] = [
                "success": true, "errors": [], "messages": [], "result": result.value,
            ]
            envelope["result_info"] = result.info
            return .document(.object(envelope), headers: rateHeaders)
        } catch let refusal as CloudflareRefusal {
            return refusal.response
        } catch {
            return CloudflareRefusal(500, 1000, "\(error)").response
        }
    }

    /// What an endpoint answers with, and `result_info` when it is a list.
    struct Result {
        let value: Value
        var info: Value?

        init(_ value: Value) { self.value = value }

        init(_ page: CloudflarePage) {
            value = .list(page.elements)
            info = page.info
        }
    }

    private func route(_ request: SimulatedRequest) throws -> Result {
        guard request.path.hasPrefix(Self.prefix) else { throw CloudflareRefusal.noRoute }
        let segments = Array(request.segments.dropFirst(2))
        let isRead = request.method == "GET"
        switch (segments.first, segments.count) {
        case ("user", 3) where isRead && segments[1...] == ["tokens", "verify"]:
            return try verify(request, userToken: true)
        case ("accounts", 4) where isRead && segments[2...] == ["tokens", "verify"]:
            return try verify(request, userToken: false)
        case ("ips", 1) where isRead: return Result(SimulatedNetworks.document)
        case ("accounts", 1) where isRead:
            let page = try CloudflarePage(
                of: [account], request.parameters, sizes: 5...50, usual: 20, cap: nil)
            return Result(page)
        case ("certificates", 1...2) where !tokensReachCertificates:
            throw CloudflareRefusal(403, 10000, "Authentication error")
        case ("certificates", 1...2):
            return try certificates.answer(request, Array(segments.dropFirst()))
        case ("zones", 4) where segments[2] == "settings" && !tokensReachSettings:
            throw CloudflareRefusal(403, 9109, "Unauthorized to access requested resource")
        case ("zones", 1...):
            return try zones.answer(request, Array(segments.dropFirst()))
        case ("accounts", 2...):
            guard segments[1] == accountID else {
                throw CloudflareRefusal.unknownIdentifier(request.path)
            }
            if segments.count == 2, isRead { return Result(account) }
            if segments[2...] == ["logs", "audit"], isRead { return try audit.answer(request) }
            guard segments.count > 2, segments[2] == "cfd_tunnel" else {
                throw CloudflareRefusal.noRoute
            }
            return try tunnels.answer(request, Array(segments.dropFirst(3)))
        default: throw CloudflareRefusal.noRoute
        }
    }

    /// Each kind of token is known in a place of its own.
    private func verify(_ request: SimulatedRequest, userToken: Bool) throws -> Result {
        let isUsers = request.header("Authorization") != "Bearer \(accountToken)"
        guard isUsers == userToken else { throw CloudflareRefusal.invalidToken }
        return Result(["id": .string(accountID), "status": .string(tokenStatus)])
    }

    private var account: Value { ["id": .string(accountID), "name": "Simulated account"] }
}

// MARK: - Credentials and limits

extension SimulatedCloudflare {
    private func checkCredentials(_ request: SimulatedRequest) throws {
        guard let header = request.header("Authorization") else {
            throw CloudflareRefusal(
                400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers")
        }
        let words = header.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0] == "Bearer", !words[1].isEmpty,
            words[1].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        else {
            throw CloudflareRefusal(
                400, 6003, "Invalid request headers",
                chain: [(6111, "Invalid format for Authorization header")])
        }
        let isKnown = [token, readOnlyToken, accountToken].contains(String(words[1]))
        guard isKnown else {
            throw request.path.hasSuffix("/tokens/verify")
                ? CloudflareRefusal.invalidToken
                : CloudflareRefusal(403, 9109, "Invalid access token")
        }
        if words[1] == readOnlyToken, request.method != "GET" {
            throw CloudflareRefusal(403, 10000, "Authentication error")
        }
    }

    private func checkRate(_ fault: VendorFault?) throws {
        if fault == .throttled { throw tooMany(retryAfter: 5) }
        guard let requestLimit else { return }
        if secondsLeft <= 0 {
            windowStart = core.now
            requestsInWindow = 0
        }
        requestsInWindow += 1
        if requestsInWindow > requestLimit { throw tooMany(retryAfter: secondsLeft) }
    }

    private func tooMany(retryAfter seconds: Int) -> CloudflareRefusal {
        CloudflareRefusal(
            429, 971, "Please wait and consider throttling your request speed",
            headers: [HTTPHeader("Retry-After", String(seconds))])
    }

    /// Until the window of five minutes ends.
    private var secondsLeft: Int {
        guard let windowStart else { return 0 }
        return 300 - Int(core.now.timeIntervalSince(windowStart))
    }

    private var rateHeaders: [HTTPHeader] {
        let limit = requestLimit ?? 1200
        let left = requestLimit == nil ? limit : max(0, limit - requestsInWindow)
        let seconds = requestLimit == nil ? 300 : secondsLeft
        return [
            HTTPHeader("Ratelimit", "\"default\";r=\(left);t=\(seconds)"),
            HTTPHeader("Ratelimit-Policy", "\"default\";q=\(limit);w=300"),
        ]
    }
}
