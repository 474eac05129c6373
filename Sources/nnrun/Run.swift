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

private func verify(_ options: RunOptions) throws {
  let isPassed: Bool
  do {
    let model = try Model(contentsOf: options.modelPath, threads: options.threads)
    isPassed = try model.verify(threads: options.threads, isa: options.isa)
  } catch {
    throw ModelError(path: options.modelPath, cause: error)
  }
  if options.isJSON {
    let result: JSON = [
      "schema": .integer(jsonSchema), "verified": .bool(isPassed), "isa": .string(options.isa.name), "threads": .integer(options.threads),
    ]
    print(result.line)
  } else if isPassed {
    print("self-test passed on \(options.isa)")
  }
  guard isPassed else {
    throw CommandError(.failure, "\(options.modelPath): the self-test failed on \(options.isa): the outputs are not those of the converter")
  }
}
