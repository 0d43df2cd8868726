package import Foundation
import Synchronization

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
    private let number: String

    /// Starts one on a free port; it ends with this process at the latest.
    package init() throws {
        let words = try MotoNursery.shared.get().bear()
        number = words[0]
        environment = [
            "AWS_ENDPOINT_URL": "http://127.0.0.1:\(words[1])", "AWS_ACCESS_KEY_ID": words[2],
            "AWS_SECRET_ACCESS_KEY": words[3], "AWS_REGION": "us-east-1",
        ]
    }

    package func stop() { try? MotoNursery.shared.get().end(number) }

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
}

/// A process that has read moto once, which takes seconds, and forks a server in no time.
private final class MotoNursery: Sendable {
    static let shared = Result { try MotoNursery() }

    private struct Silent: Error {
        let said: String
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let turn = Mutex(())

    /// Starts one; it and its servers end when its input does.
    private init() throws {
        guard let python = MotoServer.python else { throw Silent(said: "no python3 with moto") }
        process.executableURL = python
        process.arguments = ["-c", Self.script]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.runAlone()
        _ = try answer("nursery")
    }

    /// - Returns: number, port, key and secret of a new server.
    func bear() throws -> [String] { try ask("bear", for: "ready") }

    func end(_ number: String) throws { _ = try ask("end \(number)", for: "ended") }

    private func ask(_ words: String, for answer: String) throws -> [String] {
        try turn.withLock { _ in
            try input.fileHandleForWriting.write(contentsOf: Data("\(words)\n".utf8))
            return try self.answer(answer)
        }
    }

    /// The words of the line that begins so; whatever stands before it are warnings.
    private func answer(_ beginning: String) throws -> [String] {
        var said = ""
        while true {
            let piece = output.fileHandleForReading.availableData
            said += String(decoding: piece, as: UTF8.self)
            let lines = said.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            if let line = lines.first(where: { $0.hasPrefix(beginning) }) {
                return line.split(separator: " ").dropFirst().map(String.init)
            }
            if piece.isEmpty { throw Silent(said: said) }
        }
    }

    /// Makes a user, for the signatures, and the public parameter of an image, which moto lacks;
    /// a page of an S3 list has five keys. What AWS does in one step, a write with its condition,
    /// moto does in two, which requests on other threads come between.
    private static let script = """
        import ctypes, datetime, json, os, signal, sys, threading
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

        def serve():
            # With the nursery, however that ends: PR_SET_PDEATHSIG of prctl(2).
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)
            server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
            server.start()
            port = server.get_host_and_port()[1]
            print("ready", os.getpid(), port, key.access_key_id, key.secret_access_key, flush=True)
            nothing = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(nothing, stream)
            while True:
                signal.pause()

        print("nursery", flush=True)
        while line := sys.stdin.readline():
            command, *number = line.split()
            if command == "bear":
                if os.fork() == 0:
                    serve()
            else:
                os.kill(int(number[0]), signal.SIGKILL)
                os.waitpid(int(number[0]), 0)
                print("ended", flush=True)
        """
}
