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
}
