import Foundation
import TestSupport

/// A report as a reader sees it: by GitHub's own renderer of Markdown, and by a parser of HTML that
/// follows the standard as browsers do.
struct RenderedReport: Decodable {
    /// What the parser of HTML found wrong.
    let errors: [String]
    let headings: [String]
    let paragraphs: [String]
    /// Rows of cells; the first has the columns' names.
    let tables: [[[String]]]
    /// Folded parts by their summary, each with the code block inside of it.
    let folds: [[String]]
    /// Titles of cards, each with its badge.
    let cards: [[String]]
    let definitions: [String]
    let preformatted: [String]

    private static let script = PythonScript(
        text: #"""
            import json, sys
            import cmarkgfm, html5lib
            from cmarkgfm.cmark import Options

            form, text = json.load(open(sys.argv[1]))
            parser = html5lib.HTMLParser(
                tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
            if form == "markdown":
                options = Options.CMARK_OPT_UNSAFE
                page = cmarkgfm.github_flavored_markdown_to_html(text, options=options)
                tree = parser.parseFragment(page)
            else:
                tree = parser.parse(text)

            def words(element):
                return "".join(element.itertext()).strip("\n")

            def all(name, root=tree):
                return [words(one) for one in root.iter(name)]

            def rows(table):
                return [[words(cell) for cell in row if cell.tag in ("td", "th")]
                        for row in table.iter("tr")]

            json.dump({
                "errors": [error[1] for error in parser.errors],
                "headings": all("h1") + all("h3"),
                "paragraphs": all("p"),
                "tables": [rows(table) for table in tree.iter("table")],
                "folds": [[words(fold.find("summary"))] + all("pre", fold)
                          for fold in tree.iter("details")],
                "cards": [[card.find("h2").text] + all("span", card.find("h2"))
                          for card in tree.iter("article")],
                "definitions": all("dd"),
                "preformatted": all("pre"),
            }, sys.stdout)
            """#)

    /// Only where the tests' Python has both.
    static let isPossible = (try? RenderedReport(markdown: "")) != nil

    init(markdown: String) throws { self = try Self.script.run(["markdown", markdown]) }
    init(html: String) throws { self = try Self.script.run(["html", html]) }
}
