import HTTP
import Resources

import Foundation

/// The Systems Manager's parameter store, with the public parameters that name images.
struct SimulatedSSM {
    let region: String

    static func document(_ members: [String: Value]) -> [UInt8] {
        (try? JSONEncoder().encode(Value.object(members))).map(Array.init) ?? []
    }

    /// - Throws: `AWSError`
    func answer(_ request: SimulatedRequest, at time: Double) throws -> HTTPResponse {
        guard request.header("content-type") == "application/x-amz-json-1.1",
            request.header("x-amz-target") == "AmazonSSM.GetParameter"
        else { throw AWSError("UnknownOperationException", "") }
        guard
            let members = try? JSONDecoder().decode(
                [String: Value].self, from: Data(request.body))
        else { throw AWSError("SerializationException", "The body is not a JSON object") }
        if let unknown = members.keys.sorted().first(where: {
            !["Name", "WithDecryption"].contains($0)
        }) {
            throw AWSError("ValidationException", "Unknown member \(unknown)")
        }
        guard let name = members["Name"]?.string, !name.isEmpty else {
            throw AWSError("ValidationException", "Name must not be empty")
        }
        guard let image = MachineImageCatalogue.image(named: name) else {
            throw AWSError("ParameterNotFound", "")
        }
        let parameter: [String: Value] = [
            "Name": .string(name), "Type": "String", "Value": .string(image.id), "Version": 1,
            "LastModifiedDate": .number(time.rounded(.down)), "DataType": "aws:ec2:image",
            "ARN": .string("arn:aws:ssm:\(region)::parameter\(name)"),
        ]
        return HTTPResponse(
            status: 200, headers: [HTTPHeader("Content-Type", "application/x-amz-json-1.1")],
            body: Self.document(["Parameter": .object(parameter)]))
    }
}
