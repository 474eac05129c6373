// Validates the graph of a container and runs what is accepted: every instruction set must give the bytes of the reference
// executor.
import CFuzz
import ContainerMutation
import Glibc
import NNQFormat
import NNQGraph
import NNQRuntime

@c(LLVMFuzzerTestOneInput)
public func runModel(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var limits = Limits()
  (limits.rawByteCount, limits.constantByteCount, limits.runByteCount) = (1 << 20, 1 << 20, 1 << 22)
  guard var file = try? ModelFile.read(bytes: UnsafeRawBufferPointer(start: data, count: count), limits: limits, threads: 1),
    let graph = try? Graph(decoding: file.graph), (try? graph.validate()) != nil, graph.isQuick
  else { return 0 }
  file.cost = graph.cost
  guard let model = try? Model(file, limits: limits) else { return 0 }
  let expected = ReferenceExecutor(graph).selfTestDigest(seed: 1)
  for isa in ISA.available {
    guard let digest = try? model.selfTestDigest(seed: 1, isa: isa) else { continue }
    precondition(digest == expected, "\(isa) differs from the reference executor")
  }
  return 0
}

extension Graph {
  /// Whether the reference executor, which is slow, runs it many times a second.
  fileprivate var isQuick: Bool { cost.macCount <= 1 << 16 && cost.activationByteCount <= 1 << 14 && nodes.count <= 64 }
}

var (argc, argv) = (CommandLine.argc, CommandLine.unsafeArgv)
exit(LLVMFuzzerRunDriver(&argc, &argv, runModel))
