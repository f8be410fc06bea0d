import CKernels

/// The instruction sets that kernels are compiled for.
public enum ProcessorLevel: Int32, Sendable, Comparable, CaseIterable {
  case portable = 0
  case avx2 = 1
  case avx512 = 2

  public static func < (a: ProcessorLevel, b: ProcessorLevel) -> Bool { a.rawValue < b.rawValue }

  /// The level in use: the CPU's highest, unless the environment variable `MARCONI_CPU` names a lower one.
  public static var current: ProcessorLevel { ProcessorLevel(rawValue: ck_level()) ?? .portable }

  /// The highest level that this CPU can run.
  public static var highest: ProcessorLevel { ProcessorLevel(rawValue: ck_highest_level()) ?? .portable }

  /// Whether `MARCONI_CPU` names no level that this CPU can run.
  public static var environmentIsRefused: Bool { ck_level_refused() != 0 }

  public var name: String {
    switch self {
    case .portable: "portable"
    case .avx2: "avx2"
    case .avx512: "avx512"
    }
  }
}
