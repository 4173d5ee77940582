// swift-tools-version: 6.2

import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

/// A Swift module of the house, with the modules and products that it may import.
func room(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [])
  -> Target
{
  .target(
    name: name, dependencies: dependencies, resources: resources, swiftSettings: swiftSettings)
}

/// The tests of one room.
func tests(_ room: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: room + "Tests", dependencies: [.byName(name: room)] + dependencies,
    swiftSettings: swiftSettings)
}

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")

let package = Package(
  name: "balance",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "balance", targets: ["balance"]),
    .library(
      name: "Balance",
      targets: [
        "BalanceCore", "Images", "Datasets", "Analysis", "Sampling", "Loading", "Tensors",
        "Networks", "Objectives", "Optimizers", "Training", "Metrics", "Comparisons",
        "Experiments", "Reports",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    // C at the rim; each is imported by one Swift module only.
    .target(
      name: "CImageCodecs", linkerSettings: [.linkedLibrary("jpeg"), .linkedLibrary("png")]),
    .target(name: "CXXHash", linkerSettings: [.linkedLibrary("xxhash")]),
    .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp")]),
    .target(name: "COpenBLAS", linkerSettings: [.linkedLibrary("openblas")]),
    .target(name: "CKernels"),

    // The rooms, in the order that data walks through them.
    room("BalanceCore"),
    room("Images", ["BalanceCore", "CImageCodecs"]),
    room("Datasets", ["BalanceCore", "Images", "CXXHash", grdb]),
    room("Analysis", ["BalanceCore", "Datasets"]),
    room("Sampling", ["BalanceCore"]),
    room("Loading", ["BalanceCore", "Images", "Datasets", "Sampling"]),
    room("Tensors", ["BalanceCore", "COneDNN", "COpenBLAS", "CKernels"]),
    room("Networks", ["BalanceCore", "Tensors"]),
    room("Objectives", ["BalanceCore"]),
    room("Optimizers", ["BalanceCore"]),
    room("Metrics", ["BalanceCore"]),
    room(
      "Training",
      [
        "BalanceCore", "Images", "Datasets", "Sampling", "Loading", "Tensors", "Networks",
        "Objectives", "Optimizers", "Metrics",
      ]),
    room("Comparisons", ["BalanceCore", "Metrics"]),
    room(
      "Experiments",
      [
        "BalanceCore", "Datasets", "Analysis", "Sampling", "Tensors", "Networks", "Training",
        "Comparisons", yams,
      ]),
    room("Reports", ["BalanceCore", "Metrics", "Comparisons", mustache]),
    room(
      "BalanceCommands",
      [
        "BalanceCore", "Images", "Datasets", "Analysis", "Sampling", "Loading", "Tensors",
        "Networks", "Objectives", "Optimizers", "Training", "Metrics", "Comparisons",
        "Experiments", "Reports", argumentParser,
      ]),
    .executableTarget(
      name: "balance", dependencies: ["BalanceCommands"], swiftSettings: swiftSettings),

    // Drives the engine for tools/verify and tools/bench.
    .executableTarget(
      name: "engine-probe",
      dependencies: ["BalanceCore", "Networks", "Objectives", "Optimizers", "Tensors"],
      path: "tools/engine-probe", swiftSettings: swiftSettings),

    tests("BalanceCore"),
    tests("Images"),
    tests("Datasets", ["BalanceCore", "Images"]),
    tests("Analysis", ["BalanceCore", "Datasets", "Images"]),
    tests("Sampling", ["BalanceCore"]),
    tests("Loading", ["BalanceCore", "Images", "Datasets", "Sampling"]),
    tests("Tensors", ["BalanceCore"]),
    tests("Networks", ["BalanceCore", "Tensors"]),
    tests("Objectives", ["BalanceCore"]),
    tests("Optimizers", ["BalanceCore"]),
    tests("Metrics", ["BalanceCore"]),
    tests(
      "Training",
      [
        "BalanceCore", "Images", "Datasets", "Sampling", "Loading", "Tensors", "Networks",
        "Objectives", "Optimizers", "Metrics",
      ]),
    // Made-up runs that the tests of both Comparisons and Reports look at.
    .target(
      name: "ComparisonFixtures", dependencies: ["BalanceCore", "Comparisons"],
      path: "Tests/ComparisonFixtures", swiftSettings: swiftSettings),
    tests("Comparisons", ["BalanceCore", "Metrics", "ComparisonFixtures"]),
    tests("Experiments", ["BalanceCore", "Comparisons", "Training", "Datasets"]),
    tests("Reports", ["BalanceCore", "Metrics", "Comparisons", "ComparisonFixtures"]),
    tests("BalanceCommands", ["BalanceCore", "balance"]),
  ],
  cLanguageStandard: .c17
)
