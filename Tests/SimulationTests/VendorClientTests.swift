import Foundation
import Resources
import Testing

@testable import Simulation

/// The vendors' own clients against the served world.
@Suite struct VendorClientTests {
    @Test(.enabled(if: Python.withCloudflare != nil, "there is no Python with cloudflare"))
    func cloudflaresClientFindsItsWay() async throws {
        let python = try #require(Python.withCloudflare)
        let (output, inventory) = try await ServingTests.serving { world, environment in
            (try await python.run("use_cloudflare.py", environment), world.inventory)
        }
        #expect(
            output == """
                token active
                stranger (401, 1000)
                zones ['example.com']
                missing (404, 7003)
                created web.example.com 192.0.2.1 True 1
                identical (400, 81058)
                edited 192.0.2.2 ours
                torn (400, 81053)
                batch [True] [('CNAME', 'web.example.com'), ('TXT', 'web.example.com')]
                again "bye" other.example.net False
                too many 400 200
                paged 202 ['example.com']
                deleted True (404, 81044)
                tunnel edge inactive None
                taken (409, 1013)
                its token True True
                configured 1 True
                open (400, 1056)
                tunnels []
                ssl full strict strict 400
                certificate -----BEGIN CERTIFICATE----- 90
                foreign 400 400 400
                issued [['example.com', '*.example.com']]
                revoked True []

                """)
        #expect(inventory == ["cloudflare dns record": 201])
    }

    /// At github.com, and at an Enterprise server, whose API lies below another path.
    @Test(
        .enabled(if: Python.withPyGithub != nil, "there is no Python with PyGithub"),
        arguments: [nil, "github.example.com"])
    func pyGithubFindsItsWay(server: String?) async throws {
        let python = try #require(Python.withPyGithub)
        let (output, inventory) = try await ServingTests.serving {
            $0.enterpriseServer = server
            $0.jobTime = .milliseconds(50)
        } _: { world, environment in
            world.locked { core in
                let runners = core.github?.runners(of: "example/services")
                for name in ["a", "b", "c"] { runners?.add(named: name, labels: ["x"]) }
                runners?.add(named: "web-1", labels: ["web", "production"])
                core.github?.issues(of: "example/services")?.open("Drift")
            }
            return (try await python.run("use_github.py", environment), world.inventory)
        }
        #expect(
            output == """
                stranger 401
                missing 404
                repository example/services main True
                page \(server == nil ? "https://github.com" : "…")/example/services
                runners 4 [('a', 'online'), ('b', 'online'), ('c', 'online'), ('web-1', 'online')]
                registration ['expires_at', 'token']
                remove ['expires_at', 'token']
                labels ['web', 'staging'] ['web', 'staging', 'more'] ['web', 'staging'] 422
                removed True 404 4 3
                key True
                secret TOKEN ['TOKEN'] True False
                workflow deploy active 404
                dispatched True
                run workflow_dispatch True True
                job deploy (web) ['self-hosted', 'web', 'production']
                end completed success web-1
                comments Drift ['changed', 'second', 'third']
                left 2 404

                """)
        #expect(inventory == ["github runner": 3])
    }
}
