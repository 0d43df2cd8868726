import Assembly
import Resources
import Rollout
import ServiceFiles
import Services
import Simulation
import TestSupport
import Testing

extension CrashScenario {
    /// Small ones, so that a case takes milliseconds, and the examples as a whole.
    ///
    /// The plainest creations are killed at each moment, the others at each second one, and
    /// everything else at each request.
    static let all =
        plainCreations + creations.map { scenario in scenario.with { $0.step = 2 } } + examples
        + (updates + renames + replacements + moves + removals + recoveries + lateBoots + budgets
        + certificates).map { scenario in
            scenario.with { $0.step = 3 }
        }

    private static let plainCreations = [
        CrashScenario("create-aws", to: [.aws]),
        CrashScenario("create-vm", to: [.vm]),
        CrashScenario("create-lxc", to: [.lxc]).with { $0.backends = Backend.allCases },
    ]

    private static let creations = [
        CrashScenario("create-aws-data", to: [.aws.with { $0.data = DataVolume(gibibytes: 5) }]),
        CrashScenario("create-aws-tunnel", to: [.aws.public]),
        CrashScenario("create-aws-direct", to: [.aws.direct]).issuing(),
        CrashScenario("create-aws-spot", to: [.aws.with { $0.spot = true }]),
        CrashScenario(
            "create-vm-full",
            to: [
                .vm.public.with {
                    $0.data = DataVolume(gibibytes: 5)
                    $0.ingress = [.ssh, .metrics]
                }
            ]),
        CrashScenario(
            "create-lxc-data", to: [.lxc.with { $0.data = DataVolume(gibibytes: 5) }]),
        CrashScenario("create-aws-ephemeral", to: [.aws.ephemeral]),
        CrashScenario("create-lxc-ephemeral", to: [.lxc.ephemeral]),
        CrashScenario("create-mixed", to: [.aws, .lxc.named("api")]),
    ]

    private static let updates = [
        CrashScenario(
            "resize-aws", from: [.aws], to: [.aws.with { $0.size = .named(.medium) }]),
        CrashScenario(
            "grow-aws-data", from: [.aws.with { $0.data = DataVolume(gibibytes: 5) }],
            to: [.aws.with { $0.data = DataVolume(gibibytes: 9) }]),
        CrashScenario(
            "ingress-aws", from: [.aws.with { $0.ingress = [.ssh] }],
            to: [.aws.with { $0.ingress = [.metrics] }]
        ).with { $0.backends = Backend.allCases },
        CrashScenario(
            "resize-vm", from: [.vm], to: [.vm.with { $0.size = .named(.medium) }]),
        CrashScenario(
            "resize-lxc", from: [.lxc], to: [.lxc.with { $0.size = .named(.medium) }]),
        CrashScenario(
            "ingress-lxc", from: [.lxc.with { $0.ingress = [.ssh] }],
            to: [.lxc.with { $0.ingress = [.offices, .ssh] }]),
        CrashScenario(
            "reroute", from: [.aws.public], to: [.aws.direct]
        ).issuing(),
        CrashScenario("unroute", from: [.aws.direct], to: [.aws.public]),
        CrashScenario(
            "rename-host", from: [.aws.public],
            to: [
                .aws.public.with {
                    $0.publicAccess = PublicAccess(hostname: "new.example.com", port: 80)
                }
            ]),
        CrashScenario("ephemeral-vm", from: [.vm], to: [.vm.ephemeral]).with {
            $0.spareCalls = 12
        },
        CrashScenario("ephemeral-aws", from: [.aws], to: [.aws.ephemeral]).with {
            $0.spareCalls = 12
        },
        CrashScenario(
            "relabel", from: [.aws, .lxc.named("api")],
            to: [
                .aws.with { $0.environment = "staging" },
                .lxc.named("api").with { $0.environment = "staging" },
            ]),
    ]

    private static let renames = [
        CrashScenario("rename-aws", from: [.aws.direct], to: [.aws.direct.renamed]).issuing(),
        CrashScenario(
            "rename-aws-data", from: [.aws.holdingData.public],
            to: [.aws.holdingData.public.renamed]),
        CrashScenario(
            "rename-vm", from: [.vm.public.with { $0.ingress = [.ssh, .offices] }],
            to: [.vm.public.with { $0.ingress = [.ssh, .offices] }.renamed]),
        CrashScenario("rename-lxc", from: [.lxc.holdingData], to: [.lxc.holdingData.renamed]),
    ]

    private static let replacements = [
        CrashScenario("replace-aws", from: [.aws], to: [.aws]) { $0.aws.image = .debian12 },
        CrashScenario("replace-vm", from: [.vm], to: [.vm]) { $0.proxmox.image = .debian12 },
        CrashScenario(
            "replace-lxc", from: [.lxc.public], to: [.lxc.public]
        ) { $0.proxmox.image = .debian12 },
        CrashScenario(
            "replace-vm-data", from: [.vm.holdingData], to: [.vm.holdingData]
        ) { $0.proxmox.image = .debian12 },
        CrashScenario(
            "replace-lxc-data", from: [.lxc.holdingData], to: [.lxc.holdingData]
        ) { $0.proxmox.image = .debian12 },
    ]

    private static let moves = [
        CrashScenario("move", from: [.aws], to: [.lxc]).with { $0.keepsOldTarget = true },
        CrashScenario("move-back", from: [.lxc], to: [.lxc]).moving(through: .aws).with {
            $0.keepsOldTarget = true
            $0.spareCalls = 12
        },
        CrashScenario("move-rest", from: [.aws.direct], to: [.vm.direct]).moving().with {
            $0.keepsOldTarget = true
        },
        CrashScenario("move-end", from: [.vm.public], to: [.aws.public]) { $0.grace = .zero }
            .moving(),
    ]

    private static let removals = [
        CrashScenario("delete-one", from: [.aws, .lxc.named("api")], to: [.aws]),
        CrashScenario(
            "delete-all", from: [.aws.public, .vm.named("api"), .lxc.named("job")], to: []),
        CrashScenario(
            "delete-and-keep-data", from: [.aws.with { $0.data = DataVolume(gibibytes: 5) }],
            to: []
        ).with { $0.withData = false },
        CrashScenario("swap", from: [.aws], to: [.vm.named("api")]),
        CrashScenario(
            "target-one", from: [.aws, .lxc.named("api")],
            to: [
                .aws.with { $0.size = .named(.medium) },
                .lxc.named("api").with { $0.size = .named(.medium) },
            ]
        ).with { $0.services = ["api"] },
    ]

    /// A certificate whose key went nowhere is followed by another one.
    private static let certificates = [
        CrashScenario(
            "rename-direct-host", from: [.aws.direct],
            to: [.aws.direct.with { $0.publicAccess?.hostname = "new.example.com" }]
        ).issuing(),
        CrashScenario("renew-certificate", from: [.aws.direct], to: [.aws.direct]).issuing {
            try await $0.time.sleep(for: .seconds(300 * 86_400))
        },
        CrashScenario("certificate-revoked", from: [.aws.direct], to: [.aws.direct]).issuing {
            $0.world.locked {
                $0.cloudflare?.certificates.revoke(for: "web.example.launch.example.com")
            }
        },
        CrashScenario("key-lost", from: [.aws.direct], to: [.aws.direct]).issuing { site in
            site.world.locked { core in
                let secrets = core.github?.secrets(of: "example/services")
                secrets?.names.forEach { secrets?.remove($0) }
            }
        },
        CrashScenario("key-overwritten", from: [.aws.direct], to: [.aws.direct]).issuing { site in
            try await site.time.sleep(for: .seconds(60))
            site.world.locked { core in
                let secrets = core.github?.secrets(of: "example/services")
                secrets?.names.forEach { secrets?.overwrite($0) }
            }
        },
    ]

    private static let budgets = [
        CrashScenario(
            "budget-create", from: .project { _ in }, to: .project { $0.budget = .small }),
        CrashScenario(
            "budget-change", from: .project { $0.budget = .small },
            to: .project { $0.budget = .large }),
        CrashScenario(
            "budget-delete", from: .project { $0.budget = .small }, to: .project { _ in }),
    ]

    private static let recoveries = [
        CrashScenario(
            "state-lost", from: [.aws.public, .lxc.named("api")],
            to: [.aws.public, .lxc.named("api")]
        ).with { $0.meanwhile = { $0.loseState() } },
        CrashScenario("machine-lost", from: [.aws], to: [.aws]).with {
            $0.meanwhile = { site in
                site.world.locked { core in
                    guard let ec2 = core.aws?.ec2,
                        let machine = ec2.instance(tagged: "launch:project", CrashSite.project)
                    else { return }
                    ec2.terminate(machine.id)
                }
            }
        },
        CrashScenario("killed-before", to: [.aws, .vm.named("api")]).with { scenario in
            let goal = scenario.goal
            scenario.meanwhile = { site in
                let victim = try site.process(9, killSwitch: KillSwitch(at: 120))
                _ = try? await victim.converge(goal)
            }
        },
    ]

    /// Runs that are taken up after the registration token has expired, and machines that booted
    /// too late for theirs.
    private static let lateBoots =
        [ServiceSpec.aws, .vm, .lxc].flatMap { service in
            let name = service.target == .aws ? "aws" : service.guest.rawValue
            return [
                CrashScenario("resume-late-\(name)", to: [service]).with {
                    $0.absence = .seconds(7200)
                    $0.spareCalls = .max / 2
                },
                CrashScenario("reseed-\(name)", to: [service]).with { scenario in
                    scenario.spareCalls = 12
                    let goal = scenario.goal
                    scenario.meanwhile = { site in
                        site.world.locked { $0.guests.failingStages = ["runner_registration"] }
                        _ = try await site.process(8).converge(goal)
                        try await site.time.sleep(for: .seconds(3600))
                        site.world.locked { $0.guests.failingStages = [] }
                    }
                },
            ]
        }

    private static var examples: [CrashScenario] {
        guard let examples = try? Repository.examples() else { return [] }
        let none = Repository(project: examples.project, services: [])
        return [
            CrashScenario("examples", from: none, to: examples).with { $0.step = 17 }
        ]
    }
}

extension CrashScenario {
    /// One whose service has been deployed at its new target, or at another one, before the run.
    fileprivate func moving(through stay: ServiceSpec? = nil) -> Self {
        with {
            let there = Repository(
                project: goal.project, services: stay.map { [$0] } ?? goal.services)
            $0.meanwhile = { site in
                let process = try site.process(8)
                try await process.converge(there)
                site.world.locked {
                    // Those of others would take the job.
                    let runners = $0.github?.runners(of: "example/services")
                    for name in ["web", "launch-other-web"] { runners?.setBusy(true, named: name) }
                    $0.github?.actions(of: "example/services")?.deploy(
                        ["web"], environment: "production", event: "push")
                }
                let results = try await process.workspace(there).follow(
                    nil, to: .applicationHealthy,
                    claim: LeaseClaim(
                        holder: LeaseHolder(user: "u", host: "h", pid: 8, runURL: nil),
                        purpose: "wait", patience: .zero))
                #expect(results.compactMap(\.failure?.message) == [])
            }
        }
    }

    /// One in which a certificate is issued: a run that breaks off before the key is kept costs
    /// another one, the removal of the first, and the key's way.
    fileprivate func issuing(
        after event: @escaping @Sendable (inout CrashSite) async throws -> Void = { _ in }
    ) -> Self {
        with {
            $0.spareCalls = 4
            $0.meanwhile = event
        }
    }
}

extension ServiceSpec {
    fileprivate static let aws = ServiceSpec(name: "web", target: .aws)
    fileprivate static let vm = ServiceSpec(name: "web", target: .proxmox)
    fileprivate static let lxc = ServiceSpec(name: "web", target: .proxmox, guest: .lxc)

    fileprivate func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }

    fileprivate var ephemeral: Self { with { $0.runnerLife = .ephemeral } }

    fileprivate var holdingData: Self { with { $0.data = DataVolume(gibibytes: 5) } }

    fileprivate func named(_ name: String) -> Self { with { $0.name = name } }

    fileprivate var renamed: Self {
        with {
            $0.formerName = $0.name
            $0.name = CrashScenario.newName
        }
    }

    fileprivate var direct: Self { `public`.with { $0.exposure = .direct } }

    fileprivate var `public`: Self {
        with { $0.publicAccess = PublicAccess(hostname: "\(name).example.com", port: 80) }
    }
}

extension BudgetSpec {
    fileprivate static let small = BudgetSpec(monthlyUSD: 20, notify: ["a@example.com"])
    fileprivate static let large = BudgetSpec(
        monthlyUSD: 50, notify: ["b@example.com"], alertAt: [50, 100])
}

extension IngressRule {
    fileprivate static let ssh = IngressRule(port: 22, sources: ["10.0.0.0/8"])
    fileprivate static let offices = IngressRule(
        port: 9100, sources: ["192.0.2.0/24", "2001:db8::/32"])
    fileprivate static let metrics = IngressRule(port: 9100, sources: ["192.0.2.0/24"])
}
