import OrderedCollections

/// An Elastic IP address.
package struct EC2Address {
    let id: String
    package let address: String
    /// The association and the machine that it leads to.
    package internal(set) var association: (id: String, instance: String)?
}

extension SimulatedEC2 {
    static let addressActions: [String: Action] = [
        "AllocateAddress": { try $0.allocateAddress($1) },
        "DescribeAddresses": { try $0.describeAddresses($1) },
        "AssociateAddress": { try $0.associateAddress($1) },
        "DisassociateAddress": { try $0.disassociateAddress($1) },
        "ReleaseAddress": { try $0.releaseAddress($1) },
    ]

    func address(of instance: String) -> EC2Address? {
        addresses.values.first { $0.association?.instance == instance }
    }

    private func allocateAddress(_ parameters: QueryParameters) throws -> [XML] {
        _ = try parameters.choice("Domain", of: ["vpc"])
        let tags = try tagSpecifications(parameters, for: [.elasticIP])
        try ready(parameters)
        let made = EC2Address(id: newID("eipalloc"), address: newPublicAddress())
        addresses[made.id] = made
        self.tags[made.id] = tags[.elasticIP]
        return [
            XML("publicIp", made.address), XML("domain", "vpc"), XML("allocationId", made.id),
        ]
    }

    /// Without pages, as EC2 has it.
    private func describeAddresses(_ parameters: QueryParameters) throws -> [XML] {
        let ids = parameters.list("AllocationId")
        let filters = try parameters.filters()
        try ready(parameters)
        let table = EC2FilterTable<EC2Address>(
            id: \.id,
            fields: [
                "allocation-id": { [$0.id] }, "public-ip": { [$0.address] },
                "domain": { _ in ["vpc"] },
                "instance-id": { [$0.association?.instance].compactMap(\.self) },
                "association-id": { [$0.association?.id].compactMap(\.self) },
            ])
        let asked =
            try ids.isEmpty
            ? addresses.values.filter { isVisible($0.id) } : ids.map { try address($0) }
        let found = try table.select(asked, by: filters, tags: tags)
        return [
            XML("addressesSet", items: found) { address in
                XML("publicIp", address.address)
                XML("allocationId", address.id)
                XML("domain", "vpc")
                if let association = address.association {
                    XML("instanceId", association.instance)
                    XML("associationId", association.id)
                }
                tagSet(of: address.id)
            }
        ]
    }

    private func associateAddress(_ parameters: QueryParameters) throws -> [XML] {
        let address = try address(try parameters.required("AllocationId"))
        let instance = try instance(try parameters.required("InstanceId"))
        let mayMove = try parameters.boolean("AllowReassociation") ?? false
        try ready(parameters)
        guard [.running, .stopped].contains(instance.state) else {
            throw AWSError(
                "IncorrectInstanceState",
                "The pending-instance-creation instance to which an address is to be associated "
                    + "is not in a valid state.")
        }
        let isMoving = address.association.map { $0.instance != instance.id } ?? false
        guard !isMoving || mayMove else {
            throw AWSError(
                "Resource.AlreadyAssociated",
                "resource \(address.id) is already associated with another machine")
        }
        release(address: address.id)
        if let present = self.address(of: instance.id) { release(address: present.id) }
        let association = newID("eipassoc", visible: true)
        addresses[address.id]?.association = (association, instance.id)
        instances[instance.id]?.publicAddress = address.address
        return done + [XML("associationId", association)]
    }

    private func disassociateAddress(_ parameters: QueryParameters) throws -> [XML] {
        let id = try parameters.required("AssociationId")
        try ready(parameters)
        guard let address = addresses.values.first(where: { $0.association?.id == id }) else {
            throw AWSError.notFound("InvalidAssociationID", "association ID", id)
        }
        release(address: address.id)
        return done
    }

    private func releaseAddress(_ parameters: QueryParameters) throws -> [XML] {
        let address = try address(try parameters.required("AllocationId"))
        try ready(parameters)
        guard address.association == nil else {
            throw AWSError(
                "InvalidIPAddress.InUse", "Address \(address.address) is in use.")
        }
        addresses[address.id] = nil
        tags[address.id] = nil
        return done
    }

    /// Takes the address off its machine, which gets one of the pool again if it runs.
    func release(address id: String) {
        guard let instance = addresses[id]?.association?.instance else { return }
        addresses[id]?.association = nil
        let isRunning = instances[instance]?.state == .running
        instances[instance]?.publicAddress = isRunning ? newPublicAddress() : nil
    }

    /// - Throws: `InvalidAllocationID.NotFound`
    func address(_ id: String) throws -> EC2Address {
        guard let address = addresses[id], isVisible(id) else {
            throw AWSError.notFound("InvalidAllocationID", "allocation ID", id)
        }
        return address
    }
}
