import ArgumentParser
import HTTP
import Reconciling
import Assembly
import Resources
import ServiceFiles
import Terraform

/// What a person reads when a command fails, and the exit code that goes with it.
struct Explanation {
    /// Without the word that stands before it on stderr.
    let message: String
    let remedy: String?
    let exitCode: ExitCode
    private let isDiagnostic: Bool

    init(_ error: any Error) {
        switch error {
        case let error as InvalidRepository:
            self.init(error.description)
        case let error as ProviderError:
            self.init(error.description, remedy: error.remedy)
        case let error as StateError:
            self.init(error.description, remedy: error.remedy, exitCode: error.exitCode)
        case let error as ReconcilingError:
            self.init(error.description, remedy: error.remedy, exitCode: error.exitCode)
        case let error as AcceptanceRefused:
            self.init(error.description, remedy: error.remedy)
        case let error as AdoptionRefused:
            self.init(error.description, remedy: error.remedy)
        case let error as InvalidTerraformState:
            self.init(error.description, remedy: error.remedy)
        case let error as AcceptanceUnrecorded:
            self.init(error.description, remedy: error.remedy)
        case let error as UneditableSpec:
            self.init(error.description, remedy: error.remedy)
        case let error as PriceFileProblem:
            self.init(error.description, remedy: error.remedy)
        case let error as CommandFailure:
            self.init(error.message, remedy: error.remedy, exitCode: error.exitCode)
        case is CancellationError:
            self.init("interrupted", exitCode: .interrupted)
        default:
            self.init(
                Launch.exitCode(for: error) == .validationFailure
                    ? Launch.fullMessage(for: error) : "Error: \(error)", isComplete: true)
        }
    }

    private init(
        _ message: String, remedy: String? = nil, exitCode: ExitCode = .failure,
        isComplete: Bool = false
    ) {
        isDiagnostic = isComplete || message.contains(": error: ")
        self.message = message
        self.remedy = remedy
        self.exitCode = exitCode
    }

    var text: String {
        (isDiagnostic ? message : "Error: \(message)") + (remedy.map { "\n→ \($0)" } ?? "")
    }
}

/// A command's own reason to fail.
struct CommandFailure: Error {
    let message: String
    let remedy: String?
    let exitCode: ExitCode

    init(_ message: String, remedy: String? = nil, exitCode: ExitCode = .failure) {
        self.message = message
        self.remedy = remedy
        self.exitCode = exitCode
    }
}

extension ExitCode {
    /// `--detailed-exitcode`: changes are pending, or drift was found.
    static let changesPending = ExitCode(2)
    /// Another run holds the lock.
    static let locked = ExitCode(3)
    /// A limit or `protect` refused.
    static let refused = ExitCode(4)
    static let interrupted = ExitCode(130)
}

extension StateError {
    fileprivate var exitCode: ExitCode {
        if case .locked = self { .locked } else { .failure }
    }
}

extension ReconcilingError {
    fileprivate var exitCode: ExitCode {
        if case .refused = self { .refused } else { .failure }
    }
}
