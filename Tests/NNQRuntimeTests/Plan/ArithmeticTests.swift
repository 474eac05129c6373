import NNQFormat
import NNQGraph
import TestSupport
import Testing

@testable import NNQRuntime

/// Elementwise arithmetic of tensors of any rank, whose operands repeat along any axes.
@Suite struct ArithmeticTests {
  @Test(arguments: UInt64(0)..<60) func equalsTheReference(seed: UInt64) throws {
    let graph = graph(seed: seed)
    let reference = ReferenceRun(graph, batch: 2, seed: seed)
    let model = try Model(graph: graph)
    for isa in ISA.available {
      let session = try Session(model, batch: 2, options: PlanOptions(isa: isa, threads: 2, worthwhileNanoseconds: 0))
      try session.write(reference, batch: 2)
      session.runInPlace()
      let output = graph.outputs[0].tensor
      let shapes = graph.tensors.map { "\($0.shape)" }.joined(separator: " ")
      #expect(session.rawTensor(output, order: .asStored).bytes == reference.bytes(ofTensor: output, batch: 2), "\(isa), \(shapes)")
    }
  }

  private func graph(seed: UInt64) -> Graph {
    var random = SeededRandom(seed: seed)
    var builder = GraphBuilder(seed: seed)
    let shape = [1] + (0..<Int.random(in: 1...6, using: &random)).map { _ in Int.random(in: 1...4, using: &random) }
    func extents(_ random: inout SeededRandom) -> [Int] { shape.map { Bool.random(using: &random) ? $0 : 1 } }
    let types: [ElementType] = [.u8, .s16]
    let a = builder.addInput(extents(&random), types.randomElement(using: &random) ?? .u8)
    let isConstant = Bool.random(using: &random)
    let b =
      isConstant ? builder.addOperand(extents(&random)) : builder.addInput(extents(&random), types.randomElement(using: &random) ?? .u8)
    let y = Bool.random(using: &random) ? builder.addSum(a, b) : builder.addProduct(a, b, .s16)
    builder.addOutput(y)
    return builder.graph
  }

  @Test func rowsAreWholeOrRepeatedOrWrittenOut() {
    #expect([1, 1, 3, 4].withWholeRows(of: [1, 2, 3, 4]) == nil, "one axis of rows")
    #expect([1, 1, 1, 3, 4].withWholeRows(of: [1, 2, 5, 3, 4]) == nil)
    #expect([1, 2, 5, 1, 1].withWholeRows(of: [1, 2, 5, 3, 4]) == nil)
    #expect([1, 2, 1, 1, 4].withWholeRows(of: [1, 2, 5, 3, 4]) == [1, 2, 5, 1, 4])
    #expect([1, 2, 1, 1, 4].withWholeRows(of: [1, 2, 1, 3, 4]) == nil)
    #expect([1, 2, 1, 4].pixels(repeatedTo: [1, 2, 3, 4]) == [0, 0, 0, 1, 1, 1])
  }
}
