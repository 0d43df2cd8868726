import HTTP
import Resources

/// A public IPv4 address that stays when the machine behind it stops or is replaced.
struct ElasticIP: ResourceHandler {
    static let kind = ResourceKind(
        KindName(.aws, "elastic_ip"), title: "Elastic IP address",
        survivesRename: true,
        fields: [
            Field("id", .string, [.computed]),
            Field("public_ipv4", .string, [.computed]),
            Field("name", .string),
            Field("environment", .string),
        ])

    let ec2: EC2
    let creation = "AllocateAddress"

    static func observed(_ address: AddressDocument) -> ObservedResource? {
        let tags = Tags(address.tagSet)
        return tags.address(of: kind.name).map { owner in
            ObservedResource(
                owner, id: address.allocationId,
                attributes: [
                    "id": .string(address.allocationId),
                    "public_ipv4": .string(address.publicIp),
                    "name": tags[Tag.name],
                    "environment": tags[Tag.environment],
                ])
        }
    }

    func create(_ desired: Resource, key: IdempotencyKey) async throws -> ObservedResource {
        let parameters = try await parameters(toCreate: desired, key: key)
        return try await ec2.makingOnce(
            find: {
                try await ec2.addresses(Filter("tag:\(Tag.key)", key.text)).first
                    .flatMap(Self.observed)
            },
            make: {
                let made: AllocatedAddressDocument = try await ec2.call(
                    creation, parameters, isRepeatable: false)
                return ObservedResource(
                    desired.address, id: made.allocationId,
                    attributes: [
                        "id": .string(made.allocationId), "public_ipv4": .string(made.publicIp),
                        "name": desired["name"] ?? .null,
                        "environment": desired["environment"] ?? .null,
                    ])
            })
    }

    func parameters(
        toCreate desired: Resource, key: IdempotencyKey
    ) async throws -> [String: Value] {
        [
            "Domain": "vpc",
            "TagSpecification": ec2.tagSpecification("elastic-ip", for: desired, key: key),
        ]
    }

    func update(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> ObservedResource {
        try await ec2.retag(observed, to: desired)
        return try await ec2.waiting(
            for: "\(observed.id) to be listed", of: desired.address, atMost: .seconds(120)
        ) {
            try await ec2.addresses(Filter("allocation-id", observed.id)).first
                .flatMap(Self.observed)
        }
    }

    func delete(_ observed: ObservedResource) async throws {
        guard let address = try await ec2.addresses(Filter("allocation-id", observed.id)).first
        else { return }
        try await ec2.disassociate(address)
        do {
            try await ec2.insisting(
                on: "ReleaseAddress", ["AllocationId": .string(observed.id)],
                of: observed.address, despite: ["InvalidIPAddress.InUse"])
        } catch let error as AWSError where error.code == "InvalidAllocationID.NotFound" {}
    }
}

extension EC2 {
    /// DescribeAddresses has no pages.
    func addresses(_ filters: Filter...) async throws -> [AddressDocument] {
        try await addresses(filters)
    }

    func addresses(_ filters: [Filter]) async throws -> [AddressDocument] {
        let found: DescribeAddressesDocument = try await call(
            "DescribeAddresses", ["Filter": .list(filters.map(\.value))])
        return found.addressesSet?.items ?? []
    }

    /// Has traffic to the address reach the machine; whoever had it before loses it.
    func associate(_ allocation: String, with instance: String, for address: Address) async throws {
        let present = try await addresses(Filter("allocation-id", allocation)).first
        if present?.instanceId == instance { return }
        try await insisting(
            on: "AssociateAddress",
            [
                "AllocationId": .string(allocation), "InstanceId": .string(instance),
                "AllowReassociation": true,
            ], of: address,
            despite: [
                "InvalidAllocationID.NotFound", "InvalidInstanceID.NotFound",
                "IncorrectInstanceState", "IncorrectState",
            ])
    }

    func disassociate(_ address: AddressDocument) async throws {
        guard let association = address.associationId, !association.isEmpty else { return }
        do {
            try await perform("DisassociateAddress", ["AssociationId": .string(association)])
        } catch let error as AWSError where error.code == "InvalidAssociationID.NotFound" {}
    }

    /// Makes one object by a call that would make another when it is repeated: looks first, and
    /// again after an answer that was lost or that may hide an effect.
    func makingOnce<Found>(
        find: () async throws -> Found?, make: () async throws -> Found
    ) async throws -> Found {
        var failure: (any Error)?
        for _ in 1...4 {
            if failure != nil { try await time.sleep(for: .seconds(5)) }
            if let found = try await find() { return found }
            do {
                return try await make()
            } catch let error as AWSError where error.reason == .unavailable {
                failure = error
            } catch let error as HTTPError where !error.isCertainlyWithoutEffect {
                failure = error
            }
        }
        throw failure ?? CancellationError()
    }
}
