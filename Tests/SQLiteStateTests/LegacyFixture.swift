import Foundation
import GRDB
import Resources

/// A database as Launch wrote it before the journal.
enum LegacyFixture {
    static func write(to path: String) throws {
        try FileManager.default.createDirectory(
            at: URL(filePath: path).deletingLastPathComponent(),
            withIntermediateDirectories: true)
        try alter(path, tables + rows)
    }

    /// Changes the database as somebody else.
    static func alter(_ path: String, _ sql: String) throws {
        try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
    }

    /// What the rows say.
    static var document: StateDocument {
        get throws {
            try StateCoding.read(StateDocument.self, from: Array(json.utf8))
        }
    }

    /// The lease that `lend` puts into the database; it ends a minute after `VirtualClock` starts.
    static var lease: Lease {
        get throws {
            let slot = try StateCoding.read(LeaseSlot.self, from: Array(heldSlot.utf8))
            guard let lease = slot.lease else { throw CocoaError(.coderReadCorrupt) }
            return lease
        }
    }

    static func lend(_ path: String) throws {
        try alter(
            path,
            """
            UPDATE leases SET document = '\(heldSlot)', checksum = -7743466071561252543
            WHERE key = 'web'
            """)
    }

    private static let heldSlot = """
        {"generation":1,"lease":{"expires":"2026-09-21T14:14:20.000Z","generation":1,\
        "holder":{"host":"laptop","pid":1,"user":"ada"},"id":"71c18690ee42c90b",\
        "purpose":"converge","service":"web","since":"2026-09-21T14:13:20.000Z"}}
        """

    private static let tables: String = {
        let tables = """
            CREATE TABLE header (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                format_version INTEGER NOT NULL,
                lineage TEXT NOT NULL,
                serial INTEGER NOT NULL,
                project TEXT NOT NULL
            ) STRICT;
            CREATE TABLE history (
                serial INTEGER PRIMARY KEY,
                at TEXT NOT NULL,
                who TEXT NOT NULL,
                what TEXT NOT NULL
            ) STRICT;

            """
        return ["services", "resources", "intents", "leases"].reduce(into: tables) { sql, name in
            sql += """
                CREATE TABLE \(name) (
                    position INTEGER PRIMARY KEY,
                    key TEXT NOT NULL UNIQUE,
                    service TEXT NOT NULL,
                    document TEXT NOT NULL,
                    checksum INTEGER NOT NULL
                ) STRICT;
                CREATE INDEX \(name)_by_service ON \(name) (service);

                """
        }
    }()

    private static let rows = """
        INSERT INTO header VALUES (1, 1, '910a2dec89025cc1beeb8da1658eec67', 6, 'acme');
        INSERT INTO history VALUES (
            1, '2026-09-21T14:13:20.000Z', 'ada@laptop (process 1)', 'web/aws.volume/b: created');
        INSERT INTO services VALUES (
            1, 'web', 'web',
            '{"generations":{"web/aws.volume/a":1,"web/aws.volume/b":1},"resources":[],\
        "timeline":[],"url":"https://web.acme.dev"}',
            -2217439863625494076);
        INSERT INTO services VALUES (
            2, 'api', 'api',
            '{"environment":"production","generations":{},"resources":[],"timeline":[]}',
            -7576963516218658722);
        INSERT INTO resources VALUES (
            1, 'web/aws.volume/b', 'web', '\(resource("b"))', -3396835035054445855);
        INSERT INTO resources VALUES (
            2, 'web/aws.volume/a', 'web', '\(resource("a"))', -479642322015265294);
        INSERT INTO intents VALUES (
            1, 'intent-b', 'web', '\(intent("b"))', -5750702795446573779);
        INSERT INTO intents VALUES (
            2, 'intent-c', 'web', '\(intent("c"))', -2343997425566915580);
        INSERT INTO leases VALUES (1, 'api', 'api', '{"generation":1}', -4900368327240550678);
        INSERT INTO leases VALUES (2, 'web', 'web', '{"generation":1}', 4649312039031872784);
        """

    private static let json = """
        {"format_version":1,"intents":[\(intent("b")),\(intent("c"))],
        "lineage":"910a2dec89025cc1beeb8da1658eec67","project":"acme","serial":6,
        "services":{
          "api":{"environment":"production","generations":{},"resources":[],"timeline":[]},
          "web":{
            "generations":{"web/aws.volume/a":1,"web/aws.volume/b":1},
            "resources":[\(resource("a")),\(resource("b"))],
            "timeline":[],"url":"https://web.acme.dev"}}}
        """

    private static func resource(_ key: String) -> String {
        """
        {"address":"web/aws.volume/\(key)","attributes":{"name":"needle","size":20},\
        "created_at":"2026-09-21T14:13:20.000Z","dependencies":[],"fingerprints":{},\
        "id":"vol-\(key)","updated_at":"2026-09-21T14:13:20.000Z"}
        """
    }

    private static func intent(_ key: String) -> String {
        """
        {"action":"create","address":"web/aws.volume/\(key)","id":"intent-\(key)","key":"key",\
        "run":"run-1","started_at":"2026-09-21T14:13:20.000Z"}
        """
    }
}
