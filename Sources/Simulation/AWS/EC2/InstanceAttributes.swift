import OrderedCollections
import Foundation

extension SimulatedEC2 {
    static let instanceAttributeActions: [String: Action] = [
        "ModifyInstanceAttribute": { try $0.modifyAttribute($1) },
        "DescribeInstanceAttribute": { try $0.describeAttribute($1) },
        "ModifyInstanceMetadataOptions": { try $0.modifyMetadataOptions($1) },
    ]

    /// One change of one attribute, and whether the instance must be stopped for it.
    private struct AttributeChange {
        var needsStop = false
        let apply: (inout EC2Instance) -> Void
    }

    private func modifyAttribute(_ parameters: QueryParameters) throws -> [XML] {
        let instance = try instance(try parameters.required("InstanceId"))
        let changes = try attributeChanges(parameters, of: instance)
        try ready(parameters)
        guard changes.count == 1, let change = changes.first else {
            throw AWSError.combination(
                changes.isEmpty
                    ? "No attributes specified."
                    : "Fields for multiple attribute types specified")
        }
        guard !change.needsStop || instance.state == .stopped else {
            throw AWSError(
                "IncorrectInstanceState",
                "The instance '\(instance.id)' is not in the 'stopped' state.")
        }
        guard ![.shuttingDown, .terminated].contains(instance.state) else {
            throw Self.incorrectState(instance, for: "modified")
        }
        if var changed = instances[instance.id] {
            change.apply(&changed)
            instances[instance.id] = changed
        }
        return done
    }

    private func attributeChanges(
        _ parameters: QueryParameters, of instance: EC2Instance
    ) throws -> [AttributeChange] {
        func value(_ name: String) -> QueryParameters? { parameters.structure(name) }
        var changes: [AttributeChange] = []
        if let name = value("InstanceType")?.string("Value") {
            try EC2InstanceType(name).check(for: instance.image)
            changes.append(AttributeChange(needsStop: true) { $0.type = name })
        }
        if let text = value("UserData")?.string("Value") {
            let data = try RunInstancesRequest.userData(text)
            changes.append(AttributeChange(needsStop: true) { $0.userData = data })
        }
        if let flag = try value("EbsOptimized")?.boolean("Value") {
            changes.append(AttributeChange(needsStop: true) { $0.isEBSOptimized = flag })
        }
        if let flag = try value("DisableApiTermination")?.boolean("Value") {
            changes.append(AttributeChange { $0.isProtected = flag })
        }
        if let flag = try value("SourceDestCheck")?.boolean("Value") {
            changes.append(AttributeChange { $0.checksSource = flag })
        }
        if let wish = try value("InstanceInitiatedShutdownBehavior")?
            .choice("Value", of: ["stop", "terminate"])
        {
            changes.append(AttributeChange { $0.shutdownBehavior = wish })
        }
        let groups = parameters.list("GroupId")
        if !groups.isEmpty {
            for id in groups { _ = try group(id) }
            changes.append(AttributeChange { $0.groups = groups })
        }
        return changes
    }

    private func modifyMetadataOptions(_ parameters: QueryParameters) throws -> [XML] {
        var instance = try instance(try parameters.required("InstanceId"))
        try instance.metadata.apply(parameters)
        try ready(parameters)
        guard ![.shuttingDown, .terminated].contains(instance.state) else {
            throw Self.incorrectState(instance, for: "modified")
        }
        instances[instance.id] = instance
        return [
            XML("instanceId", instance.id),
            XML("instanceMetadataOptions") { metadataXML(instance) },
        ]
    }

    private func describeAttribute(_ parameters: QueryParameters) throws -> [XML] {
        let instance = try instance(try parameters.required("InstanceId"))
        let attribute = try parameters.required("Attribute")
        try ready(parameters)
        return [XML("instanceId", instance.id), try attributeXML(attribute, of: instance)]
    }

    private func attributeXML(_ attribute: String, of instance: EC2Instance) throws -> XML {
        func value(_ value: some CustomStringConvertible) -> XML {
            XML(attribute) { XML("value", value) }
        }
        switch attribute {
        case "disableApiTermination": return value(instance.isProtected)
        case "ebsOptimized": return value(instance.isEBSOptimized)
        case "instanceInitiatedShutdownBehavior": return value(instance.shutdownBehavior)
        case "instanceType": return value(instance.type)
        case "rootDeviceName": return value(instance.image.rootDevice)
        case "sourceDestCheck": return value(instance.checksSource)
        case "groupSet":
            return XML("groupSet", items: instance.groups) { groupReferenceXML($0) }
        case "userData":
            guard !instance.userData.isEmpty else { return XML("userData") {} }
            return value(Data(instance.userData).base64EncodedString())
        default:
            throw AWSError.invalid(attribute, for: "attribute", "Unknown attribute.")
        }
    }
}
