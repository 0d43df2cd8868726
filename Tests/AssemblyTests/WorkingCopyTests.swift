import Assembly
import Foundation
import Testing

@Suite struct WorkingCopyTests {
    private static let commit = "1a2b3c4d5e6f70819203a4b5c6d7e8f901234567"

    /// Files by their path; a copy is looked for around `folder`.
    private static let cases: [(files: [String: String], folder: String, commit: String?)] = [
        ([".git/HEAD": "\(commit)\n"], "", commit),
        ([".git/HEAD": "\(commit)\n"], "services/web", commit),
        (
            [".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": "\(commit)\n"], "",
            commit
        ),
        (
            [
                ".git/HEAD": "ref: refs/heads/a/b\n",
                ".git/packed-refs": "# pack-refs with: peeled\n\(commit) refs/heads/a/b\n^ab\n",
            ], "", commit
        ),
        (
            [
                "main/.git/refs/heads/topic": "\(commit)\n",
                "main/.git/worktrees/copy/HEAD": "ref: refs/heads/topic\n",
                "main/.git/worktrees/copy/commondir": "../..\n",
                "copy/.git": "gitdir: ../main/.git/worktrees/copy\n",
            ], "copy", commit
        ),
        ([".git/HEAD": "ref: refs/heads/main\n"], "", nil),
        ([".git/HEAD": "what is this\n"], "", nil),
        ([".git/description": "no head"], "", nil),
    ]

    @Test(arguments: cases.indices) func theCommitIsFound(index: Int) throws {
        let (files, folder, commit) = Self.cases[index]
        let root = FileManager.default.temporaryDirectory.appending(
            path: "launch-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let copy = WorkingCopy(around: root.appending(path: folder).path)
        #expect(copy?.commit == commit)
    }

    @Test func aFolderMayBeUnderNoGit() { #expect(WorkingCopy(around: "/proc") == nil) }
}
