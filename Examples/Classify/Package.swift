// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Classify",
  dependencies: [.package(name: "nnq", path: "../..")],
  targets: [
    .executableTarget(name: "Classify", dependencies: [.product(name: "NNQRuntime", package: "nnq")])
  ],
  swiftLanguageModes: [.v6]
)
