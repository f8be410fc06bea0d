// swift-tools-version: 6.2
import PackageDescription

/// Programs of an outsider: each imports the modules that it needs from the package two folders up, with no setting of its own.
let package = Package(
  name: "Examples",
  dependencies: [.package(name: "Marconi", path: "../..")],
  targets: [
    .executableTarget(
      name: "AccessPoints",
      dependencies: ["Agents", "Channels", "Scenarios", "Tensor"].map { .product(name: $0, package: "Marconi") }),
    .executableTarget(name: "AdaptQuickly", dependencies: [.product(name: "Federation", package: "Marconi")]),
    .executableTarget(name: "Ensemble", dependencies: [.product(name: "Tensor", package: "Marconi")]),
    .executableTarget(name: "FitSinusoid", dependencies: [.product(name: "Tensor", package: "Marconi")]),
    .executableTarget(name: "HybridPolicy", dependencies: [.product(name: "Tensor", package: "Marconi")]),
    .executableTarget(name: "TrainCartPole", dependencies: [.product(name: "Agents", package: "Marconi")]),
    .executableTarget(name: "LinkBudget", dependencies: [.product(name: "Channels", package: "Marconi")]),
  ]
)
