import HTTP

import CCurl

/// One of libcurl's easy handles, used for one transfer after another.
final class EasyHandle {
    let raw: UnsafeMutableRawPointer
    private let message: UnsafeMutablePointer<CChar>
    private var headers: UnsafeMutablePointer<curl_slist>?

    init?() {
        guard let raw = curl_easy_init() else { return nil }
        self.raw = raw
        message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(raw)
        curl_slist_free_all(headers)
        message.deallocate()
    }

    /// Forgets the last transfer's options, and none of what it learnt about the server.
    func reset() {
        curl_easy_reset(raw)
        curl_slist_free_all(headers)
        headers = nil
        message.pointee = 0
    }

    /// Why the transfer failed, in libcurl's words.
    func explanation(of code: CURLcode) -> String {
        String(cString: message.pointee == 0 ? curl_easy_strerror(code) : UnsafePointer(message))
    }

    func set(_ option: CURLoption, _ value: Int) throws(CurlFailure) {
        try check(launch_curl_easy_setopt_long(raw, option, value))
    }

    /// `nil` puts the option back to its default.
    func set(_ option: CURLoption, _ value: String?) throws(CurlFailure) {
        try check(launch_curl_easy_setopt_string(raw, option, value))
    }

    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) throws(CurlFailure) {
        try check(launch_curl_easy_setopt_pointer(raw, option, value))
    }

    func setBodyLength(_ count: Int) throws(CurlFailure) {
        try check(
            launch_curl_easy_setopt_offset(raw, CURLOPT_INFILESIZE_LARGE, curl_off_t(count)))
    }

    func setHeaders(_ lines: [String]) throws(CurlFailure) {
        for line in lines {
            guard let longer = curl_slist_append(headers, line) else {
                throw CurlFailure(code: CURLE_OUT_OF_MEMORY)
            }
            headers = longer
        }
        try check(launch_curl_easy_setopt_headers(raw, headers))
    }

    /// Has libcurl hand everything about this transfer to `transfer`, which must outlive it.
    func connect(to transfer: Transfer) throws(CurlFailure) {
        let this = Unmanaged.passUnretained(transfer).toOpaque()
        for option in [
            CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_READDATA, CURLOPT_PREREQDATA,
        ] {
            try set(option, this)
        }
        try set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(message))
        try check(
            launch_curl_easy_setopt_write(raw, CURLOPT_HEADERFUNCTION) { line, size, count, this in
                Transfer.at(this)?.receiveHead(
                    UnsafeRawBufferPointer(start: line, count: size * count))
                return size * count
            })
        try check(
            launch_curl_easy_setopt_write(raw, CURLOPT_WRITEFUNCTION) { piece, size, count, this in
                let piece = UnsafeRawBufferPointer(start: piece, count: size * count)
                return Transfer.at(this)?.receiveBody(piece) == true ? piece.count : 0
            })
        try check(
            launch_curl_easy_setopt_read(raw) { buffer, size, count, this in
                let buffer = UnsafeMutableRawBufferPointer(start: buffer, count: size * count)
                return Transfer.at(this)?.provideBody(buffer) ?? Int(CURL_READFUNC_ABORT)
            })
        try check(
            launch_curl_easy_setopt_prerequest(raw) { this, _, _, _, _ in
                Transfer.at(this)?.maySend() == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
            })
    }

    func check(_ code: CURLcode) throws(CurlFailure) {
        guard code == CURLE_OK else { throw CurlFailure(code: code) }
    }
}

/// An option that libcurl does not take.
struct CurlFailure: Error {
    let code: CURLcode
}

extension Transfer {
    fileprivate static func at(_ pointer: UnsafeMutableRawPointer?) -> Transfer? {
        pointer.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }
}
