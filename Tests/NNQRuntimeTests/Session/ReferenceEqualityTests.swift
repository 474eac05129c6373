import NNQFormat
import NNQGraph
import TestSupport
import Testing

@testable import NNQRuntime

/// The runtime gives the reference executor's bytes: every tensor, instruction set, number of threads and batch size.
@Suite struct ReferenceEqualityTests {
  static let seeds: Range<UInt64> = 0..<40
  @Test(arguments: seeds) func everyTensorEqualsTheReference(seed: UInt64) throws {
    let graph = randomGraph(seed: seed)
    let reference = ReferenceRun(graph, batch: 5, seed: seed)
    let model = try Model(graph: graph)
    let activations = graph.tensors.indices.filter { graph.tensors[$0].constant == nil }
    for isa in ISA.available {
      for threads in 1...3 {
        let options = PlanOptions(isa: isa, threads: threads, worthwhileNanoseconds: 0, kept: activations)
        let session = try Session(model, batch: 1, options: options)
        for batch in [1, 2, 5] {
          try session.resize(batch: batch)
          try session.write(reference, batch: batch)
          session.runInPlace()
          for tensor in activations {
            let bytes = session.rawTensor(tensor, order: .asStored).bytes
            #expect(
              bytes == reference.bytes(ofTensor: tensor, batch: batch),
              "seed \(seed), \(isa), \(threads) threads, batch \(batch), \(graph.tensors[tensor].name)")
          }
        }
      }
    }
  }

  /// Without kept tensors buffers share memory.
  @Test(arguments: seeds) func outputsEqualTheReferenceWhenMemoryIsReused(seed: UInt64) throws {
    let graph = randomGraph(seed: seed, nodeCount: 16)
    let reference = ReferenceRun(graph, batch: 2, seed: seed)
    let model = try Model(graph: graph)
    for isa in ISA.available {
      let session = try Session(model, batch: 2, isa: isa)
      for _ in 0..<2 {
        try session.write(reference, batch: 2)
        session.runInPlace()
        for port in graph.outputs {
          let bytes = session.rawTensor(port.tensor, order: .asStored).bytes
          #expect(bytes == reference.bytes(ofTensor: port.tensor, batch: 2), "seed \(seed), \(isa), \(graph.tensors[port.tensor].name)")
        }
      }
    }
  }
}
