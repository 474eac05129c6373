import CommandLineSupport
import NNQRuntime

/// The first member of what `--json` prints: raised when a member changes its meaning; members are only ever added.
let jsonSchema = 1

func run(_ options: RunOptions, _ log: Log) throws {
  switch options.mode {
  case .listISA: listInstructionSets(options)
  case .info: try printInfo(options)
  case .verify: try verify(options)
  case .bench: try printBenchmark(options, log)
  case .profile: try printProfile(options)
  case .predict: try predict(options, log)
  }
}

private func listInstructionSets(_ options: RunOptions) {
  let names = ISA.available.map(\.name)
  print(options.isJSON ? (["isa": .array(names.map(JSON.string))] as JSON).line : names.joined(separator: "\n"))
}
