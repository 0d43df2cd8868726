import Foundation
import OrderedCollections

extension SimulatedEC2 {
    static let consoleActions: [String: Action] = [
        "GetConsoleOutput": { try $0.consoleOutput($1) }
    ]

    private func consoleOutput(_ parameters: QueryParameters) throws -> [XML] {
        let instance = try instance(try parameters.required("InstanceId"))
        _ = try parameters.boolean("Latest")
        try ready(parameters)
        let text = core.guests.bootLog(of: instance.machine).map { $0 + "\r\n" }.joined()
        return [
            XML("instanceId", instance.id),
            XML("timestamp", core.now.formatted(.iso8601)),
            XML("output", Data(text.utf8.suffix(64 << 10)).base64EncodedString()),
        ]
    }
}
