import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct OutputNoiseTests {
  /// Boxes and scores in one output, and a second one.
  private func net() throws -> (net: LayerGraph, boxes: Int, scores: Int) {
    var net = TestNet()
    let x = try net.input([1, 6, 4])
    let boxes = try net.dense(x, 4)
    let scores = try net.append(.unary(.sigmoid), net.dense(x, 2))
    let joined = try net.append(.concat(axis: 2), boxes, scores)
    let graph = try net.finish(net.append(.transpose(permutation: [0, 2, 1]), joined), net.dense(x, 3))
    return (LayerGraph(graph), boxes, scores)
  }

  @Test func joinedOutputsCountAsTheirParts() throws {
    let (net, boxes, scores) = try net()
    let noise = OutputNoise(net)
    #expect(noise.parts.map(\.value) == [boxes, scores, net.graph.outputs[1]])
    #expect(noise.parts.map(\.output) == [net.graph.outputs[0], net.graph.outputs[0], net.graph.outputs[1]])
  }

  @Test func probabilitiesMayCountAsWhatSoftmaxReads() throws {
    var net = TestNet()
    let logits = try net.dense(net.input([1, 6]), 4)
    let layers = try LayerGraph(net.finish(net.append(.softmax(axis: 1), logits)))
    #expect(OutputNoise(layers, seesLogits: true).parts.map(\.value) == [logits])
    #expect(OutputNoise(layers).parts.map(\.value) == layers.graph.outputs)
  }

  private func relativePower(_ exact: [[Float]], _ rounded: [[Float]]) throws -> Double {
    var net = TestNet()
    let noise = OutputNoise(LayerGraph(try net.finish(net.dense(net.input([1, 2]), 2))))
    return noise.relativePower(exact: exact.map { [$0] }, rounded: rounded.map { [$0] })
  }

  @Test func whatAllSamplesShareIsNoSignal() throws {
    let exact: [[Float]] = [[100, 1], [100, 3]]
    let rounded: [[Float]] = [[100.5, 1], [100.5, 3]]
    // Noise 2 * 0.25; the samples' variance about their mean is 2.
    #expect(try abs(relativePower(exact, rounded) - 0.5 / 4) < 1e-9)
  }

  @Test func aSingleSampleIsAllSignal() throws {
    #expect(try abs(relativePower([[3, 4]], [[3, 5]]) - 1.0 / 25) < 1e-9)
  }

  @Test(arguments: [Float.nan, .infinity]) func outputsThatAreNoNumbersAreAllNoise(element: Float) throws {
    #expect(try relativePower([[1, 2]], [[element, 2]]) == OutputNoise.largest)
  }
}
