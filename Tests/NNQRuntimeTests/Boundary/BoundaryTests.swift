import NNQFormat
import NNQGraph
import Testing

@testable import NNQRuntime

/// Spec: operators.md 4.
@Suite struct BoundaryTests {
  /// Element (c, h, w) of a channelsFirst array is element (h, w, c) inside.
  @Test func permutesChannelsFirstPorts() throws {
    let graph = convolutionGraph()
    let model = try Model(graph: graph)
    let session = try Session(model, batch: 2)
    let quantization = try #require(graph.tensors[graph.inputs[0].tensor].quantization)
    let integers = (0..<64).map { Int32($0) }
    let values = integers.map { quantization.scale * Float($0 - quantization.zeroPoint) }
    try session.setInputs(["t0": FloatTensor(shape: [2, 2, 4, 4], values: values)])
    session.withUnsafeInput { input in
      #expect([input.batch, input.height, input.width, input.channels, input.pixelStride] == [2, 4, 4, 2, 2])
      for (index, byte) in input.bytes.enumerated() {
        let (image, pixel, channel) = (index / 32, index % 32 / 2, index % 2)
        #expect(byte == UInt8(integers[image * 32 + channel * 16 + pixel]))
      }
    }
    let outputs = try session.run(["t0": RawTensor(elementType: .u8, shape: [2, 2, 4, 4], bytes: integers.map { UInt8($0) })])
    let stored = try session.rawTensor(named: model.outputs[0].name, order: .asStored)
    let output = try #require(outputs[model.outputs[0].name])
    #expect(output.shape == [2, 5, 4, 4])
    #expect(stored.shape == [2, 4, 4, 5])
    for index in stored.bytes.indices {
      let (image, pixel, channel) = (index / 80, index % 80 / 5, index % 5)
      #expect(output.bytes[image * 80 + channel * 16 + pixel] == stored.bytes[index])
    }
  }

  /// Real values are scale * (q - zeroPoint) of the integers.
  @Test func dequantizesOutputs() throws {
    let model = try Model(graph: convolutionGraph())
    let session = try Session(model)
    let port = model.outputs[0]
    let output = try #require(try session.run(["t0": FloatTensor(shape: [1, 2, 4, 4], values: Array(repeating: 1, count: 32))])[port.name])
    let raw = try #require(session.rawOutputs()[port.name])
    #expect(output.values == raw.bytes.map { port.scale * Float(Int32($0) - port.zeroPoint) })
  }

  /// Pixels become quantize((v - mean) / std), computed here by the formula.
  @Test func passesPixelsThroughPreprocessing() throws {
    let graph = convolutionGraph()
    let preprocessing = Preprocessing(colorOrder: .rgb, resize: .stretch, mean: [10.5, 200], std: [58.4, 3])
    let model = try Model(graph: graph, preprocessing: preprocessing)
    let session = try Session(model)
    let pixels = (0..<64).map { UInt8($0 * 4) }
    let port = model.inputs[0]
    try session.setInput(pixels: pixels, batch: 2)
    session.withUnsafeInput { input in
      for (index, byte) in input.bytes.enumerated() {
        let value = (Float(pixels[index]) - preprocessing.mean[index % 2]) / preprocessing.std[index % 2]
        let quantized = Int32((value * (1 / port.scale)).rounded(.toNearestOrEven)) + port.zeroPoint
        #expect(Int32(byte) == min(max(quantized, 0), 255))
      }
    }
    #expect(throws: RuntimeError.wrongElementCount(tensor: "t0", got: 31, expected: 32)) { try session.run(pixels: Array(pixels[..<31])) }
  }

  @Test func rejectsPreprocessingOfOtherChannels() {
    let preprocessing = Preprocessing(colorOrder: .rgb, resize: .stretch, mean: [0, 0, 0], std: [1, 1, 1])
    let error = GraphError(.shapeMismatch, at: "preprocessing", got: "3 channels", expected: "the channels of input 't0', [1, 4, 4, 2]")
    #expect(throws: RuntimeError.graph(error)) { try Model(graph: convolutionGraph(), preprocessing: preprocessing) }
  }
}
