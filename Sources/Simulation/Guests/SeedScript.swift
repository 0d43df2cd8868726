import Foundation

/// The texts that a seed brings, read as its first bytes ask to.
///
/// Understood are a script (`#!`) and cloud-config whose body is JSON, as Launch writes it; see
/// cloud-init's user-data formats.
struct SeedScript {
    /// The script, or the content of each file that is written.
    let texts: [String]
    /// True for cloud-config that has its files written at every boot until there is a runner.
    let isFollowedAgain: Bool

    init(_ seed: [UInt8]) {
        let text = String(decoding: seed, as: UTF8.self)
        let firstLine = text.prefix { !$0.isNewline }
        if firstLine.hasPrefix("#!") {
            (texts, isFollowedAgain) = ([text], false)
        } else if firstLine.trimmingCharacters(in: .whitespaces) == "#cloud-config" {
            let body = Data(text.utf8.dropFirst(firstLine.utf8.count))
            let config = try? JSONDecoder().decode(CloudConfig.self, from: body)
            texts = config?.writeFiles?.compactMap(\.content) ?? []
            isFollowedAgain = (config?.bootcmd ?? []).joined().contains {
                $0.contains("rm -f /var/lib/cloud/instance/sem/config_write_files")
            }
        } else {
            (texts, isFollowedAgain) = ([], false)
        }
    }

    /// True for one that registers a runner for one job at a time.
    var isEphemeral: Bool { texts.contains { $0.contains(" --ephemeral ") } }

    /// What the bootstrap script goes through, in order: its lines `stage NAME`.
    var stages: [String] {
        texts.flatMap { $0.utf8.split(separator: UInt8(ascii: "\n")) }.compactMap { line in
            let words = line.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
            return words.count == 2 && words[0] == "stage" ? words[1] : nil
        }
    }

    private struct CloudConfig: Decodable {
        struct File: Decodable { let content: String? }

        let writeFiles: [File]?
        let bootcmd: [[String]]?

        private enum CodingKeys: String, CodingKey {
            case writeFiles = "write_files"
            case bootcmd
        }
    }
}
