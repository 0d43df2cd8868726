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

    /// For each place the method by botocore's name with the role or the key; `none`; `error`.
    static func choices(in places: [Place]) throws -> [String] { try script.run(places) }

    /// For each place the endpoint of each service and the file of authorities; `none`.
    static func connections(
        in places: [Place], of services: [String]
    ) throws -> [[String: String]] {
        try script.run(places, services)
    }

    private static let script = PythonScript(
        text: """
            import json, os, sys
            import botocore.credentials as credentials
            from botocore.session import Session

            home = os.path.dirname(sys.argv[1])
            services = sys.argv[2:]
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
                session = Session()
                if services:
                    return connections(session)
                try:
                    return words(session.get_credentials())
                except Exception:
                    return "error"

            def connections(session):
                found = {}
                for name in services:
                    client = session.create_client(
                        name, region_name="eu-north-1", aws_access_key_id="a",
                        aws_secret_access_key="b")
                    url = client.meta.endpoint_url
                    found[name] = url if "amazonaws.com" not in url else "none"
                found["ca_bundle"] = session.get_config_variable("ca_bundle") or "none"
                return found

            with open(sys.argv[1]) as file:
                print(json.dumps([choice(place) for place in json.load(file)]))
            """)
}
