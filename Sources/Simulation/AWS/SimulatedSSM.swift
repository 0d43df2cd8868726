import HTTP
import Resources

/// The Systems Manager's parameter store, with the public parameters that name images.
struct SimulatedSSM {
    let region: String
    /// Names of images whose current one is the newer.
    let renewed: Set<String>

    /// - Throws: `AWSError`
    func answer(_ call: AWSJSONCall, at time: Double) throws -> HTTPResponse {
        guard call.operation == "GetParameter" else {
            throw AWSError("UnknownOperationException", "")
        }
        let name = try call.members.required("Name")
        _ = try call.members.boolean("WithDecryption")
        try call.members.rejectUnread()
        let newer = renewed.lazy.compactMap { MachineImageCatalogue.newer[$0] }.first {
            $0.parameters.contains(name)
        }
        guard let image = newer ?? MachineImageCatalogue.image(named: name) else {
            throw AWSError("ParameterNotFound", "")
        }
        let parameter: [String: Value] = [
            "Name": .string(name), "Type": "String", "Value": .string(image.id), "Version": 1,
            "LastModifiedDate": .number(time.rounded(.down)), "DataType": "aws:ec2:image",
            "ARN": .string("arn:aws:ssm:\(region)::parameter\(name)"),
        ]
        return AWSService.ssm.json(["Parameter": .object(parameter)])
    }
}
