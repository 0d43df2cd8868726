@testable import AWS
import Testing

@Suite struct INIDocumentTests {
    @Test func readsWhatTheSDKsRead() throws {
        let text = """
            \u{FEFF}# A comment
            [default]
            Region=eu-west-1
              ; another one
            output = json ; inline
            s3 =
              aws_access_key_id = NOT-A-KEY

              max_concurrent_requests = 20
            secret = a#b;c=d:e

            [ profile  "two words" ]
                key : indented
                other=as well
            [default]\r
            region = eu-west-2\r
            empty =
            """
        #expect(
            try INIDocument(text).sections == [
                "default": [
                    "region": "eu-west-2", "output": "json",
                    "s3": "\naws_access_key_id = NOT-A-KEY\nmax_concurrent_requests = 20",
                    "secret": "a#b;c=d:e", "empty": "",
                ], "profile  \"two words\"": ["key": "indented", "other": "as well"],
            ])
    }

    @Test(arguments: [
        ("key = before any section", 1), ("[a]\nb=c\nno sign", 3), ("[a]\n= no key", 2),
        ("\n[open", 2),
    ])
    func saysWhichLineIsMalformed(text: String, line: Int) {
        #expect(throws: INIDocument.Malformed(line: line)) { try INIDocument(text) }
    }

    @Test(
        arguments: [
            ("", []), ("  a  b ", ["a", "b"]), (#"a "b c" d"#, ["a", "b c", "d"]),
            (#"'a\b' "a\"b" "a\b" a\ b"#, [#"a\b"#, #"a"b"#, #"a\b"#, "a b"]),
            (#"'' x"y"'z'"#, ["", "xyz"]), ("$HOME | *", ["$HOME", "|", "*"]), ("'open", nil),
            (#""open"#, nil), (#"end\"#, nil),
        ] as [(String, [String]?)])
    func splitsCommandsAsAShellWould(line: String, words: [String]?) {
        #expect(CommandLineWords.split(line) == words)
    }
}
