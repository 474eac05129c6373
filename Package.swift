// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [.treatAllWarnings(as: .error)]
let c: [CSetting] = [.treatAllWarnings(as: .error)]

/// A test target mirrors its source target: `Tests/XTests` covers `Sources/X`.
func tests(_ module: String, uses others: [Target.Dependency] = []) -> Target {
  .testTarget(name: "\(module)Tests", dependencies: [.byName(name: module), "TestSupport"] + others, swiftSettings: swift)
}

/// libFuzzer's targets, built by scripts/fuzz alone: they link only with its runtime.
func fuzzer(_ name: String, uses dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: ["CFuzz"] + dependencies, path: "Fuzz/\(name)", swiftSettings: swift)
}

let fuzzers: [Target] = [
  .target(name: "CFuzz", path: "Fuzz/CFuzz", cSettings: c),
  .target(name: "ContainerMutation", dependencies: ["CFuzz", "CZlib"], path: "Fuzz/ContainerMutation", swiftSettings: swift),
  fuzzer("FuzzContainer", uses: ["ContainerMutation", "NNQFormat"]),
  fuzzer("FuzzModel", uses: ["ContainerMutation", "NNQFormat", "NNQGraph", "NNQRuntime"]),
  fuzzer("FuzzONNX", uses: ["NNQONNX", "NNQFloat"]),
  fuzzer("FuzzInput", uses: ["NNQInput"]),
]

let package = Package(
  name: "nnq",
  products: [
    .library(name: "NNQFormat", targets: ["NNQFormat"]),
    .library(name: "NNQRuntime", targets: ["NNQRuntime"]),
    .library(name: "NNQConvert", targets: ["NNQConvert"]),
    .executable(name: "nnconv", targets: ["nnconv"]),
    .executable(name: "nnrun", targets: ["nnrun"]),
  ],
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZopfli", providers: [.apt(["libzopfli-dev"])]),
    .target(name: "CKernels", cSettings: c),
    .target(name: "NNQFormat", dependencies: ["CZlib"], swiftSettings: swift),
    .target(name: "NNQGraph", dependencies: ["NNQFormat"], swiftSettings: swift),
    .target(name: "NNQRuntime", dependencies: ["NNQGraph", "NNQFormat", "CKernels"], swiftSettings: swift),
    .target(name: "NNQFloat", dependencies: ["NNQFormat", "CKernels"], swiftSettings: swift),
    .target(name: "NNQONNX", dependencies: ["NNQFloat"], swiftSettings: swift),
    .target(name: "NNQConvert", dependencies: ["NNQFloat", "NNQGraph", "NNQFormat", "NNQRuntime"], swiftSettings: swift),
    .target(name: "CImage", cSettings: c, linkerSettings: [.linkedLibrary("png"), .linkedLibrary("jpeg"), .linkedLibrary("m")]),
    .target(name: "NNQInput", dependencies: ["CommandLineSupport", "NNQFormat", "CImage", "CZlib"], swiftSettings: swift),
    .target(name: "CommandLineSupport", dependencies: ["NNQFormat"], swiftSettings: swift),
    .executableTarget(
      name: "nnconv",
      dependencies: [
        "NNQConvert", "NNQONNX", "NNQFloat", "NNQRuntime", "NNQGraph", "NNQFormat", "NNQInput", "CommandLineSupport", "CZopfli",
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "nnrun", dependencies: ["NNQRuntime", "NNQGraph", "NNQFloat", "NNQFormat", "NNQInput", "CommandLineSupport"],
      swiftSettings: swift),
    .executableTarget(
      name: "onnxcheck",
      dependencies: ["NNQConvert", "NNQONNX", "NNQFloat", "NNQRuntime", "NNQFormat", "NNQInput", "CommandLineSupport"],
      swiftSettings: swift),
    .target(name: "CAllocCount", path: "Tests/CAllocCount", cSettings: c),
    .target(name: "TestSupport", dependencies: ["NNQGraph", "NNQFormat"], path: "Tests/TestSupport", swiftSettings: swift),
    tests("CKernels"),
    tests("NNQFormat", uses: ["CZlib"]),
    tests("NNQGraph", uses: ["NNQFormat"]),
    tests("NNQRuntime", uses: ["NNQGraph", "NNQFormat", "CKernels", "CAllocCount"]),
    tests("NNQFloat", uses: ["NNQFormat", "CKernels"]),
    tests("NNQONNX", uses: ["NNQFloat"]),
    tests("NNQConvert", uses: ["NNQFloat", "NNQGraph", "NNQFormat", "NNQRuntime", "CKernels"]),
    tests("NNQInput", uses: ["NNQFormat", "CommandLineSupport"]),
    tests("CommandLineSupport"),
    .testTarget(
      name: "CommandTests",
      dependencies: ["nnconv", "nnrun", "TestSupport", "NNQInput", "NNQRuntime", "NNQFloat", "NNQGraph", "NNQFormat"], swiftSettings: swift),
  ] + (Context.environment["NNQ_FUZZ"] == nil ? [] : fuzzers),
  swiftLanguageModes: [.v6]
)
