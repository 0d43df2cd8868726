import Foundation
import Planning
import Resources

extension Succession {
    /// "web moves to web/aws.instance; what it has on proxmox is kept until that serves."
    var sentence: String {
        let fate =
            switch phase {
            case .arriving: "what it has on \(provider) is kept until that serves"
            case .resting(let end):
                "the old machine rests until \(end.formatted(.iso8601)), and goes then"
            case .over: "what it had on \(provider) goes"
            }
        return "\(service) moves to \(machine); \(fate)."
    }

    /// As `schemas/plan.schema.json` describes it.
    var document: Value {
        let (name, end): (String, Date?) =
            switch phase {
            case .arriving: ("arriving", nil)
            case .resting(let end): ("resting", end)
            case .over: ("over", nil)
            }
        return [
            "service": .string(service), "machine": .string(machine.description),
            "phase": .string(name), "until": end.map { .string($0.timestamp) } ?? .null,
        ]
    }
}
