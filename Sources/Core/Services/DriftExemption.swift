package import Foundation
package import Resources

/// `drift.ignore`: drift that nobody is to be told of for a while.
package struct DriftExemption: Hashable, Sendable {
    package let address: Address
    /// The fields that it is about; none is the whole object.
    package let fields: [String]
    /// The last day, as it is written: `2027-01-31`.
    package let day: String
    /// The end of that day in UTC.
    package let end: Date
    package let reason: String?

    /// `nil` when `day` is none of the calendar.
    package init?(
        _ address: Address, fields: [String] = [], until day: String, reason: String? = nil
    ) {
        guard let start = Date(timestamp: "\(day)T00:00:00.000Z") else { return nil }
        self.address = address
        self.fields = fields
        self.day = day
        end = start.addingTimeInterval(86_400)
        self.reason = reason
    }
}
