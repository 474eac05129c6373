import NNQFormat
import NNQGraph
import TestSupport
import Testing

@testable import NNQRuntime

/// matMul and reduce of tensors with as many axes as a file can have.
@Suite struct ManyAxesTests {
  private func expectEqual(_ graph: Graph) throws {
    let reference = ReferenceRun(graph, batch: 3, seed: 1)
    let model = try Model(graph: graph)
    let output = graph.outputs[0].tensor
    for isa in ISA.available {
      for threads in 1...2 {
        let options = PlanOptions(isa: isa, threads: threads, worthwhileNanoseconds: 0)
        let session = try Session(model, batch: 3, options: options)
        try session.write(reference, batch: 3)
        session.runInPlace()
        #expect(session.rawTensor(output, order: .asStored).bytes == reference.bytes(ofTensor: output, batch: 3), "\(isa), \(threads)")
      }
    }
  }

  @Test func matricesRepeatAlongAnyOfSixAxes() throws {
    var builder = GraphBuilder(seed: 1)
    let a = builder.addInput([1, 2, 1, 3, 1, 2, 4, 5])
    let b = builder.addInput([1, 1, 2, 3, 2, 1, 5, 7])
    _ = builder.addMatMul(a, b, transposeB: false)
    try expectEqual(builder.finish())
  }

  @Test(arguments: [[1, 1, 3, 1, 2, 1, 3, 4], [1, 2, 1, 2, 1, 2, 1, 4], [1, 1, 3, 1, 2, 1, 3, 1], [1, 2, 3, 2, 2, 2, 3, 4]])
  func axesAreReducedInTurn(shape: [Int]) throws {
    for reduction in [Reduction.sum(multiplier: 1 << 20, shift: 22), .max, .min] {
      var builder = GraphBuilder(seed: 2)
      let x = builder.addInput([1, 2, 3, 2, 2, 2, 3, 4])
      _ = builder.addReduction(x, shape, reduction, type: .u8)
      try expectEqual(builder.finish())
    }
  }
}
