import OrderedCollections

extension SimulatedEC2 {
    static let instanceActions: [String: Action] = [
        "RunInstances": { try $0.runInstances($1) },
        "DescribeInstances": { try $0.describeInstances($1) },
        "StartInstances": { try $0.startInstances($1) },
        "StopInstances": { try $0.stopInstances($1) },
        "RebootInstances": { try $0.rebootInstances($1) },
        "TerminateInstances": { try $0.terminateInstances($1) },
    ]

    private func describeInstances(_ parameters: QueryParameters) throws -> [XML] {
        let (found, next) = try describe(
            parameters, "InstanceId", among: instances, instanceFilters
        ) { try instance($0) }
        let reservations = OrderedDictionary(grouping: found, by: \.reservation)
        return [
            XML("reservationSet", items: reservations) { reservation, instances in
                reservationXML(reservation, instances)
            }
        ] + next
    }

    /// The page of `all` that a Describe action answers with: those of the ids under `name`, or
    /// all that are visible, as far as the filters let them through.
    func describe<Element>(
        _ parameters: QueryParameters, _ name: String,
        among all: OrderedDictionary<String, Element>, _ filters: EC2FilterTable<Element>,
        _ find: (String) throws -> Element
    ) throws -> (page: [Element], next: [XML]) {
        let ids = parameters.list(name)
        let wanted = try parameters.filters()
        let page = try EC2Page(parameters, ids: ids, cap: core.configuration.pageSize)
        try ready(parameters)
        let asked =
            try ids.isEmpty
            ? all.values.filter { isVisible(filters.id($0)) } : ids.map(find)
        return page.cut(try filters.select(asked, by: wanted, tags: tags))
    }

    private var instanceFilters: EC2FilterTable<EC2Instance> {
        EC2FilterTable(
            id: \.id,
            fields: [
                "instance-id": { [$0.id] }, "instance-state-name": { [$0.state.rawValue] },
                "instance-state-code": { [String($0.state.code)] },
                "instance-type": { [$0.type] }, "client-token": { [$0.clientToken] },
                "image-id": { [$0.image.id] }, "subnet-id": { [$0.subnet.id] },
                "vpc-id": { [$0.vpc] }, "availability-zone": { [$0.subnet.zone] },
                "instance.group-id": { $0.groups }, "group-id": { $0.groups },
                "network-interface.group-id": { $0.groups },
                "private-ip-address": { [$0.privateAddress] },
                "ip-address": { [$0.publicAddress].compactMap(\.self) },
                "reservation-id": { [$0.reservation] },
                "key-name": { [$0.keyName].compactMap(\.self) },
                "instance-lifecycle": { $0.isSpot ? ["spot"] : [] },
                "block-device-mapping.volume-id": { [weak self] instance in
                    self?.attachedVolumes(of: instance.id).map(\.id) ?? []
                },
            ])
    }

    private func startInstances(_ parameters: QueryParameters) throws -> [XML] {
        let chosen = try readInstances(parameters)
        try ready(parameters)
        for instance in chosen {
            guard [.stopped, .pending, .running].contains(instance.state) else {
                throw Self.incorrectState(instance, for: "started")
            }
            if fault == .noCapacity, instance.state == .stopped {
                throw Self.noCapacity(instance.type, instance.subnet.zone)
            }
        }
        return changes(of: chosen) { if $0.state == .stopped { bringUp($0.id) } }
    }

    private func stopInstances(_ parameters: QueryParameters) throws -> [XML] {
        let chosen = try readInstances(parameters)
        _ = try parameters.boolean("Force")
        _ = try parameters.boolean("Hibernate")
        try ready(parameters)
        for instance in chosen {
            guard [.running, .stopping, .stopped].contains(instance.state) else {
                throw Self.incorrectState(instance, for: "stopped")
            }
            guard !instance.isSpot else {
                throw AWSError(
                    "UnsupportedOperation",
                    "You can't stop the Spot Instance '\(instance.id)' because it is associated "
                        + "with a one-time Spot Instance request.")
            }
        }
        return changes(of: chosen) { if $0.state == .running { shutDown($0.id) } }
    }

    /// An operating system that boots anew is not seen from outside.
    private func rebootInstances(_ parameters: QueryParameters) throws -> [XML] {
        let chosen = try readInstances(parameters)
        try ready(parameters)
        for instance in chosen where instance.state != .running {
            throw Self.incorrectState(instance, for: "rebooted")
        }
        return [XML("return", true)]
    }

    private func terminateInstances(_ parameters: QueryParameters) throws -> [XML] {
        let chosen = try readInstances(parameters)
        try ready(parameters)
        for instance in chosen where instance.isProtected && instance.state != .terminated {
            throw AWSError(
                "OperationNotPermitted",
                "The instance '\(instance.id)' may not be terminated. Modify its "
                    + "'disableApiTermination' instance attribute and try again.")
        }
        return changes(of: chosen) {
            if ![.terminated, .shuttingDown].contains($0.state) { end($0.id) }
        }
    }

    static func incorrectState(_ instance: EC2Instance, for wish: String) -> AWSError {
        AWSError(
            "IncorrectInstanceState",
            "The instance '\(instance.id)' is not in a state from which it can be \(wish): "
                + "it is '\(instance.state.rawValue)'.")
    }

    private func readInstances(_ parameters: QueryParameters) throws -> [EC2Instance] {
        let ids = parameters.list("InstanceId")
        guard !ids.isEmpty else { throw AWSError.missing("InstanceId") }
        return try ids.map { try instance($0) }
    }

    private func changes(
        of chosen: [EC2Instance], _ change: (EC2Instance) -> Void
    ) -> [XML] {
        for instance in chosen { change(instance) }
        return [
            XML("instancesSet", items: chosen) { former in
                XML("instanceId", former.id)
                XML("currentState") { stateXML(instances[former.id]?.state ?? .terminated) }
                XML("previousState") { stateXML(former.state) }
            }
        ]
    }
}
