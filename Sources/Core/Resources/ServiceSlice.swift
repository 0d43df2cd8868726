/// The part of the state that one service's lease protects: what a single write may change.
package struct ServiceSlice: Hashable, Sendable {
    package let service: String
    package var state: ServiceState
    package var intents: [Intent]

    package init(
        service: String, state: ServiceState = ServiceState(), intents: [Intent] = []
    ) {
        self.service = service
        self.state = state
        self.intents = intents
    }

    /// Opens an intent; announcing it again changes nothing.
    package mutating func intend(_ intent: Intent) {
        guard !intents.contains(where: { $0.id == intent.id }) else { return }
        intents.append(intent)
    }

    package mutating func settle(_ intent: Intent, as outcome: Outcome) {
        intents.removeAll { $0.id == intent.id }
        record(outcome, at: intent.address)
    }

    package mutating func record(_ outcome: Outcome, at address: Address) {
        switch outcome {
        case .created(let resource):
            state.generations[address.description, default: 0] += 1
            state.keep(resource)
        case .recorded(let resource): state.keep(resource)
        case .forgotten: state.resources.removeAll { $0.address == address }
        case .unchanged: break
        }
    }

    /// Changes what is known besides the resources and their generations, which stay.
    package mutating func describe(_ change: (inout ServiceState) -> Void) {
        var described = state
        change(&described)
        described.resources = state.resources
        described.generations = state.generations
        state = described
    }
}

extension ServiceState {
    /// Records an object, in order of addresses.
    fileprivate mutating func keep(_ resource: RecordedResource) {
        if let index = resources.firstIndex(where: { $0.address == resource.address }) {
            resources[index] = resource
        } else {
            let place = resources.firstIndex { resource.address < $0.address }
            resources.insert(resource, at: place ?? resources.endIndex)
        }
    }
}

extension StateDocument {
    package func slice(of service: String) -> ServiceSlice {
        ServiceSlice(
            service: service, state: services[service] ?? ServiceState(),
            intents: intents.filter { $0.address.service == service })
    }

    /// Puts a changed slice back. A service of which nothing is known is not in the document.
    package mutating func replace(_ slice: ServiceSlice) {
        services[slice.service] = slice.state == ServiceState() ? nil : slice.state
        intents.removeAll { $0.address.service == slice.service && !slice.intents.contains($0) }
        intents += slice.intents.filter { !intents.contains($0) }
    }
}
