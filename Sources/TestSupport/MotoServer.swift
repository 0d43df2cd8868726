package import Foundation

/// moto (<https://docs.getmoto.org>) on a loopback port, with signatures enforced.
package final class MotoServer: Sendable {
    /// A Python that has moto: the package's own environment's, else the system's.
    package static let python: URL? = {
        let own = URL(filePath: PackageFiles.root).appending(path: ".venv/bin/python3")
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let candidates =
            [own] + path.split(separator: ":").map { URL(filePath: "\($0)/python3") }
        return candidates.first { hasMoto($0) }
    }()

    package static let reason = "no python3 with moto: run `make setup`"

    /// What Launch is given to reach it.
    package let environment: [String: String]
    private let process: Process
    private let input: Pipe

    private struct NotStarted: Error {
        let said: String
    }

    /// Starts one on a free port; it ends when its input does.
    package init() throws {
        guard let python = Self.python else { throw NotStarted(said: "no python3 with moto") }
        process = Process()
        input = Pipe()
        let output = Pipe()
        process.executableURL = python
        process.arguments = ["-c", Self.script]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.runAlone()
        let words = try Self.greeting(of: process, from: output.fileHandleForReading)
        environment = [
            "AWS_ENDPOINT_URL": "http://127.0.0.1:\(words[1])", "AWS_ACCESS_KEY_ID": words[2],
            "AWS_SECRET_ACCESS_KEY": words[3], "AWS_REGION": "us-east-1",
        ]
    }

    /// The words of the line that says it is ready; whatever stands before it are warnings.
    private static func greeting(of process: Process, from output: FileHandle) throws -> [String] {
        var said = ""
        while true {
            let piece = output.availableData
            said += String(decoding: piece, as: UTF8.self)
            let lines = said.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            if let line = lines.first(where: { $0.hasPrefix("ready ") }) {
                return line.split(separator: " ").map(String.init)
            }
            if piece.isEmpty, !process.isRunning { throw NotStarted(said: said) }
        }
    }

    package func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private static func hasMoto(_ python: URL) -> Bool {
        guard FileManager.default.isExecutableFile(atPath: python.path()) else { return false }
        let process = Process()
        process.executableURL = python
        let check = "all(map(importlib.util.find_spec, ['moto', 'flask']))"
        process.arguments = ["-c", "import importlib.util, sys; sys.exit(not \(check))"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.runAlone()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// Makes a user, for the signatures, and the public parameter of an image, which moto lacks;
    /// a page of an S3 list has five keys. What AWS does in one step, a write with its condition,
    /// moto does in two, which requests on other threads come between.
    private static let script = """
        import os, sys, json, datetime, threading
        os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "0"
        os.environ["MOTO_S3_DEFAULT_MAX_KEYS"] = "5"
        from moto.backends import get_backend
        from moto.dynamodb.responses import DynamoHandler
        from moto.s3.responses import S3Response
        from moto.server import ThreadedMotoServer
        from moto.ssm.models import Parameter

        turn = threading.Lock()

        def in_turn(method):
            def call(self):
                with turn:
                    return method(self)
            return call

        S3Response.put_object = in_turn(S3Response.put_object)
        DynamoHandler.put_item = in_turn(DynamoHandler.put_item)

        account, region = "123456789012", "us-east-1"
        iam = get_backend("iam")[account]["aws"]
        iam.create_user(region, "launch")
        statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        iam.put_user_policy("launch", "all", json.dumps(policy))
        key = iam.create_access_key("launch")
        name = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
        images = get_backend("ec2")[account][region].describe_images()
        image = next(i for i in images if i.root_device_name == "/dev/sda1")
        get_backend("ssm")[account][region]._parameters[name].append(Parameter(
            account, name, image.id, "String", None, None, None, datetime.datetime.now(), 1,
            "aws:ec2:image"))
        server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        server.start()
        port = server.get_host_and_port()[1]
        print("ready", port, key.access_key_id, key.secret_access_key, flush=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stdin.read()
        """
}
