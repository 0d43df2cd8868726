import Planning
import Resources

/// Steps that may begin, and how many run, for each provider.
///
/// The provider with the fewest running steps goes first, so that a long queue for one does not
/// keep the others waiting. Taking a step costs the same however long the queues are.
struct ReadySteps {
    private var queues: [ProviderName: ArraySlice<Step>] = [:]
    private var running: [ProviderName: Int] = [:]

    private var closed: Set<String> = []

    private(set) var runningCount = 0

    mutating func add(_ steps: some Sequence<Step>) {
        for step in steps where !closed.contains(step.address.service) {
            queues[step.address.kind.provider, default: []].append(step)
        }
    }

    /// No further step of `service` begins.
    mutating func close(_ service: String) {
        closed.insert(service)
        queues = queues.mapValues { queue in
            ArraySlice(queue.filter { $0.address.service != service })
        }
    }

    /// The next step, counted as running; `nil` while none may begin.
    mutating func start(
        parallelism: Int, limit: (ProviderName) -> Int
    ) -> Step? {
        guard runningCount < parallelism else { return nil }
        let free = queues.filter { name, queue in
            !queue.isEmpty && running[name, default: 0] < limit(name)
        }.keys
        let next = free.min { left, right in
            (running[left, default: 0], left) < (running[right, default: 0], right)
        }
        guard let next, let step = queues[next]?.popFirst() else { return nil }
        running[next, default: 0] += 1
        runningCount += 1
        return step
    }

    mutating func end(_ step: Step) {
        running[step.address.kind.provider, default: 1] -= 1
        runningCount -= 1
    }
}
