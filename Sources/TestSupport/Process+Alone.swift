package import Foundation

private let spawning = NSLock()

extension Process {
    /// Starts the process while no other is being started here.
    ///
    /// Foundation learns of a process's end by a socket. One that is opened while another thread
    /// starts a process is inherited by that one, and the end is noticed only when both are over.
    package func runAlone() throws {
        spawning.lock()
        defer { spawning.unlock() }
        try run()
    }
}
