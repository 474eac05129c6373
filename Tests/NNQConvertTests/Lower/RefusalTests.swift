import NNQFloat
import Testing

@testable import NNQConvert

/// What integer graphs cannot express is refused by the name of the layer.
@Suite struct RefusalTests {
  private func expect(
    _ error: ConvertError, _ build: (inout TestNet) throws -> Int, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var net = TestNet()
    let output = try build(&net)
    let graph = net.finish(output)
    #expect(throws: error, sourceLocation: sourceLocation) {
      try Converter(options: ConvertOptions(), samples: ArraySamples(graph, count: 1)).convert(graph)
    }
  }

  private func unsupported(_ layer: String, _ reason: String) -> ConvertError {
    ConvertError(.unsupported, at: layer, reason, remedy: "export the net without it")
  }

  @Test func powersOfActivations() throws {
    let error = unsupported("binary0", "pow: its operands are two activations, or a constant with more than one element")
    try expect(error) { net in
      try net.append(.binary(.pow), net.input([1, 4]), net.input([1, 4], name: "exponents"))
    }
  }

  @Test func weightsThatAreNotConstant() throws {
    try expect(unsupported("dense0", "dense: its weights are not constant")) { net in
      try net.append(.dense, net.input([1, 4]), net.input([4, 4], name: "w"))
    }
  }

  @Test func poolsOfVolumes() throws {
    try expect(unsupported("globalAveragePool0", "averagePool: only one or two spatial axes have a pool")) { net in
      try net.append(.globalAveragePool, net.input([1, 2, 3, 3, 3]))
    }
  }

  @Test func findsAllOfThem() throws {
    var net = TestNet()
    let x = try net.input([1, 4])
    let power = try net.append(.binary(.pow), x, net.input([1, 4], name: "exponents"))
    let open = try net.append(.dense, power, net.input([4, 4], name: "w"))
    let graph = try net.finish(net.relu(open))
    #expect(Converter.refusals(of: graph).map(\.location) == ["binary0", "dense1"])
    var fine = TestNet()
    let flat = try fine.finish(fine.dense(fine.input([1, 4]), 2))
    #expect(Converter.refusals(of: flat).isEmpty)
  }

  @Test func activationsOfMoreAxesThanTheRuntimeTakes() throws {
    func error(_ layer: String, _ shape: String) -> ConvertError {
      ConvertError(
        .unsupported, at: layer, "it has shape \(shape), a tensor holds the batch and 7 axes",
        remedy: "export the net without it, or keep it float (32 bits)")
    }
    let shape = [2, 2, 2, 2, 2, 2, 2, 2]
    try expect(error("reshape0", "\(shape)")) { net in try net.reshape(net.input([1, 256]), shape) }
  }

  @Test(arguments: [0, 0.25]) func weightsWhoseSumsOverflow(sparsity: Double) throws {
    var net = TestNet()
    let hidden = try net.append(.dense, net.input([1, 4]), net.constant([4, 4], [Float](repeating: 1, count: 16)))
    let graph = try net.finish(net.append(.dense, hidden, net.constant([2, 4], [Float](repeating: 3e38, count: 8))))
    var options = ConvertOptions()
    options.sparsity = sparsity
    let error = ConvertError(
      .unsupported, at: "dense1", "its sums overflow single precision", remedy: "train or export the net with smaller weights")
    let samples = ArraySamples([[[1, 1, 1, 1]], [[-1, -1, -1, -1]]])
    #expect(throws: error) { try Converter(options: options, samples: samples).convert(graph) }
  }

  @Test func weightsThatAreNoNumbers() throws {
    let error = ConvertError(.unsupported, at: "constant1", "it holds NaN or infinity", remedy: "train or export the net again")
    try expect(error) { net in try net.append(.dense, net.input([1, 2]), net.constant([1, 2], [1, .nan])) }
  }
}
