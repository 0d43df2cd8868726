import Foundation
import Resources

/// Who did what in the region within the last 90 days, some minutes late.
///
/// <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>
struct CloudTrail: Sendable {
    let api: AWSAPI
    /// It answers twice a second, and of one object at a time.
    private(set) var lookupsLeft = 20

    init(api: AWSAPI) { self.api = api }

    /// The latest event that changed the object and was not Launch's; `nil` when there is none,
    /// or no lookup left to find it by.
    mutating func lastChange(of object: ChangedObject) async throws -> Attribution? {
        var input: [String: Value] = [
            "LookupAttributes": [
                ["AttributeKey": "ResourceName", "AttributeValue": .string(object.id)]
            ]
        ]
        input["StartTime"] = object.since.map { .integer(Int($0.timeIntervalSince1970)) }
        repeat {
            guard lookupsLeft > 0 else { return nil }
            lookupsLeft -= 1
            let page = try await api.json("LookupEvents", of: .cloudtrail, .object(input))
            // They come with the latest first.
            let events = (page["Events"]?.list ?? []).lazy.map(TrailEvent.init)
            if let event = events.first(where: \.isForeignChange) { return event.attribution }
            input["NextToken"] = page["NextToken"].flatMap { ($0.string ?? "").isEmpty ? nil : $0 }
        } while input["NextToken"] != nil
        return nil
    }
}

/// One call that somebody made.
private struct TrailEvent {
    private let event: Value
    /// The event's own record; `.null` where it is not to be read.
    private let record: Value

    init(_ event: Value) {
        self.event = event
        record = event["CloudTrailEvent"]?.string.flatMap { Value(json: Array($0.utf8)) } ?? .null
    }

    /// Neither a look, nor a call that was refused, nor one of Launch's own.
    var isForeignChange: Bool {
        event["ReadOnly"]?.string != "true" && record["errorCode"]?.string == nil
            && record["userAgent"]?.string?.trimmingCharacters(in: ["[", "]"]) != "launch"
    }

    /// `nil` where it does not say who or when.
    var attribution: Attribution? {
        guard let user = event["Username"]?.string, let time else { return nil }
        return Attribution(by: user, at: time)
    }

    /// In seconds since 1970.
    private var time: Date? {
        switch event["EventTime"] {
        case .integer(let seconds): Date(timeIntervalSince1970: Double(seconds))
        case .number(let seconds): Date(timeIntervalSince1970: seconds)
        default: nil
        }
    }
}
