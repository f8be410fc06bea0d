import Testing

@testable import Scenarios

@Suite struct FigureCSVTests {
  let points = [Series.Point(x: 10, mean: 0.5, low: 0.25, high: 0.75, seeds: 3)]

  @Test func onePanel() {
    let figure = Figure(
      number: 1, title: "", caption: "",
      panels: [Panel(x: Axis("distance", unit: "m"), y: Axis("rate", unit: "bit/s"), series: [Series("a, \"b\"", points: points)])])
    #expect(figure.csv == "distance (m),scheme,rate mean (bit/s),rate low (bit/s),rate high (bit/s),seeds\n10,\"a, \"\"b\"\"\",0.5,0.25,0.75,3\n")
  }

  @Test func severalPanels() {
    let panel = Panel(title: "left", x: Axis("n"), y: Axis("p"), series: [Series("a", points: points)])
    var other = panel
    other.title = ""
    let same = Figure(number: 1, title: "", caption: "", panels: [panel, other])
    #expect(same.csv == "panel,n,scheme,p mean,p low,p high,seeds\nleft,10,a,0.5,0.25,0.75,3\n2,10,a,0.5,0.25,0.75,3\n")
    other.y = Axis("q", unit: "W")
    let different = Figure(number: 1, title: "", caption: "", panels: [panel, other])
    #expect(
      different.csv
        == "panel,x,scheme,y mean,y low,y high,seeds,x axis,y axis\nleft,10,a,0.5,0.25,0.75,3,n,p\n2,10,a,0.5,0.25,0.75,3,n,q (W)\n")
  }
}
