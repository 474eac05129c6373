import NNQFloat
import NNQFormat
import NNQGraph
import Testing

@testable import NNQConvert

/// Words looked up in a table, with positions, through a dense layer.
@Suite struct EmbeddingTests {
  private let count = 50
  private let tokens = 6
  private let width = 8

  private func net() throws -> FloatGraph {
    var net = TestNet(seed: 3)
    let ids = try net.input([1, tokens], name: "ids")
    let words = try net.append(.gather, ids, net.constant([count, width]))
    return try net.finish(net.dense(net.relu(net.dense(words, 16)), 4))
  }

  private func convert(_ graph: FloatGraph) throws -> Converter.Conversion {
    let samples = SyntheticSamples(
      shapes: graph.inputs.map { graph.values[$0].shape }, indexCounts: graph.indexCounts, range: 0...1, seed: 0)
    return try Converter(options: ConvertOptions(), samples: samples).convert(graph)
  }

  @Test func becomesALookUpOfIntegers() throws {
    let conversion = try convert(net())
    let graph = try Graph(conversion.file)
    #expect(graph.nodes.map(\.operation.name) == ["gather", "dense", "dense"])
    #expect(graph.indexCounts == [count])
    #expect(graph.tensors[graph.inputs[0].tensor].elementType == .s32)
    #expect(conversion.report.agreement?.sqnrDecibels ?? 0 > 30)
  }

  @Test func refusesSamplesThatAreNoRow() throws {
    let graph = try net()
    let samples = ArraySamples([[[0, 1, 2, 3, 4, 50]]])
    let expected = ConvertError(
      .badSample, at: "sample 0", "'ids' holds 50.0", remedy: "give integers from 0 to 49, for the rows of the net's table")
    #expect(throws: expected) { try Converter(options: ConvertOptions(), samples: samples).convert(graph) }
  }
}
