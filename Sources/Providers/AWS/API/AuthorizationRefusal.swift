import HTTP
import Resources

/// What IAM says of a request that it did not allow.
///
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html>
struct AuthorizationRefusal: CustomStringConvertible {
    /// `ec2:RunInstances`
    let action: String
    private let principal: String
    private let resource: String
    private let isExplicit: Bool

    /// - Parameter document: The JSON that the encoded message holds.
    init?(_ document: String) {
        guard let value = Value(json: Array(document.utf8)), let context = value["context"],
            let action = context["action"]?.string
        else { return nil }
        self.action = action
        principal = context["principal"]?["arn"]?.string ?? "the caller"
        resource = context["resource"]?.string ?? "*"
        isExplicit = value["explicitDeny"]?.boolean ?? false
    }

    var description: String {
        "\(principal) may not \(action) on \(resource): "
            + (isExplicit ? "a policy denies it" : "no policy allows it")
    }

    var remedy: String {
        isExplicit
            ? "Find the policy that denies \(action), also among the organisation's, and change it."
            : "Grant \(action) on \(resource) to the credentials in use."
    }
}

extension AWSAPI {
    /// Decodes a refusal's message, when the credentials may do that.
    func refusal(behind error: AWSError) async throws -> AuthorizationRefusal? {
        guard let encoded = error.encodedRefusal else { return nil }
        do {
            let answer: DecodedMessage = try await query(
                "DecodeAuthorizationMessage", of: .sts, ["EncodedMessage": .string(encoded)])
            return AuthorizationRefusal(answer.result.decodedMessage)
        } catch let error as CancellationError {
            throw error
        } catch {
            return nil
        }
    }
}

/// The answer to DecodeAuthorizationMessage.
private struct DecodedMessage: Decodable {
    struct Result: Decodable {
        let decodedMessage: String

        enum CodingKeys: String, CodingKey { case decodedMessage = "DecodedMessage" }
    }

    let result: Result

    enum CodingKeys: String, CodingKey { case result = "DecodeAuthorizationMessageResult" }
}
