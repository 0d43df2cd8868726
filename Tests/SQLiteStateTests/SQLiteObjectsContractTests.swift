import Simulation
import TestSupport
import Testing

@testable import SQLiteState

@Test(arguments: ObjectStorageContract.Rule.allCases)
func sqliteObjectsHonourTheContract(_ rule: ObjectStorageContract.Rule) async throws {
    let folder = try TemporaryFolder()
    let contract = ObjectStorageContract { folder.objects(time: $0) }
    try await contract.check(rule)
}
