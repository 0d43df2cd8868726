import HCL
import Services
import Simulation
import Testing

/// Whatever stands in a file, reading it ends, and ends with places inside the file.
@Suite struct MutationTests {
    private static let pieces = [
        "", "\u{0}", "\t", "\r\n", "\r", "\n", "=", "==", "=>", "\"", "\\", "\\u", "${", "$${",
        "%{", "%%{", "}", "{", "[", "]", "(", ")", ",", ".", "...", "*", "[*]", "<<EOT", "<<-EOT\n",
        "EOT\n", "#", "//", "/*", "*/", "for ", "null", "local.a", "var", "-", "1e", "1.", "?", ":",
        "é\u{2028}", "~", "99999999999999999999", "\u{FEFF}", "'",
    ]

    @Test(arguments: Fixture.valid + Fixture.invalid)
    func anyFileIsReadToItsEnd(_ fixture: Fixture) throws {
        let original = Array(try fixture.text().unicodeScalars)
        let random = SeededRandom(seed: UInt64(original.count))
        for _ in 0..<400 {
            var scalars = original
            for _ in 0...random.next() % 4 {
                let start = Int(random.next() % UInt64(scalars.count))
                let end = min(scalars.count, start + Int(random.next() % 6))
                let piece = Self.pieces[Int(random.next() % UInt64(Self.pieces.count))]
                scalars.replaceSubrange(start..<end, with: piece.unicodeScalars)
            }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            let text = String(view)
            let lines = text.unicodeScalars.split(
                separator: "\n", omittingEmptySubsequences: false)
            for problem in Locals(text).problems {
                let (line, column) = (problem.place.line, problem.place.column)
                #expect(
                    lines.indices.contains(line - 1)
                        && (1...lines[line - 1].count + 1).contains(column),
                    "\(problem) in \(text)")
            }
        }
    }
}
