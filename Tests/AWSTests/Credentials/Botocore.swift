import Foundation
import TestSupport

/// What botocore, the SDK that the order is taken from, chooses in a place.
enum Botocore {
    /// A home folder and an environment.
    struct Place: Codable, Sendable {
        var environment: [String: String] = [:]
        var config: String?
        var credentials: String?
    }

    /// moto brings botocore along.
    static let isInstalled = MotoServer.python != nil
    static let reason = "no python3 with botocore: run `make setup`"

    private struct Failed: Error {
        let said: String
    }

    /// For each place the method by botocore's name with the role or the key; `none`; `error`.
    static func choices(in places: [Place]) throws -> [String] {
        try PackageFiles.withTemporaryFolder { folder in
            let input = URL(filePath: "\(folder)/places.json")
            try JSONEncoder().encode(places).write(to: input)
            let process = Process()
            let output = Pipe()
            process.executableURL = MotoServer.python
            process.arguments = ["-c", script, folder]
            process.standardOutput = output
            process.standardError = output
            try process.runAlone()
            let printed = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else {
                throw Failed(said: String(decoding: printed, as: UTF8.self))
            }
            return try JSONDecoder().decode([String].self, from: printed)
        }
    }

    private static let script = """
        import json, os, sys
        import botocore.credentials as credentials
        from botocore.session import Session

        home = sys.argv[1]
        roles = []

        def recording(fetcher, method):
            original = fetcher.__init__
            def init(self, *arguments, **named):
                original(self, *arguments, **named)
                source = named.get("source_credentials")
                roles.append((method + " " + named["role_arn"], source))
            fetcher.__init__ = init

        recording(credentials.AssumeRoleCredentialFetcher, "assume-role")
        recording(credentials.AssumeRoleWithWebIdentityCredentialFetcher,
                  "assume-role-with-web-identity")

        def words(found):
            names = [name for name, _ in reversed(roles)]
            source = roles[0][1] if roles else found
            if source is not None:
                names.append(source.method + " " + source.access_key)
            return " < ".join(names) or "none"

        def choice(place):
            os.environ.clear()
            os.environ.update(
                place["environment"], HOME=home, AWS_EC2_METADATA_DISABLED="true")
            os.makedirs(home + "/.aws", exist_ok=True)
            for name in "config", "credentials":
                path = home + "/.aws/" + name
                if place.get(name) is not None:
                    with open(path, "w") as file:
                        file.write(place[name])
                elif os.path.exists(path):
                    os.remove(path)
            roles.clear()
            try:
                return words(Session().get_credentials())
            except Exception:
                return "error"

        with open(home + "/places.json") as file:
            print(json.dumps([choice(place) for place in json.load(file)]))
        """
}
