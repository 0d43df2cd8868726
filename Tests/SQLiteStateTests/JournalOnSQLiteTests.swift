import Resources
import TestSupport
import Testing

/// The state as a whole, on the embedded storage.
@Suite struct JournalOnSQLiteTests {
    @Test(arguments: StateStoreContract.Rule.allCases)
    func honoursTheContract(_ rule: StateStoreContract.Rule) async throws {
        let folder = try TemporaryFolder()
        let contract = StateStoreContract { clock, terms in
            folder.store(time: clock, terms: terms)
        }
        try await contract.check(rule)
    }
}
