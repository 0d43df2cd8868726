import CCurl
import Foundation

extension EasyHandle {
    /// Has the next transfer make a connection of its own and keep what certificate it was shown:
    /// a kept connection, or a resumed session, shows none.
    func askForCertificate() throws(CurlFailure) {
        try set(CURLOPT_CERTINFO, 1)
        try set(CURLOPT_FRESH_CONNECT, 1)
        try set(CURLOPT_SSL_SESSIONID_CACHE, 0)
    }

    /// Until when the server's own certificate is valid.
    ///
    /// <https://curl.se/libcurl/c/CURLINFO_CERTINFO.html>
    var certificateExpiry: Date? {
        var certificates: UnsafeMutablePointer<curl_certinfo>?
        guard launch_curl_easy_getinfo_certificates(raw, &certificates) == CURLE_OK,
            let chain = certificates?.pointee, chain.num_of_certs > 0,
            let own = chain.certinfo?[0]
        else { return nil }
        return sequence(first: own, next: { $0.pointee.next }).lazy
            .compactMap { line in line.pointee.data.map { String(cString: $0) } }
            .compactMap { CertificateDate(line: $0)?.date }.first
    }
}

/// `Expire date:Jan  5 12:00:00 2027 GMT`, as OpenSSL prints times.
struct CertificateDate {
    let date: Date

    /// - Returns: `nil` for any other line.
    init?(line: String) {
        let name = "Expire date:"
        guard line.hasPrefix(name) else { return nil }
        let words = line.dropFirst(name.count).split(separator: " ")
        guard words.count == 5, words[4] == "GMT",
            let month = Self.months.firstIndex(of: String(words[0])), let day = Int(words[1]),
            let year = Int(words[3])
        else { return nil }
        let clock = words[2].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3 else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = DateComponents(
            year: year, month: month + 1, day: day, hour: clock[0], minute: clock[1],
            second: clock[2])
        guard let date = calendar.date(from: parts) else { return nil }
        self.date = date
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
