import Planning
import Resources

/// What goes with a service, in lines for people.
struct LossWords {
    let loss: ServiceLoss

    /// A block below the service's changes.
    var paragraphs: [Paragraph] {
        [Paragraph(lead, after: "  ", hanging: 4)]
            + lines.map { Paragraph($0, after: "      · ") }
    }

    /// A list for each service.
    static func markdown(_ losses: [ServiceLoss]) -> [String] {
        losses.map { loss in
            let words = LossWords(loss: loss)
            return "**\(loss.service.markdown)**: \(words.lead.markdown)\n\n"
                + words.lines.map { "- \($0.markdown)" }.joined(separator: "\n")
        }
    }

    private var lead: String {
        let age =
            loss.since.map { "it has been there since \($0.timestamp.prefix(10)), and " } ?? ""
        return age + "with it goes:"
    }

    private var lines: [String] {
        loss.hostnames.map { "https://\($0) stops answering" }
            + loss.disks.map { "\(sized("the disk of", $0)), with what is on it" }
            + loss.data.map { "\(sized("the data on", $0)), for good" }
            + listed("the runner", loss.runners) + listed("the GitHub secret", loss.secrets)
            + loss.keptData.map {
                "\(sized("not the data on", $0)): `launch destroy \(loss.service) --with-data` "
                    + "deletes it"
            }
    }

    /// "the disk of aws.instance i-0abc, 20 GiB".
    private func sized(_ words: String, _ disk: Disk) -> String {
        "\(words) \(disk.address.withinService) \(disk.id)"
            + (disk.gibibytes.map { ", \($0) GiB" } ?? "")
    }

    private func listed(_ words: String, _ names: [String]) -> [String] {
        guard !names.isEmpty else { return [] }
        return [words + (names.count == 1 ? " " : "s ") + names.joined(separator: ", ")]
    }
}

extension ServiceLoss {
    var document: Value {
        [
            "service": .string(service), "since": since.map { .string($0.timestamp) } ?? .null,
            "urls": .list(hostnames.map { .string("https://\($0)") }),
            "disks": .list(disks.map(\.document)), "data": .list(data.map(\.document)),
            "kept_data": .list(keptData.map(\.document)),
            "runners": .list(runners.map(Value.string)),
            "secrets": .list(secrets.map(Value.string)),
        ]
    }
}

extension Disk {
    fileprivate var document: Value {
        [
            "address": .string(address.description), "id": .string(id),
            "gibibytes": gibibytes.map(Value.integer) ?? .null,
        ]
    }
}
