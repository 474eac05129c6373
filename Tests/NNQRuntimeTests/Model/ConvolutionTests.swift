import NNQFormat
import NNQGraph
import TestSupport
import Testing

@testable import NNQRuntime

/// Convolutions with groups: which kernel computes them, and that it computes the right thing.
@Suite struct ConvolutionTests {
  private func graph(channels: Int, groups: Int, output: Int, kernel: Int = 1) -> Graph {
    var builder = GraphBuilder(seed: 7)
    let unit = Extent2D(height: 1, width: 1)
    let conv = Conv2D(stride: unit, dilation: unit, padding: .none, groups: groups, epilogue: Epilogue(lo: 0, hi: 0))
    let x = builder.addInput([1, kernel, kernel + 1, channels])
    builder.addOutput(builder.addConv(x, conv, kernel: Extent2D(height: kernel, width: kernel), channels: output))
    return builder.graph
  }

  private func kind(_ graph: Graph) throws -> Convolution.Kind { try #require(Convolution(graph.nodes[0], in: graph)).kind }

  private func expectReference(_ graph: Graph) throws {
    let reference = ReferenceRun(graph, batch: 1, seed: 3)
    for isa in ISA.available {
      let session = try Session(try Model(graph: graph), isa: isa)
      try session.write(reference, batch: 1)
      session.runInPlace()
      let output = graph.outputs[0].tensor
      #expect(session.rawTensor(output, order: .asStored).bytes == reference.bytes(ofTensor: output, batch: 1), "\(isa)")
    }
  }

  @Test(arguments: [(6, 2, 4), (8, 4, 8), (34, 2, 66), (12, 3, 3), (3, 3, 6)])
  func groupsArePanelsWithZeros(channels: Int, groups: Int, output: Int) throws {
    for kernel in [1, 3] {
      let graph = graph(channels: channels, groups: groups, output: output, kernel: kernel)
      #expect(try kind(graph) == .panels)
      try expectReference(graph)
    }
  }

  @Test func groupsWhoseZerosTakeTooMuchHaveTheirOwnKernel() throws {
    let graph = graph(channels: 8192, groups: 4096, output: 8192)
    #expect(try kind(graph) == .grouped)
    try expectReference(graph)
  }

  @Test func weightsArePackedAlikeInPieces() throws {
    let graph = graph(channels: 10, groups: 2, output: 6, kernel: 3)
    let convolution = try #require(Convolution(graph.nodes[0], in: graph))
    let weights = try #require(graph.tensors[graph.nodes[0].inputs[1]].constant).bytes
    func packed(_ pieces: [Range<Int>]) -> [UInt8] {
      var result = [UInt8](repeating: 0, count: convolution.packedByteCount)
      for piece in pieces {
        weights[piece].withUnsafeBytes { source in
          result.withUnsafeMutableBytes { convolution.pack(source, from: piece.lowerBound, into: $0.baseAddress!) }
        }
      }
      return result
    }
    #expect(packed([0..<weights.count]) == packed([0..<7, 7..<8, 8..<101, 101..<weights.count]))
  }

  /// The same numbers, once as two groups of four channels and once as one group of two: packed for each.
  @Test func nodesWithOtherGroupsShareWeights() throws {
    var builder = GraphBuilder(seed: 9)
    let unit = Extent2D(height: 1, width: 1)
    let conv = Conv2D(stride: unit, dilation: unit, padding: .none, groups: 2, epilogue: Epilogue(lo: 0, hi: 0))
    let (wide, narrow) = (builder.addInput([1, 1, 2, 8]), builder.addInput([1, 1, 2, 4]))
    builder.addOutput(builder.addConv(wide, conv, kernel: unit, channels: 4))
    var graph = builder.graph
    guard case .conv2D(var single) = graph.nodes[0].operation else { return }
    single.groups = 1
    var node = graph.nodes[0]
    var output = graph.tensors[node.outputs[0]]
    output.name = "other"
    node = Node(.conv2D(single), inputs: [narrow] + node.inputs.dropFirst(), outputs: [graph.tensors.count])
    graph.tensors.append(output)
    graph.nodes.append(node)
    graph.outputs.append(Port(tensor: graph.tensors.count - 1, layout: .asStored))
    // The zero points of both inputs are in the bias, which each node has its own of.
    try graph.validate()
    let reference = ReferenceRun(graph, batch: 1, seed: 4)
    let session = try Session(try Model(graph: graph))
    try session.write(reference, batch: 1)
    session.runInPlace()
    for port in graph.outputs {
      #expect(session.rawTensor(port.tensor, order: .asStored).bytes == reference.bytes(ofTensor: port.tensor, batch: 1))
    }
  }
}
