import Foundation

/// What the operating system says of the machine.
enum Machine {
  /// The processor's own name.
  static var processor: String { field("/proc/cpuinfo", "model name") ?? "unknown" }

  /// Memory in GiB.
  static var memory: Double { Double(ProcessInfo.processInfo.physicalMemory) / Double(1 << 30) }

  /// The operating system's name and version.
  static var system: String { ProcessInfo.processInfo.operatingSystemVersionString }

  /// The compiler's version, as far as the source can tell.
  static var compiler: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  private static func field(_ path: String, _ name: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n") where line.hasPrefix(name) {
      return line.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
    }
    return nil
  }
}
