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

  /// 1 x 1 and 3 x 3, groups, a residual, s16: all with few enough weights to skip the zeros.
  @Test(arguments: [1, 3]) func sparseConvolutionsEqualTheReference(threads: Int) throws {
    var builder = GraphBuilder(seed: 12)
    builder.density = 4
    let unit = Extent2D(height: 1, width: 1)
    func conv(_ x: Int, kernel: Int, groups: Int = 1, type: ElementType = .u8, residual: Int? = nil) -> Int {
      let pad = kernel / 2
      let padding = Padding2D(top: pad, left: pad, bottom: pad, right: pad)
      let conv = Conv2D(stride: unit, dilation: unit, padding: padding, groups: groups, epilogue: Epilogue(lo: 0, hi: 0))
      return builder.addConv(x, conv, kernel: Extent2D(height: kernel, width: kernel), channels: 80, type: type, residual: residual)
    }
    let x = conv(builder.addInput([1, 12, 13, 80]), kernel: 1)
    let y = conv(x, kernel: 3, residual: x)
    builder.addOutput(conv(conv(y, kernel: 3, groups: 2), kernel: 1, type: .s16))
    let graph = builder.graph
    let reference = ReferenceRun(graph, batch: 2, seed: 12)
    let model = try Model(graph: graph)
    for isa in ISA.available {
      let session = try Session(model, batch: 2, options: PlanOptions(isa: isa, threads: threads, worthwhileNanoseconds: 0, kept: []))
      try session.write(reference, batch: 2)
      session.runInPlace()
      let output = graph.outputs[0].tensor
      #expect(session.rawTensor(output, order: .asStored).bytes == reference.bytes(ofTensor: output, batch: 2), "\(isa)")
      #expect(session.profile(runs: 1).map(\.weights) == [.sparse, .sparse, .sparse, .sparse])
      #expect(session.profile(runs: 1).allSatisfy { $0.kernel.hasPrefix("sparse") })
    }
  }
}
