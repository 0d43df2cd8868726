package import Foundation

/// How a timeline notes until when a service's certificate is valid.
package enum CertificateWords {
    private static let beginning = "valid until "

    package static func note(until expiry: Date) -> String {
        beginning + expiry.formatted(.iso8601)
    }

    /// - Returns: `nil` for any other note.
    package static func expiry(in note: String?) -> Date? {
        guard let note, note.hasPrefix(beginning) else { return nil }
        return try? Date(String(note.dropFirst(beginning.count)), strategy: .iso8601)
    }
}
