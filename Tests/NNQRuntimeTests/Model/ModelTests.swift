import NNQFormat
import NNQGraph
import TestSupport
import Testing

@testable import NNQRuntime

@Suite struct ModelTests {
  @Test func describesPortsAsTheSourceNetHasThem() throws {
    let graph = convolutionGraph()
    let model = try Model(graph: graph, labels: ["a", "b"])
    let quantization = try #require(graph.tensors[graph.inputs[0].tensor].quantization)
    #expect(model.inputs.map(\.name) == ["t0"])
    #expect(model.inputs[0].shape == [1, 2, 4, 4])
    #expect(model.inputs[0].elementType == .u8)
    #expect(model.inputs[0].scale == quantization.scale)
    #expect(model.inputs[0].zeroPoint == quantization.zeroPoint)
    #expect(model.outputs[0].shape == [1, 5, 4, 4])
    #expect(model.labels == ["a", "b"])
    #expect(model.cost == graph.cost)
  }

  @Test func namesUnnamedPorts() throws {
    var graph = twoInputGraph()
    for index in graph.tensors.indices { graph.tensors[index].name = "" }
    let model = try Model(graph: graph)
    #expect(model.inputs.map(\.name) == ["input0", "input1"])
    #expect(model.outputs.map(\.name) == ["output0", "output1"])
  }

  @Test(arguments: [("\u{E9}", "e\u{301}"), ("", "input0"), ("input1", "")])
  func refusesInputsThatOneNameMeans(first: String, second: String) throws {
    var graph = twoInputGraph()
    for (port, name) in zip(graph.inputs, [first, second]) { graph.tensors[port.tensor].name = name }
    let duplicate = second.isEmpty ? "input1" : second
    #expect(throws: RuntimeError.duplicatePortName(duplicate)) { try Model(bytes: graph.modelFile.encoded()) }
  }

  @Test func keepsNoConstantsAfterPacking() throws {
    let model = try Model(graph: convolutionGraph())
    #expect(model.graph.tensors.allSatisfy { $0.constant == nil })
  }

  @Test(arguments: [1, 2]) func loadsFiles(threads: Int) throws {
    let graph = randomGraph(seed: 3, nodeCount: 16)
    let model = try Model(bytes: try graph.modelFile.encoded(), threads: threads)
    #expect(try Session(model).gives(ReferenceRun(graph, batch: 1, seed: 3)))
  }

  @Test func wrapsFormatErrors() {
    #expect {
      try Model(bytes: [1, 2, 3])
    } throws: { error in
      guard case RuntimeError.format(let error) = error else { return false }
      return error.code == .badSignature
    }
  }

  @Test func wrapsGraphErrors() throws {
    var file = convolutionGraph().modelFile
    file.cost.macCount += 1
    #expect {
      try Model(file)
    } throws: { error in
      guard case RuntimeError.graph(let error) = error else { return false }
      return error.code == .costMismatch
    }
  }

  @Test func refusesConstantsThatGrowBeyondTheLimitWhenPacked() {
    var limits = Limits.default
    limits.constantByteCount = 100
    #expect {
      try Model(graph: convolutionGraph(), limits: limits)
    } throws: { error in
      guard case RuntimeError.limitExceeded(limit: .packedByteCount, let got, allowed: 100) = error else { return false }
      return got > 100
    }
  }
}
