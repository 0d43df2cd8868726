import Assembly
import Planning
import Reconciling
import Reporting
import Resources
import ServiceFiles
import Services
import Simulation
import Synchronization
import TestSupport
import Testing

/// What a real converge prints and stores, against the published schemas.
@Suite(.enabled(if: PublishedSchema.isCheckable, "check-jsonschema is not installed"))
struct PrintedDocumentTests {
    @Test func everythingFitsItsSchema() async throws {
        let documents = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let lines = EventLines()
            let workspace = fleet.workspace(.full(in: fleet.world), events: lines)
            let plan = try await workspace.reconciler.plan(workspace.goal())
            let report = try await workspace.reconciler.converge(
                workspace.goal(), claim: Fleet.claim
            ) { _ in }
            #expect(report.isSuccess)
            let (document, observed, _) = try await workspace.reconciler.look(workspace.goal())
            let drift = try await workspace.reconciler.drift(
                workspace.teardown(nil, withData: true))
            return [
                "plan": [PlanReport(plan, requests: [.aws: 4]).json],
                "events": lines.all,
                "drift": [DriftReport(drift).json],
                "status": [StatusReport(statuses(document, observed)).json],
                "state": [try text(of: document)],
                "history": [
                    HistoryReport(try await workspace.store.history(of: nil, limit: 1000)).json
                ],
                "why": try await lives(in: document, workspace.store),
            ]
        }
        #expect(documents["events"]?.count ?? 0 > 40)
        for (schema, texts) in documents.sorted(by: { $0.key < $1.key }) {
            #expect(try PublishedSchema(schema).complaint(texts) == nil)
        }
    }

    private func lives(
        in document: StateDocument, _ store: any StateStore
    ) async throws -> [String] {
        var lives: [String] = []
        for (address, record) in document.resources {
            let events = try await store.life(of: address)
            #expect(events.first?.kind == .created && record.createdBy == Fleet.claim.holder)
            #expect(events.allSatisfy { $0.reason != nil })
            lives.append(LifeReport(address, record: record, events: events).json)
        }
        return lives
    }

    private func statuses(
        _ document: StateDocument, _ observed: [ObservedResource]
    ) -> [ServiceStatus] {
        document.services.map { name, state in
            ServiceStatus(
                name: name, recorded: state, target: nil, environment: nil, url: nil,
                observed: observed.filter { $0.address.service == name })
        }
    }

    private func text(of document: StateDocument) throws -> String {
        String(decoding: try StateCoding.bytes(of: document), as: UTF8.self)
    }

    private final class EventLines: EventSink {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func emit(_ event: Event) {
            let line = EventReport().json(event, requests: [.aws: 4])
            lines.withLock { $0.append(line) }
        }
    }
}
