/// One self-contained page: no script, no font and no picture from elsewhere.
///
/// It reads on a phone, in light and in dark, and on paper.
struct HTMLPage {
    let title: String
    /// Shown below the title, as HTML.
    let lead: String
    /// As HTML.
    let body: String
    /// What stands below, as HTML.
    var closing: [String] = []

    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>\(title.html)</title>
        <style>
        \(Self.style)
        </style>
        </head>
        <body>
        <header><h1>\(title.html)</h1><p>\(lead)</p></header>
        <main>
        \(body)
        </main>
        \(closing.isEmpty ? "" : "<footer>\(closing.map { "<p>\($0)</p>" }.joined())</footer>\n")\
        </body>
        </html>

        """
    }

    /// One thing of the page, with its state beside its name.
    ///
    /// - Parameters:
    ///   - lead: a line before the facts, as HTML.
    ///   - facts: labels and values, as HTML.
    static func card(
        _ title: String, badge: (grade: String, words: String), lead: String? = nil,
        facts: [(label: String, value: String)]
    ) -> String {
        let head = "<h2>\(title.html)<span class=\"\(badge.grade)\">\(badge.words)</span></h2>"
        let rows = facts.map { "<dt>\($0.label)</dt><dd>\($0.value)</dd>" }
        return
            (["<article>", head] + [lead].compactMap(\.self) + ["<dl>"] + rows
            + ["</dl>", "</article>"]).joined(separator: "\n")
    }

    /// Lines as they are; nothing for none.
    static func preformatted(_ lines: [String]) -> String {
        lines.isEmpty ? "" : "<pre>\(lines.map(\.html).joined(separator: "\n"))</pre>"
    }

    private static let style = """
        :root { color-scheme: light dark; --line: #d8dee4; --soft: #59636e; --page: #f6f8fa;
          --card: #ffffff; --ink: #1f2328; --good: #1a7f37; --warn: #9a6700; --bad: #cf222e; }
        @media (prefers-color-scheme: dark) { :root { --line: #30363d; --soft: #9198a1;
          --page: #0d1117; --card: #151b23; --ink: #f0f6fc; --good: #3fb950; --warn: #d29922;
          --bad: #f85149; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 70rem; padding: 1rem; background: var(--page);
          color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        h1 { font-size: 1.5rem; margin: .5rem 0 0; } header p { margin: 0 0 1rem; color: var(--soft); }
        main { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); }
        article { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
          padding: 1rem; overflow-wrap: anywhere; break-inside: avoid; }
        h2 { font-size: 1.1rem; margin: 0 0 .25rem; display: flex; gap: .5rem;
          justify-content: space-between; align-items: baseline; }
        dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem .75rem; margin: .75rem 0 0; }
        dt { color: var(--soft); } dd { margin: 0; }
        pre { margin: .25rem 0; overflow-x: auto; font-size: .85rem; }
        footer { margin: 1rem 0; color: var(--soft); font-size: .9rem; } footer p { margin: .25rem 0; }
        a { color: inherit; }
        .good, .warn, .bad { font-size: .9rem; font-weight: 600; }
        h2 span { white-space: nowrap; }
        .good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
        """
}

extension String {
    /// As text that is read the same inside an element or an attribute.
    var html: String {
        var text = ""
        for character in self {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            default: text.append(character)
            }
        }
        return text
    }
}
