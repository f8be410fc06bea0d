// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableExperimentalFeature("Lifetimes"),
]

/// Numeric code stays optimised in debug builds, so that `swift test` is quick; release builds need no flag.
let numeric: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "Marconi",
  products: [
    .library(name: "Tensor", targets: ["Tensor"]),
    .library(name: "Channels", targets: ["Channels"]),
    .library(name: "Agents", targets: ["Agents"]),
    .library(name: "Federation", targets: ["Federation"]),
    .library(name: "Scenarios", targets: ["Scenarios"]),
    .executable(name: "bench", targets: ["bench"]),
  ],
  targets: [
    // SIMD kernels in C with run-time CPU dispatch, and nothing else.
    .target(
      name: "CKernels",
      cSettings: [
        .treatAllWarnings(as: .error),
        .unsafeFlags(["-O3"], .when(configuration: .debug)),
      ]),
    // Tensors, reverse-mode differentiation, networks, optimisers, random numbers, checkpoint files.
    .target(name: "Tensor", dependencies: ["CKernels"], swiftSettings: numeric),
    // Wireless physics: units, geometry, mobility, time structure, path loss, fading, links.
    .target(name: "Channels", dependencies: ["Tensor", "CKernels"], swiftSettings: numeric),
    // The environment protocol, replay, the algorithms and the trainer.
    .target(name: "Agents", dependencies: ["Tensor"], swiftSettings: numeric),
    // Clients that average their networks: rounds, bad updates, participation, corrections of drift.
    .target(name: "Federation", dependencies: ["Tensor", "Agents"], swiftSettings: numeric),
    // The harness (packs, runner, run folder, statistics, figures, report, command line) and one folder a paper.
    .target(name: "Scenarios", dependencies: ["Tensor", "Channels", "Agents", "Federation"], swiftSettings: numeric),
    // Counts heap allocations, for the speed suites and for the tests of readers only.
    .target(name: "CAllocations", cSettings: [.treatAllWarnings(as: .error)]),
    // The command-line tool: the harness over the built-in packs, the speed suites and the doctor.
    .executableTarget(
      name: "bench", dependencies: ["Scenarios", "Federation", "Agents", "Channels", "Tensor", "CKernels", "CAllocations"],
      swiftSettings: strict),

    // Checkers that several test targets share.
    .target(name: "TestSupport", dependencies: ["Tensor", "CKernels"], path: "Tests/TestSupport", swiftSettings: numeric),
    .testTarget(
      name: "TensorTests", dependencies: ["Tensor", "CKernels", "CAllocations", "TestSupport"], resources: [.copy("Resources")],
      swiftSettings: strict),
    .testTarget(
      name: "ChannelsTests", dependencies: ["Channels", "CKernels", "CAllocations", "TestSupport"], resources: [.copy("Resources")],
      swiftSettings: strict),
    .testTarget(
      name: "AgentsTests", dependencies: ["Agents", "CKernels", "CAllocations", "TestSupport"], resources: [.copy("Resources")],
      swiftSettings: strict),
    .testTarget(name: "FederationTests", dependencies: ["Federation", "Agents", "CAllocations", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "ScenariosTests", dependencies: ["Scenarios", "CAllocations", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "BenchTests", dependencies: ["bench", "CAllocations", "TestSupport"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
