import Planning
import Reconciling
import Resources
import Simulation
import TestSupport
import Testing

@Suite struct ReconcilerTests {
    @Test func convergesAndThenHasNothingToDo() async throws {
        try await withVirtualTime { clock in
            let bench = Bench(clock)
            let report = try await bench.converge(gardenGoal())
            #expect(report.isSuccess)
            #expect(report.summary == [.create: 6])
            #expect(bench.garden.objects.count == 6)
            let plant = bench.garden.objects[Garden.address("web", Garden.plant)]
            #expect(
                bench.garden.objects[Garden.address("web", Garden.label)]?["text"]
                    == .string("plant \(plant?.id ?? "")"))

            bench.garden.forgetCalls()
            let again = try await bench.converge(gardenGoal())
            #expect(again.summary == [:])
            #expect(bench.garden.calls == [])
            #expect(try await bench.reconciler.plan(gardenGoal()).isEmpty)
            #expect(try await bench.reconciler.drift(gardenGoal()).findings == [])
            #expect(try await bench.store.read().intents == [])
        }
    }

    @Test func theStateHoldsNeitherSecretsNorSeeds() async throws {
        try await withVirtualTime { clock in
            let bench = Bench(clock)
            try await bench.converge(gardenGoal())
            let text = String(reflecting: try await bench.store.read())
            #expect(!text.contains("rose"))
            #expect(!text.contains("s33d"))
            #expect(!text.contains("sow "))
        }
    }

    @Test func oneServiceIsConvergedAlone() async throws {
        try await withVirtualTime { clock in
            let bench = Bench(clock)
            try await bench.converge(gardenGoal(services: ["web"]))
            #expect(Set(bench.garden.objects.keys.map(\.service)) == ["web"])
            #expect(Set(bench.garden.calls.map(\.address.service)) == ["web"])
        }
    }

    @Test func aFailureStopsOnlyWhatDependsOnIt() async throws {
        try await withVirtualTime { clock in
            let bench = Bench(clock)
            let bed = Garden.address("web", Garden.bed)
            bench.garden.refuse(bed)
            let report = try await bench.converge(gardenGoal())
            #expect(report.failures.map(\.address) == [bed])
            #expect(
                report.skipped.map(\.address) == [
                    Garden.address("web", Garden.label), Garden.address("web", Garden.plant),
                ])
            #expect(Set(bench.garden.objects.keys.map(\.service)) == ["worker"])
            #expect(!report.wasInterrupted)

            bench.garden.refuse(bed, false)
            #expect(try await bench.converge(gardenGoal()).isSuccess)
            #expect(bench.garden.objects.count == 6)
        }
    }

    @Test func aReplacementTakesDownWhatStandsOnItFirst() async throws {
        try await withVirtualTime { clock in
            let bench = Bench(clock)
            try await bench.converge(gardenGoal(wanted: ["web"]))
            bench.garden.forgetCalls()
            try await bench.converge(gardenGoal(soil: "sand", wanted: ["web"]))
            #expect(
                bench.garden.calls.map(\.description) == [
                    "delete web/aws.plant", "delete web/aws.bed", "create web/aws.bed",
                    "create web/aws.plant", "update web/aws.label",
                ])
            #expect(
                try await bench.reconciler.plan(gardenGoal(soil: "sand", wanted: ["web"])).isEmpty)
        }
    }

    @Test func whatIsNotWantedIsDeletedUsersFirst() async throws {
        try await withVirtualTime { clock in
            let bench = Bench(clock)
            try await bench.converge(gardenGoal())
            bench.garden.forgetCalls()
            try await bench.converge(gardenGoal(wanted: ["worker"]))
            #expect(
                bench.garden.calls.map(\.description) == [
                    "delete web/aws.label", "delete web/aws.plant", "delete web/aws.bed",
                ])
            #expect(try await bench.store.read().resources.count == 3)
        }
    }

    @Test func anOrphanOfAnUnknownServiceIsFoundByItsMark() async throws {
        try await withVirtualTime { clock in
            let bench = Bench(clock)
            try await bench.converge(gardenGoal())
            let forgetful = Bench(clock)
            for object in bench.garden.objects.values {
                _ = try await forgetful.garden.create(
                    Resource(object.address, attributes: object.attributes), key: .init("old"))
            }
            #expect(try await forgetful.converge(gardenGoal(wanted: ["worker"])).isSuccess)
            #expect(Set(forgetful.garden.objects.keys.map(\.service)) == ["worker"])
            #expect(forgetful.garden.twins == 0)
        }
    }

    @Test func aCreationThatFailedAndIsNoLongerWantedIsForgotten() async throws {
        try await withVirtualTime { clock in
            let bench = Bench(clock)
            bench.garden.refuse(Garden.address("web", Garden.bed))
            try await bench.converge(gardenGoal(wanted: ["web"]))
            #expect(try await bench.store.read().intents.count == 1)

            #expect(try await bench.converge(gardenGoal(wanted: ["worker"])).isSuccess)
            #expect(try await bench.store.read().intents == [])
        }
    }

    @Test func aStopBeginsNothingNewAndRecordsWhatWasDone() async throws {
        try await withVirtualTime { clock in
            let bench = Bench(clock)
            let stop = StopSignal()
            stop.request()
            let report = try await bench.converge(gardenGoal(), stop: stop)
            #expect(report.wasInterrupted)
            #expect(report.skipped.count == 6)
            #expect(bench.garden.objects.isEmpty)
        }
    }

    @Test func aRefusedPlanChangesNothing() async throws {
        try await withVirtualTime { clock in
            let bench = Bench(clock)
            let claim = LeaseClaim(
                holder: LeaseHolder(user: "u", host: "h", pid: 1, runURL: nil), purpose: "converge",
                patience: .zero)
            await #expect(throws: ReconcilingError.declined) {
                _ = try await bench.reconciler.converge(gardenGoal(), claim: claim) { _ in
                    throw ReconcilingError.declined
                }
            }
            #expect(bench.garden.objects.isEmpty)
            let document = try await bench.store.read()
            let leases = try await bench.store.leases()
            #expect(document.resources.isEmpty)
            #expect(leases.isEmpty)
        }
    }
}
