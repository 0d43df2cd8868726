import HTTP
import Resources

/// An error as AWS says it; the service decides the document's shape.
struct AWSError: Error, Hashable {
    let status: Int
    let code: String
    let message: String
    /// Further members of the error's document.
    let details: [String: Value]
    let headers: [HTTPHeader]

    init(
        _ code: String, _ message: String, status: Int = 400, details: [String: Value] = [:],
        headers: [HTTPHeader] = []
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.headers = headers
    }
}

extension AWSError {
    static func missing(_ parameter: String) -> AWSError {
        AWSError(
            "MissingParameter", "The request must contain the parameter \(parameter)")
    }

    static func invalid(_ value: String, for parameter: String, _ why: String = "") -> AWSError {
        AWSError(
            "InvalidParameterValue",
            "Value (\(value)) for parameter \(parameter) is invalid. \(why)"
                .trimmingSuffix(while: \.isWhitespace))
    }

    /// What every service says to who may not do something.
    static func denial(of action: String, on resource: String) -> String {
        "User: \(SimulatedAWS.user) is not authorized to perform: \(action) on resource: "
            + "\(resource) because no identity-based policy allows the \(action) action"
    }

    static func combination(_ message: String) -> AWSError {
        AWSError("InvalidParameterCombination", message)
    }

    static func notFound(_ code: String, _ kind: String, _ id: String) -> AWSError {
        AWSError("\(code).NotFound", "The \(kind) '\(id)' does not exist")
    }
}

extension String {
    fileprivate func trimmingSuffix(while condition: (Character) -> Bool) -> String {
        var text = self[...]
        while let last = text.last, condition(last) { text.removeLast() }
        return String(text)
    }
}
