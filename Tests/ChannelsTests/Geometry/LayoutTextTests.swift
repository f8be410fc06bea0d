import Channels
import Tensor
import Testing

@Suite struct LayoutTextTests {
  @Test func aLayoutIsRead() throws {
    let text = "\u{FEFF}# two sites\r\n\r\n x_m , y_m,height_m\r\n0,0,25\r\n -500.5 ,1e2,\t30\n"
    let nodes = try NodePositions(csv: text, name: "sites")
    #expect(nodes.positions() == [.origin, Position(x: -500.5, y: 100)])
    #expect(nodes.heights == [25, 30])
    let flat = try NodePositions(csv: "x_m,y_m\n1,2", name: "users", height: Meters(1.5))
    #expect(flat.positions() == [Position(x: 1, y: 2)] && flat.heights == [1.5])
  }

  @Test func whatIsWrittenIsReadBack() throws {
    var nodes = NodePositions(nodes: 50, height: Meters(1.5))
    try UniformDrop(.disc(radius: Meters(500))).draw(into: &nodes, stream: RandomStream(seed: 1, purpose: .drop))
    #expect(try NodePositions(csv: nodes.csv(), name: "text") == nodes)
  }

  static let bad: [(text: String, reason: String)] = [
    ("", "has no line 'x_m,y_m'"),
    ("# nothing\n\n", "has no line 'x_m,y_m'"),
    ("x_m,y_m\n", "has no nodes"),
    ("0,0\n1,1", "line 1 must be 'x_m,y_m'"),
    ("x,y\n1,1", "line 1 must be"),
    ("\n#\ny_m,x_m\n1,1", "line 3 must be"),
    ("x_m,y_m,z_m\n1,1,1", "line 1 must be"),
    ("x_m,y_m\n1,2\n1,2,3", "line 3 has 3 fields where the first line names 2"),
    ("x_m,y_m,height_m\n1,2", "line 2 has 2 fields where the first line names 3"),
    ("x_m,y_m\n1;2", "line 2 has 1 fields"),
    ("x_m,y_m\n1,", "line 2 has '' for y_m, which is no decimal number"),
    ("x_m,y_m\n\n#\n1,zwei", "line 4 has 'zwei' for y_m"),
    ("x_m,y_m\nnan,0", "line 2 has 'nan' for x_m"),
    ("x_m,y_m\n0,inf", "line 2 has 'inf' for y_m"),
    ("x_m,y_m\n0x10,0", "line 2 has '0x10' for x_m"),
    ("x_m,y_m\n1e999,0", "line 2 has"),
    ("x_m,y_m\n1.2.3,0", "line 2 has '1.2.3' for x_m"),
    ("x_m,y_m\n1 2,0", "line 2 has '1 2' for x_m"),
    ("x_m,y_m\n1e8,0", "line 2 has 100000000.0 m for x_m, beyond ±10000000.0 m"),
    ("x_m,y_m,height_m\n0,0,1e6", "line 2 has 1000000.0 m for height_m, beyond"),
    ("x_m,y_m\n\u{1B}[31m\0,0", "line 2 has '?[31m?' for x_m"),
    ("x_m,y_m\n" + String(repeating: "9", count: 1 << 20), "line 2 is longer than 256 bytes"),
    (String(repeating: ",", count: 1 << 20), "line 1 is longer than 256 bytes"),
    ("x_m,y_m\n" + String(repeating: "0,0\n", count: 65537), "line 65538 is one node too many: a layout has at most 65536"),
  ]

  @Test(arguments: bad.indices) func whatDoesNotFitIsRefusedWithItsLine(index: Int) {
    let (text, reason) = LayoutTextTests.bad[index]
    let error = #expect(throws: FileError.self) { try NodePositions(csv: text, name: "users.csv") }
    #expect(error?.description.hasPrefix("users.csv: \(reason)") == true, "\(error?.description ?? "")")
  }

  @Test func mangledTextsNeverCrash() {
    let bytes = Array("x_m,y_m,height_m\n1,2,3\n-4.5e2,6,7\n".utf8)
    var generator = Philox(seed: 15, counter: (0, 0, 0, 1))
    for _ in 0..<5000 {
      var mangled = bytes
      for _ in 0...generator.integer(below: 4) {
        mangled[generator.integer(below: mangled.count)] = UInt8(truncatingIfNeeded: generator.next32())
      }
      let nodes = try? NodePositions(csv: String(decoding: mangled, as: UTF8.self), name: "text")
      if let nodes {
        let finite = (nodes.x + nodes.y + nodes.heights).allSatisfy(\.isFinite)
        #expect(finite)
      }
    }
  }
}
