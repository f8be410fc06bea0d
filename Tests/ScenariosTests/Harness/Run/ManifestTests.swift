import Tensor
import Testing

@testable import Scenarios

@Suite struct ManifestTests {
  func manifest(_ settings: [String] = []) throws -> Manifest {
    let request = try RunRequest(.reproduce, of: HillClimberPack(), scale: .smoke, schemes: ["bold"], seeds: [7, 2], settings: settings)
    return Manifest(
      pack: HillClimberPack(), request: request, plan: "00ff", version: "1", revision: nil, cpuLevel: "avx2", threads: 2,
      commandLine: ["tool", "a b"])
  }

  @Test func readsWhatItWrites() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/manifest.json"
    var manifest = try manifest(["noise=0.25", "weather=rain", "rope=yes"])
    manifest.resumed = ["2026-01-01T00:00:00Z"]
    manifest.seconds = 12.5
    try manifest.write(to: path)
    #expect(try Manifest(path: path) == manifest)
    manifest.end = "2026-01-02T00:00:00Z"
    try manifest.write(to: path)
    #expect(try Manifest(path: path) == manifest)
    let request = try Manifest(path: path).request(for: HillClimberPack())
    #expect(request.seeds == [2, 7])
    #expect(request.schemes == ["bold"])
    #expect(request.scale == .smoke)
    #expect(request.parameters.number("noise") == 0.25)
    #expect(request.parameters.choice("weather") == "rain")
    #expect(request.parameters.flag("rope"))
    #expect(request.parameters.integer("steps") == 30)
    #expect(request.parameters.origin(of: "steps") == .scale)
  }

  @Test func startAndEndAreInUTC() throws {
    #expect(try manifest().start.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
  }

  @Test func otherDefaultsAreNoticed() throws {
    var manifest = try manifest()
    manifest.parameters[1] = .init("steps", JSON(31))
    #expect(throws: RunError.self) { try manifest.request(for: HillClimberPack()) }
  }

  @Test(arguments: ["", "[]", "{\"pack\":\"hill\"}", "{\"pack\":1}"]) func damagedOnesAreRefused(text: String) throws {
    let folder = try ScratchFolder()
    try folder.write(text, to: "manifest.json")
    #expect(throws: FileError.self) { try Manifest(path: folder.path + "/manifest.json") }
  }
}
