import CommandLineSupport
import NNQFormat
import NNQGraph
import NNQRuntime

/// Runs the model's self-test with the kernels of `--isa`, or with the specification's own executor.
func verify(_ options: RunOptions) throws {
  let executor = options.isReference ? "the reference executor" : options.isa.name
  let isPassed = options.isReference ? try passesByReference(options) : try passesByKernels(options)
  if options.isJSON {
    let result: JSON = [
      "schema": .integer(jsonSchema), "verified": .bool(isPassed), "isa": .string(options.isReference ? "reference" : options.isa.name),
      "threads": .integer(options.threads),
    ]
    print(result.line)
  } else if isPassed {
    print("self-test passed on \(executor)")
  }
  guard isPassed else {
    throw CommandError(.failure, "\(options.modelPath): the self-test failed on \(executor): the outputs are not those of the converter")
  }
}

private func passesByKernels(_ options: RunOptions) throws(ModelError) -> Bool {
  do {
    let model = try Model(contentsOf: options.modelPath, threads: options.threads)
    return try model.verify(threads: options.threads, isa: options.isa)
  } catch {
    throw ModelError(path: options.modelPath, cause: error)
  }
}

private func passesByReference(_ options: RunOptions) throws(ModelError) -> Bool {
  let path = options.modelPath
  let file: ModelFile
  let graph: Graph
  do { file = try ModelFile.read(contentsOf: path) } catch { throw ModelError(path: path, cause: .format(error)) }
  do { graph = try Graph(file) } catch { throw ModelError(path: path, cause: .graph(error)) }
  guard let selfTest = file.selfTest else { throw ModelError(path: path, cause: .noSelfTest) }
  return ReferenceExecutor(graph).selfTestDigest(seed: selfTest.seed) == selfTest.outputDigest
}
