import HTTP

import CCurl
import Foundation
import Synchronization

/// libcurl's multi handle and the one thread that drives it.
///
/// Callers only post to the inbox, under its lock, and wake the thread; everything else belongs to
/// the thread, which alone calls the multi handle (`curl_multi_wakeup` may be called by all). That
/// makes `@unchecked Sendable` true. The thread keeps the loop alive until it is closed.
final class TransferLoop: @unchecked Sendable {
    private enum Message {
        case start(Transfer, Transfer.Continuation)
        case cancel(Transfer)
    }

    private struct Inbox {
        var messages: [Message] = []
        var isClosed = false
    }

    private static let connectionsPerHost = 16
    private static let idleHandles = 32
    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    private let settings: NetworkSettings
    private let multi: UnsafeMutableRawPointer?
    private let inbox = Mutex(Inbox())
    private var running: [UnsafeMutableRawPointer: Transfer] = [:]
    private var idle: [EasyHandle] = []
    private var pins: [String: PinnedCertificate] = [:]

    init(_ settings: NetworkSettings) {
        self.settings = settings
        multi = Self.isLibraryReady ? curl_multi_init() : nil
        launch_curl_multi_setopt_long(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX)
        launch_curl_multi_setopt_long(
            multi, CURLMOPT_MAX_HOST_CONNECTIONS, Self.connectionsPerHost)
        let thread = Thread { [self] in run() }
        thread.name = "launch.curl"
        thread.start()
    }

    deinit { curl_multi_cleanup(multi) }

    func start(_ transfer: Transfer, resuming continuation: Transfer.Continuation) {
        if !post(.start(transfer, continuation)) {
            continuation.resume(throwing: CancellationError())
        }
    }

    func cancel(_ transfer: Transfer) { _ = post(.cancel(transfer)) }

    func close() {
        inbox.withLock { $0.isClosed = true }
        curl_multi_wakeup(multi)
    }

    private func post(_ message: Message) -> Bool {
        let isAccepted = inbox.withLock { inbox in
            if !inbox.isClosed { inbox.messages.append(message) }
            return !inbox.isClosed
        }
        if isAccepted { curl_multi_wakeup(multi) }
        return isAccepted
    }

    // MARK: On the thread

    private func run() {
        blockPipeSignal()
        var isClosed = false
        while !isClosed {
            var messages: [Message] = []
            inbox.withLock { inbox in
                swap(&messages, &inbox.messages)
                isClosed = inbox.isClosed
            }
            messages.forEach(take)
            var count: CInt = 0
            guard !isClosed, curl_multi_perform(multi, &count) == CURLM_OK else { break }
            finishWhatIsDone()
            // It returns early for a socket, a wake-up, and libcurl's own deadlines.
            guard curl_multi_poll(multi, nil, 0, 60_000, nil) == CURLM_OK else { break }
        }
        end(because: isClosed ? nil : "libcurl's multi handle failed")
    }

    /// Writing to a connection that the server closed is an error here, not the program's end.
    private func blockPipeSignal() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private func take(_ message: Message) {
        switch message {
        case .start(let transfer, let continuation):
            transfer.willResume(continuation)
            if transfer.isCancelled {
                transfer.finish(.failure(CancellationError()))
            } else {
                begin(transfer)
            }
        case .cancel(let transfer):
            transfer.isCancelled = true
            if transfer.handle != nil { finish(transfer, .failure(CancellationError())) }
        }
    }

    private func begin(_ transfer: Transfer) {
        guard let handle = idle.popLast() ?? EasyHandle() else {
            return fail(transfer, CURLE_OUT_OF_MEMORY)
        }
        do {
            try handle.prepare(transfer, settings, pin: pin(for: transfer))
        } catch let error as HTTPError {
            return transfer.finish(.failure(error))
        } catch {
            return fail(transfer, (error as? CurlFailure)?.code ?? CURLE_FAILED_INIT)
        }
        guard curl_multi_add_handle(multi, handle.raw) == CURLM_OK else {
            return fail(transfer, CURLE_FAILED_INIT)
        }
        transfer.handle = handle
        running[handle.raw] = transfer
    }

    /// Pins are kept as long as the loop, since a kept connection may ask its pin again.
    private func pin(for transfer: Transfer) throws(HTTPError) -> PinnedCertificate? {
        guard case .fingerprint(let text) = transfer.request.trust else { return nil }
        guard transfer.origin.scheme == "https", let pin = PinnedCertificate(text) else {
            throw HTTPError(
                .untrustedCertificate, origin: transfer.origin.text,
                detail: transfer.origin.scheme == "https"
                    ? "the configured fingerprint is not SHA-256 in hexadecimal"
                    : "a fingerprint is configured, and http shows no certificate")
        }
        if let known = pins[pin.fingerprint] { return known }
        pins[pin.fingerprint] = pin
        return pin
    }

    private func finishWhatIsDone() {
        var left: CInt = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let raw = message.pointee.easy_handle,
                let transfer = running[raw]
            else { continue }
            let code = message.pointee.data.result
            finish(
                transfer,
                code == CURLE_OK ? .success(transfer.response) : .failure(error(transfer, code)))
        }
    }

    private func fail(_ transfer: Transfer, _ code: CURLcode) {
        transfer.finish(.failure(error(transfer, code)))
    }

    private func error(_ transfer: Transfer, _ code: CURLcode) -> HTTPError {
        if let failure = transfer.failure { return failure }
        let reason = HTTPError.Reason(code, sent: transfer.mayHaveBeenSent)
        var detail =
            transfer.handle?.explanation(of: code) ?? String(cString: curl_easy_strerror(code))
        if reason == .untrustedCertificate, let pin = try? pin(for: transfer),
            let rejected = pin.rejected
        {
            detail = "the server's certificate has the fingerprint \(rejected), not the configured"
        }
        return HTTPError(reason, origin: transfer.origin.text, detail: detail)
    }

    private func finish(_ transfer: Transfer, _ result: Result<HTTPResponse, any Error>) {
        if let handle = transfer.handle {
            running[handle.raw] = nil
            transfer.handle = nil
            curl_multi_remove_handle(multi, handle.raw)
            handle.reset()
            if idle.count < Self.idleHandles { idle.append(handle) }
        }
        transfer.finish(result)
    }

    /// Lets nothing wait for ever, neither what runs nor what was posted meanwhile.
    private func end(because detail: String?) {
        let late = inbox.withLock { inbox in
            inbox.isClosed = true
            defer { inbox.messages = [] }
            return inbox.messages
        }
        var ended = Array(running.values)
        for case .start(let transfer, let continuation) in late {
            transfer.willResume(continuation)
            ended.append(transfer)
        }
        for transfer in ended {
            let error: any Error =
                detail.map { HTTPError(.other, origin: transfer.origin.text, detail: $0) }
                ?? CancellationError()
            finish(transfer, .failure(error))
        }
        idle = []
    }
}
