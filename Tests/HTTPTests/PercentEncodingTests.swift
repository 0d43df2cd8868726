import HTTP
import Testing

@Suite struct PercentEncodingTests {
    @Test(arguments: [
        ("", ""), ("AZaz09-._~", "AZaz09-._~"), ("a b+c", "a%20b%2Bc"),
        ("/?#[]@", "%2F%3F%23%5B%5D%40"),
        ("100%", "100%25"), ("é", "%C3%A9"), ("🚀", "%F0%9F%9A%80"), ("\n", "%0A"),
    ]) func encodesAndDecodes(text: String, encoded: String) {
        #expect(text.percentEncoded == encoded)
        #expect(encoded.percentDecoded == text)
    }

    @Test func keepsWhatItIsTold() {
        #expect("a/b c".percentEncoded(keeping: [0x2F]) == "a/b%20c")
    }

    @Test(arguments: [
        ("a+b", "a+b"), ("%2f%2F", "//"), ("%", "%"), ("%2", "%2"), ("%zz", "%zz"),
        ("%+1", "%+1"), ("%-0", "%-0"), ("%%41", "%A"), ("%e2%82%ac", "€"), ("é%41", "éA"),
    ]) func decodesOnlyWhatIsEncoded(text: String, decoded: String) {
        #expect(text.percentDecoded == decoded)
    }

    @Test func aFormKeepsItsOrder() {
        #expect(
            formEncoded([("b", "2 &="), ("a", ""), ("tags.1.Key", "launch:project")])
                == "b=2%20%26%3D&a=&tags.1.Key=launch%3Aproject")
        #expect(formEncoded([]) == "")
    }
}
