import Foundation
import Resources

extension AWSProvider {
    /// The end of what an instance wrote to its serial console, up to 64 KiB; empty while EC2 has
    /// none.
    ///
    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html>
    /// - Throws: `ProviderError`
    package func consoleOutput(of instance: String) async throws -> String {
        try await inWords("read the console of \(instance)", on: nil) {
            do {
                return try await console(of: instance, latest: true)
            } catch let error as AWSError where error.code == "UnsupportedOperation" {
                // Types without the Nitro hypervisor tell only of their last boot.
                return try await console(of: instance, latest: false)
            }
        }
    }

    private func console(of instance: String, latest: Bool) async throws -> String {
        let answer: ConsoleOutput = try await ec2.call(
            "GetConsoleOutput",
            ["InstanceId": .string(instance), "Latest": .boolean(latest)])
        let bytes = answer.output.flatMap {
            Data(base64Encoded: $0, options: .ignoreUnknownCharacters)
        }
        return String(decoding: bytes ?? Data(), as: UTF8.self)
    }
}

/// The answer to GetConsoleOutput.
private struct ConsoleOutput: Decodable {
    let output: String?
}
