// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Soak",
  dependencies: [.package(name: "nnq", path: "../..")],
  targets: [
    .executableTarget(name: "Soak", dependencies: [.product(name: "NNQRuntime", package: "nnq")])
  ],
  swiftLanguageModes: [.v6]
)
