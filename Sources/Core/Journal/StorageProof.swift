import Resources
enum StorageProof {
    static func prove(_ storage: any ObjectStorage, scratch: String, random: any RandomSource) async throws {}
}
