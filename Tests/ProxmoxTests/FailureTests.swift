import HTTP
import Resources
import Simulation
import TestSupport
import Testing

@testable import Proxmox

@Suite struct FailureTests {
    struct Case: Sendable {
        let status: Int
        let text: String
        let reason: ProviderError.Reason
        var recourse = ProxmoxFailure.Recourse.none
    }

    @Test(arguments: [
        Case(status: 400, text: "Parameter verification failed.", reason: .invalid),
        Case(status: 401, text: "authentication failure", reason: .unauthorized),
        Case(
            status: 403, text: "Permission check failed (/vms/100, VM.Allocate)",
            reason: .forbidden(permission: "VM.Allocate on /vms/100")),
        Case(status: 403, text: "no", reason: .forbidden(permission: nil)),
        Case(
            status: 500, text: "Configuration file 'nodes/n/lxc/105.conf' does not exist",
            reason: .notFound),
        Case(status: 500, text: "CT 105 already exists on node 'n'", reason: .conflict),
        Case(status: 500, text: "VM is locked (backup)", reason: .unavailable),
        Case(
            status: 500, text: "can't lock file '/var/lock/x.lck' - got timeout",
            reason: .unavailable, recourse: .again),
        Case(
            status: 500, text: "detected modified configuration - file changed by other user?",
            reason: .unavailable, recourse: .readAgain),
        Case(
            status: 500, text: "checksum mismatch (file change by other user?)",
            reason: .unavailable, recourse: .readAgain),
        Case(
            status: 500, text: "cluster not ready - no quorum?", reason: .unavailable,
            recourse: .again),
        Case(
            status: 500, text: "can't remove VM 100 - protection mode enabled", reason: .protected),
        Case(status: 500, text: "surprise", reason: .failed),
        Case(status: 501, text: "Method 'GET /x' not implemented", reason: .unsupported),
        Case(status: 501, text: "for data too large", reason: .invalid),
        Case(status: 503, text: "", reason: .unavailable, recourse: .again),
        Case(status: 595, text: "No route to host", reason: .unavailable, recourse: .again),
        Case(status: 596, text: "Broken pipe", reason: .unavailable, recourse: .look),
        Case(status: 429, text: "", reason: .throttled(retryAfter: nil), recourse: .again),
    ])
    func answersAreToldApart(example: Case) {
        let failure = ProxmoxFailure(HTTPResponse(status: example.status, reason: example.text))
        #expect(failure.reason == example.reason)
        #expect(failure.recourse == example.recourse)
    }

    @Test func theMessageIsPreferredAndFaultyParametersAreNamed() {
        let body =
            #"{"data":null,"message":"Parameter verification failed.\n","#
            + #""errors":{"vmid":"too small","cores":"no integer"}}"#
        let failure = ProxmoxFailure(
            HTTPResponse(status: 400, reason: "Parameter", body: Array(body.utf8)))
        #expect(
            failure.detail == "Parameter verification failed.; cores: no integer; vmid: too small")
    }

    @Test func aReadIsRepeatedWhenItsAnswerIsLost() async throws {
        try await withVirtualTime { clock in
            let client = ScriptedHTTPClient([
                { _ in throw HTTPError(.interrupted, origin: "https://pve.lan", detail: "reset") },
                { _ in HTTPResponse(status: 596, reason: "Broken pipe") },
                { _ in try answer("9.1") },
            ])
            let api = try ProxmoxAPI.example(client, clock)
            #expect(try await api.get("/version") == "9.1")
        }
    }

    @Test func aChangeWhoseAnswerIsLostIsNotRepeatedBlindly() async throws {
        try await withVirtualTime { clock in
            let client = ScriptedHTTPClient([
                { _ in throw HTTPError(.timedOut, origin: "https://pve.lan", detail: "late") }
            ])
            let api = try ProxmoxAPI.example(client, clock)
            let failure = await #expect(throws: ProxmoxFailure.self) { try await api.post("/x") }
            #expect(failure?.recourse == .look)
            #expect(client.requests.count == 1)
        }
    }

    @Test func aLockTimeoutIsWaitedOut() async throws {
        try await withVirtualTime { clock in
            let locked = "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout"
            let client = ScriptedHTTPClient(
                HTTPResponse(status: 500, reason: locked), try answer(.null))
            try await ProxmoxAPI.example(client, clock).put("/x", ["a": "b"])
            #expect(client.requests.count == 2)
        }
    }

    @Test(arguments: [
        HTTPError.Reason.unknownHost, .refused, .untrustedCertificate, .badURL,
    ])
    func noAnswerAtAllIsUnreachable(reason: HTTPError.Reason) {
        let failure = ProxmoxFailure(HTTPError(reason, origin: "https://pve.lan", detail: "no"))
        #expect(failure.reason == .unreachable)
        #expect(failure.remedy != nil)
    }
}
