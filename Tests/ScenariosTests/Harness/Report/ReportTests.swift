import Testing

@testable import Scenarios

@Suite struct ReportTests {
  func texts(_ words: [String]) throws -> (html: String, markdown: String) {
    let scratch = try ScratchFolder()
    let run = ToolRun(words + ["--out", scratch.path + "/run"])
    try #require(run.status == .done, "\(run.error)")
    return (try content(scratch.path + "/run/report.html"), try content(scratch.path + "/run/report.md"))
  }

  @Test func tellsEverything() throws {
    let (html, markdown) = try texts(["reproduce", "hill", "--seeds", "4,7", "--set", "noise=0.2", "--figure", "4"])
    for text in [
      "0.2", "Where the climbs end, &lt;every&gt; seed.", "HILL-04", "inconclusive", "The paper gives no noise; 0.1 m is ours.",
      "tool reproduce hill --figure 4 --scale quick --seeds 4,7 --set noise=0.2", "The &lt;summit&gt; is at 0 m &amp; nobody is above it.",
      "revision abc",
      "2 seeds are too few to compare",
    ] {
      #expect(html.contains(text), "\(text) is missing in the page")
      #expect(markdown.contains(text), "\(text) is missing in the text")
    }
    #expect(html.contains("<span class=\"changed\">changed by --set; default 0.1</span>"))
    #expect(markdown.contains("![Figure 4](figures/fig4.svg)"))
  }

  @Test func thePageNeedsNothingElse() throws {
    let html = try texts(["run", "hill", "--scale", "smoke"]).html
    #expect(html.contains("<svg xmlns=\"http://www.w3.org/2000/svg\""))
    for text in ["<script", "<link", "src=", "@import", "url("] { #expect(!html.contains(text)) }
    // The only address is the name of SVG's name space.
    #expect(html.components(separatedBy: "http").count == html.components(separatedBy: "http://www.w3.org/2000/svg").count)
    #expect(!html.contains("<noisy>") && !html.contains("<summit>"))
  }

  @Test func everyLinkOfThePageHasItsPlace() throws {
    let html = try texts(["reproduce", "hill"]).html
    let places = Set(html.components(separatedBy: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } })
    let targets = html.components(separatedBy: "href=\"#").dropFirst().map { $0.prefix { $0 != "\"" } }
    for target in targets { #expect(places.contains(target), "\(target)") }
    for target in ["figure-3", "figure-5", "table-ends", "claim-HILL-04", "claims", "deviations-from-the-paper"] {
      #expect(targets.contains(target[...]), "\(target)")
    }
    #expect(html.components(separatedBy: " id=\"").count - 1 == places.count)
  }

  @Test func claimsStandAtTheTop() throws {
    let (html, markdown) = try texts(["reproduce", "hill"])
    let head = html.components(separatedBy: "What was run")[0]
    #expect(head.contains("<a href=\"#claim-HILL-03\">HILL-03</a></th><td><span class=\"badge holds\">holds</span></td><td>A climber remembers"))
    #expect(head.contains("href=\"#figure-4\">figure 4</a>"))
    #expect(markdown.components(separatedBy: "## What was run")[0].contains("| HILL-03 | **holds** | A climber remembers fewer than 100 bytes |"))
  }

  @Test func tablesAreShown() throws {
    let scratch = try ScratchFolder()
    _ = ToolRun(["run", "hill", "--scheme", "careful,still", "--out", scratch.path + "/run"])
    let html = try content(scratch.path + "/run/report.html")
    #expect(html.contains("<b>Ends of the climbs.</b> Means over &lt;all&gt; seeds. <a href=\"tables/ends.csv\">ends.csv</a>"))
    #expect(html.contains("<th scope=\"col\">climber</th><th class=\"number\" scope=\"col\">seeds</th>"))
    #expect(html.contains("<tr><td>Careful</td><td class=\"number\">3</td>") && html.contains("<td class=\"number\">12\u{202F}345</td></tr>"))
    #expect(html.contains("<code>tables/</code>"))
    let markdown = try content(scratch.path + "/run/report.md")
    #expect(markdown.contains("| climber | seeds | height (m) | memory (bit) |\n|---|---:|---:|---:|\n| Careful | 3 |"))
    #expect(markdown.contains("Means over &lt;all&gt; seeds. Numbers: [ends.csv](tables/ends.csv)"))
    let lines = try content(scratch.path + "/run/tables/ends.csv").split(separator: "\n")
    #expect(lines.count == 3 && lines[0] == "climber,seeds,height (m),memory (bit)" && lines[2].hasPrefix("Still,3,-"))
  }
}
