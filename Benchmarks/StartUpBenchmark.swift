import Foundation

/// How long `launch --version` takes, from outside: the median of several runs.
struct StartUpBenchmark {
    private static let runs = 15

    /// `nil` when there is no `launch` beside this program.
    func row() -> Row? {
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("launch")
        var times: [Double] = []
        for _ in 0...Self.runs {
            let process = Process()
            process.executableURL = program
            process.arguments = ["--version"]
            process.standardOutput = FileHandle.nullDevice
            let start = ContinuousClock.now
            guard (try? process.run()) != nil else { return nil }
            process.waitUntilExit()
            times.append((ContinuousClock.now - start) / .milliseconds(1))
        }
        let counted = times.dropFirst().sorted()
        return Row(
            name: "launch --version", milliseconds: counted[counted.count / 2])
    }
}
