import Foundation
import HTTP
import Resources
import XMLCoder

/// An error answer of any AWS service.
struct AWSError: Error {
    /// What to branch on: `InvalidGroup.Duplicate`. `HTTP 502` when the answer had none.
    let code: String
    let message: String
    let status: Int
    /// What it takes to be let, as policies name it: `ec2:RunInstances`, `budgets:ModifyBudget`.
    let permission: String
    /// The wait that the server asks for.
    let retryAfter: Duration?
    /// The server's clock.
    let servedAt: Date?

    init(_ response: HTTPResponse, permission: String) {
        let (code, message) = Self.words(of: response)
        self.code = code ?? "HTTP \(response.status)"
        self.message = message ?? response.reason
        self.permission = permission
        status = response.status
        retryAfter = Self.wait(in: response)
        servedAt = response.header("Date").flatMap { HTTPDate.parse($0) }
    }

    /// An instance's reason for ending has the same codes, and no answer around it.
    init(code: String, message: String, permission: String) {
        self.code = code
        self.message = message
        self.permission = permission
        status = 200
        retryAfter = nil
        servedAt = nil
    }

    private static let encodedMark = "Encoded authorization failure message:"

    /// The part of a refusal's message that only `DecodeAuthorizationMessage` can read.
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html>
    var encodedRefusal: String? {
        message.range(of: Self.encodedMark).flatMap { mark in
            let code = message[mark.upperBound...].split(whereSeparator: \.isWhitespace).first
            return code.map(String.init)
        }
    }

    /// The message without what people cannot read.
    var messageForPeople: String {
        guard let mark = message.range(of: Self.encodedMark) else { return message }
        return message[..<mark.lowerBound].trimmingCharacters(in: .whitespaces)
    }

    private static func words(of response: HTTPResponse) -> (code: String?, message: String?) {
        if let json = response.json, json.object != nil {
            let type = response.header("x-amzn-ErrorType") ?? json["__type"]?.string
            let message = json["message"]?.string ?? json["Message"]?.string
            return (type.map(shortName), message)
        }
        let decoder = XMLDecoder()
        let document = try? decoder.decode(ErrorDocument.self, from: Data(response.body))
        let words = document?.errors?.error.first ?? document?.error
        return (words?.code ?? document?.code, words?.message ?? document?.message)
    }

    /// `Code` of `namespace#Code:http://…`.
    private static func shortName(_ type: String) -> String {
        let name = type.split(separator: "#").last ?? ""
        return String(name.prefix { $0 != ":" })
    }

    private static func wait(in response: HTTPResponse) -> Duration? {
        if let milliseconds = response.header("x-amz-retry-after").flatMap({ Int($0) }) {
            return .milliseconds(milliseconds)
        }
        return response.header("Retry-After").flatMap { Int($0) }.map { .seconds($0) }
    }
}

/// `<Response><Errors><Error>` of EC2, `<ErrorResponse><Error>` of STS, `<Error>` of S3.
private struct ErrorDocument: Decodable {
    struct Words: Decodable {
        let code: String?
        let message: String?

        enum CodingKeys: String, CodingKey {
            case code = "Code"
            case message = "Message"
        }
    }

    struct List: Decodable {
        let error: [Words]

        enum CodingKeys: String, CodingKey { case error = "Error" }
    }

    let errors: List?
    let error: Words?
    let code: String?
    let message: String?

    enum CodingKeys: String, CodingKey {
        case errors = "Errors"
        case error = "Error"
        case code = "Code"
        case message = "Message"
    }
}
