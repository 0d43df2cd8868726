import HTTP

import CCurl

extension EasyHandle {
    /// Sets every option that `transfer`'s request needs.
    func prepare(
        _ transfer: Transfer, _ settings: NetworkSettings, pin: PinnedCertificate?
    ) throws(CurlFailure) {
        let request = transfer.request
        try connect(to: transfer)
        try set(CURLOPT_URL, request.url)
        try set(CURLOPT_PATH_AS_IS, 1)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        try set(CURLOPT_PIPEWAIT, 1)
        try set(CURLOPT_ACCEPT_ENCODING, "")
        try set(CURLOPT_USERAGENT, settings.userAgent)
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_NOSIGNAL, 1)
        // A cancelled transfer must not hold up the thread until its name is resolved.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_TIMEOUT_MS, max(1, request.timeout.milliseconds))
        try set(
            CURLOPT_CONNECTTIMEOUT_MS,
            max(1, min(settings.connectTimeout, request.timeout).milliseconds))
        try prepareMethod(request)
        try prepareProxy(settings, scheme: transfer.origin.scheme)
        try prepareTrust(request.trust, settings, pin: pin)
        if request.asksForCertificate { try askForCertificate() }
    }

    private func prepareMethod(_ request: HTTPRequest) throws(CurlFailure) {
        // An empty value keeps libcurl from sending `Expect: 100-continue` and waiting for it.
        var lines = ["Expect:"]
        for header in request.headers {
            lines.append(
                header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        try setHeaders(lines)
        switch (request.method, request.body) {
        case (.head, _):
            try set(CURLOPT_NOBODY, 1)
        case (.get, .none), (.delete, .none):
            try set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        default:
            try set(CURLOPT_UPLOAD, 1)
            try set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
            try setBodyLength(request.body.length)
            if request.body.length > 1 << 20 { try set(CURLOPT_UPLOAD_BUFFERSIZE, 512 << 10) }
        }
    }

    /// Both options are always set, so that libcurl does not read the process's environment.
    private func prepareProxy(
        _ settings: NetworkSettings, scheme: String
    ) throws(CurlFailure) {
        try set(CURLOPT_PROXY, settings.proxy(for: scheme) ?? "")
        try set(CURLOPT_NOPROXY, settings.withoutProxy)
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if let file = settings.authoritiesFile { try set(CURLOPT_PROXY_CAINFO, file) }
    }

    /// libcurl shares a connection only between transfers with equal values of the options set
    /// here, the name of the file of authorities included.
    private func prepareTrust(
        _ trust: TLSTrust, _ settings: NetworkSettings, pin: PinnedCertificate?
    ) throws(CurlFailure) {
        try set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        switch trust {
        case .system:
            if let file = settings.authoritiesFile {
                try set(CURLOPT_CAINFO, file)
                try set(CURLOPT_CAPATH, nil as String?)
            }
            if let directory = settings.authoritiesDirectory {
                try set(CURLOPT_CAPATH, directory)
            }
        case .authorities(let path):
            try set(CURLOPT_CAINFO, path)
            try set(CURLOPT_CAPATH, nil as String?)
        case .anything:
            try set(CURLOPT_SSL_VERIFYPEER, 0)
            try set(CURLOPT_SSL_VERIFYHOST, 0)
        case .fingerprint:
            try set(CURLOPT_SSL_VERIFYPEER, 0)
            try set(CURLOPT_SSL_VERIFYHOST, 0)
            try pin.map { pin throws(CurlFailure) in try prepare(pin) }
        }
    }

    /// The file of authorities is not read here: its name sets this certificate's connections
    /// apart from all others.
    private func prepare(_ pin: PinnedCertificate) throws(CurlFailure) {
        try set(CURLOPT_CAINFO, "fingerprint:\(pin.fingerprint)")
        try set(CURLOPT_SSL_SESSIONID_CACHE, 0)
        try set(CURLOPT_SSL_CTX_DATA, Unmanaged.passUnretained(pin).toOpaque())
        try check(
            launch_curl_easy_setopt_ssl_context(raw) { _, context, pin in
                PinnedCertificate.install(in: context, pin)
            })
    }
}
