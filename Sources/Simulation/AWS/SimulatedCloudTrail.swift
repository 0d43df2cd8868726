import Foundation
import HTTP
import Resources

/// What was changed in EC2, as CloudTrail tells it.
///
/// <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>
package final class SimulatedCloudTrail {
    /// Who works in the console.
    static let somebody = "alice"
    /// Delivery takes about five minutes, see
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html>.
    static let delay = 300.0

    private struct Entry {
        let name: String
        let user: String
        let agent: String
        /// In which the objects are named; they are looked for when somebody asks.
        let words: String
        let time: Date

        var resources: Set<String> {
            let found = words.matches(of: /\b(?:i|sg|vol|eipalloc)-[0-9a-f]{8,17}\b/)
            return Set(found.map { String($0.output) })
        }
    }

    private unowned let core: WorldCore
    /// From the oldest to the newest.
    private var entries: [Entry] = []
    /// True when the credentials may not look events up.
    package var isDenied = false
    /// Events on a page.
    package var pageSize = 50

    init(_ core: WorldCore) { self.core = core }

    /// Notes what a person did to these objects in the console.
    package func note(_ name: String, _ resources: Set<String>, by user: String) {
        note(name, resources.joined(separator: " "), user, agent: "Mozilla/5.0")
    }

    /// Notes a change that was made through the API, with the objects that it speaks of.
    func note(_ name: String, _ request: SimulatedRequest, _ response: HTTPResponse) {
        guard !name.hasPrefix("Describe"), !name.hasPrefix("Get") else { return }
        let text = String(decoding: request.body + response.body, as: UTF8.self)
        note(name, text, "launch", agent: request.header("User-Agent") ?? "launch")
    }

    private func note(_ name: String, _ words: String, _ user: String, agent: String) {
        entries.append(
            Entry(name: name, user: user, agent: agent, words: words, time: core.now))
    }

    /// - Throws: `AWSError`
    func answer(_ call: AWSJSONCall) throws -> HTTPResponse {
        guard call.operation == "LookupEvents" else {
            throw AWSError("UnknownOperationException", "")
        }
        guard !isDenied else {
            throw AWSError(
                "AccessDeniedException", AWSError.denial(of: "cloudtrail:LookupEvents", on: "*"))
        }
        let attributes = try call.members.structures("LookupAttributes")
        let names = try attributes.map { attribute in
            _ = try attribute.choice("AttributeKey", of: ["ResourceName"])
            return try attribute.required("AttributeValue")
        }
        guard names.count == 1 else {
            throw AWSError("InvalidLookupAttributesException", "Specify exactly one attribute")
        }
        let start = try call.members.number("StartTime") ?? 0
        let skipped = try call.members.string("NextToken").flatMap { Int($0) } ?? 0
        try call.members.rejectUnread()
        let found = entries.reversed().filter {
            $0.words.contains(names[0]) && $0.time.timeIntervalSince1970 >= start
                && $0.time.addingTimeInterval(Self.delay) <= core.now
                && $0.resources.contains(names[0])
        }
        let page = found.dropFirst(skipped).prefix(pageSize)
        let next = skipped + page.count
        var members: [String: Value] = ["Events": .list(page.map(event))]
        if next < found.count { members["NextToken"] = .string(String(next)) }
        return AWSService.cloudtrail.json(members)
    }

    private func event(_ entry: Entry) -> Value {
        let record: Value = [
            "eventName": .string(entry.name), "userAgent": .string(entry.agent),
            "userIdentity": ["userName": .string(entry.user)],
        ]
        return [
            "EventName": .string(entry.name), "EventSource": "ec2.amazonaws.com",
            "Username": .string(entry.user), "ReadOnly": "false",
            "EventTime": .number(entry.time.timeIntervalSince1970.rounded(.down)),
            "CloudTrailEvent": .string(record.jsonText()),
            "Resources": .list(
                entry.resources.sorted().map { ["ResourceName": .string($0)] }),
        ]
    }
}
