import HTTP
import Resources

import Foundation

/// The Security Token Service: who am I, and why may I not.
struct SimulatedSTS {
    static let namespace = "https://sts.amazonaws.com/doc/2011-06-15/"

    let account: String

    /// - Throws: `AWSError`
    func answer(_ parameters: QueryParameters, requestID: String) throws -> HTTPResponse {
        let action = try parameters.required("Action")
        guard try parameters.required("Version") == "2011-06-15" else { throw Self.unknown(action) }
        let result: XML
        switch action {
        case "GetCallerIdentity":
            result = XML("GetCallerIdentityResult") {
                XML("Arn", SimulatedAWS.user)
                XML("UserId", "AIDASIMULATEDWORLD0001")
                XML("Account", account)
            }
        case "DecodeAuthorizationMessage":
            let message = try Self.decoded(try parameters.required("EncodedMessage"))
            result = XML("DecodeAuthorizationMessageResult") { XML("DecodedMessage", message) }
        default: throw Self.unknown(action)
        }
        try parameters.rejectUnread()
        return xml(
            200,
            XML("\(action)Response", namespace: Self.namespace) {
                result
                XML("ResponseMetadata") { XML("RequestId", requestID) }
            })
    }

    private static func unknown(_ action: String) -> AWSError {
        AWSError("InvalidAction", "Could not find operation \(action)")
    }

    /// What a refusal says to who may decode it.
    static func encodedRefusal(of action: String) -> String {
        let document: Value = [
            "allowed": false, "explicitDeny": false,
            "context": [
                "principal": ["arn": .string(SimulatedAWS.user)], "action": .string(action),
                "resource": "*",
            ],
        ]
        return Data(document.jsonText().utf8).base64EncodedString()
    }

    private static func decoded(_ message: String) throws -> String {
        guard let data = Data(base64Encoded: message) else {
            throw AWSError("InvalidAuthorizationMessageException", "Message is not valid")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
