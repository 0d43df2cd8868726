import HTTP

/// The Security Token Service: who am I.
struct SimulatedSTS {
    static let namespace = "https://sts.amazonaws.com/doc/2011-06-15/"

    let account: String

    /// - Throws: `AWSError`
    func answer(_ parameters: QueryParameters, requestID: String) throws -> HTTPResponse {
        let action = try parameters.required("Action")
        guard try parameters.required("Version") == "2011-06-15", action == "GetCallerIdentity"
        else { throw AWSError("InvalidAction", "Could not find operation \(action)") }
        try parameters.rejectUnread()
        return xml(
            200,
            XML("GetCallerIdentityResponse", namespace: Self.namespace) {
                XML("GetCallerIdentityResult") {
                    XML("Arn", SimulatedAWS.user)
                    XML("UserId", "AIDASIMULATEDWORLD0001")
                    XML("Account", account)
                }
                XML("ResponseMetadata") { XML("RequestId", requestID) }
            })
    }
}
