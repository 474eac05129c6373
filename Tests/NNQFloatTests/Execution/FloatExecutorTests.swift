import NNQFloat
import TestSupport
import Testing

@Suite struct FloatExecutorTests {
  /// A small net with a residual, so that a value has a use after its first.
  private func makeNet() throws -> FloatGraph {
    var random = SeededRandom(seed: 5)
    var graph = FloatGraph()
    let x = try graph.addInput(name: "x", shape: [1, 4, 9, 9])
    let weights = try graph.addConstant(name: "w", shape: [4, 4, 3, 3], values: random.floats(144))
    let conv = FloatConv(strides: [1, 1], dilations: [1, 1], pads: [1, 1, 1, 1], groups: 1)
    let a = try graph.append(.conv(conv), name: "conv", inputs: [x, weights], outputName: "a")
    let b = try graph.append(.unary(.tanh), name: "tanh", inputs: [a], outputName: "b")
    let c = try graph.append(.binary(.add), name: "add", inputs: [b, x], outputName: "c")
    let d = try graph.append(.globalAveragePool, name: "pool", inputs: [c], outputName: "d")
    graph.outputs = [d, b]
    return graph
  }

  @Test func observesInputsAndEveryNodeInOrder() throws {
    let graph = try makeNet()
    var seen: [Int: [Float]] = [:]
    var order: [Int] = []
    let input = [Float](repeating: 0.5, count: 324)
    let outputs = try FloatExecutor(graph).run(inputs: [input]) { value, shape, elements in
      #expect(shape == graph.values[value].shape)
      order.append(value)
      seen[value] = Array(elements)
    }
    #expect(order == [0, 2, 3, 4, 5])
    #expect(seen[0] == input)
    #expect(outputs == [seen[5], seen[3]])
  }

  @Test func evaluatesAnOperationOnOtherOperands() throws {
    let executor = try FloatExecutor(makeNet())
    let x = FloatTensor(shape: [1, 2], elements: [1, -3])
    let y = FloatTensor(shape: [1, 2], elements: [5, 2])
    #expect(executor.evaluate(.binary(.sub), [x, y], outputShape: [1, 2]) == [-4, -5])
  }

  @Test func rejectsInputsThatDoNotFit() throws {
    let executor = try FloatExecutor(makeNet())
    #expect(throws: FloatGraphError(node: "graph inputs", .operandCount(0, allowed: 1...1))) { try executor.run(inputs: []) }
    #expect(throws: FloatGraphError(node: "x", .elementCount(2, shape: [1, 4, 9, 9]))) { try executor.run(inputs: [[1, 2]]) }
  }

  @Test func givesTheSameBitsOnEveryInstructionSetAndThreadCount() throws {
    let graph = try makeNet()
    func digests(threads: Int, isa: Int) throws -> [[Float]] {
      let executor = try FloatExecutor(graph, isa: availableISAs[isa])
      var results: [[Float]] = []
      try forEachSample(count: 5, threads: threads) { sample in
        var random = SeededRandom(seed: UInt64(sample))
        return try executor.run(inputs: [random.floats(324)]).flatMap { $0 }
      } deliver: { sample, result in
        #expect(sample == results.count)
        results.append(result)
      }
      return results
    }
    let expected = try digests(threads: 1, isa: 0)
    #expect(expected.count == 5)
    for isa in availableISAs.indices {
      for threads in 1...3 { #expect(try digests(threads: threads, isa: isa) == expected) }
    }
  }

  @Test func aSampleThatFailsStopsTheRest() {
    struct Failure: Error, Equatable { var sample: Int }
    var delivered: [Int] = []
    #expect(throws: Failure(sample: 3)) {
      try forEachSample(count: 8, threads: 2) { (sample: Int) throws(Failure) -> Int in
        if sample >= 3 { throw Failure(sample: sample) }
        return sample
      } deliver: { (_, result) throws(Failure) in
        delivered.append(result)
      }
    }
    #expect(delivered == [0, 1, 2])
  }
}
