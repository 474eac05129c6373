import NNQFormat
import NNQGraph
import TestSupport
import Testing

@testable import NNQRuntime

/// Inputs of integers that choose rows of a table. Spec: operators.md 3.19 and 4.
@Suite struct IndexInputTests {
  private let model: Model
  private let table: [Float]

  /// A table of 5 rows of 3 for two numbers.
  init() throws {
    var builder = GraphBuilder(seed: 1)
    builder.addOutput(builder.addGather([1, 2], rowCount: 5, channels: 3))
    let graph = builder.graph
    let quantization = try #require(graph.tensors[graph.outputs[0].tensor].quantization)
    table = graph.tensors[1].integers.map { quantization.scale * Float($0 - Int(quantization.zeroPoint)) }
    model = try Model(graph: graph)
  }

  private func outOfRange(_ value: Float) -> RuntimeError { .indexOutOfRange(tensor: "t0", got: value, count: 5) }

  @Test func describesItsInput() {
    #expect(model.inputs[0].elementType == .s32)
    #expect(model.inputs[0].indexCount == 5)
    #expect(model.outputs[0].indexCount == nil)
  }

  @Test func takesRealAndRawIntegers() throws {
    let session = try Session(model)
    let expected = Array(table[12..<15] + table[0..<3] + table[3..<6] + table[6..<9])
    let outputs = try session.run(["t0": FloatTensor(shape: [2, 2], values: [4, 0, 1, 2])])
    #expect(outputs["t2"]?.values == expected)
    #expect(outputs["t2"]?.shape == [2, 2, 3])
    let bytes: [UInt8] = [4, 0, 1, 2].flatMap { [$0, 0, 0, 0] }
    let raw = try session.run(["t0": RawTensor(elementType: .s32, shape: [2, 2], bytes: bytes)])
    #expect(raw["t2"]?.bytes.count == 12)
    #expect(try session.floatOutputs()["t2"]?.values == expected)
  }

  @Test(arguments: [-1, 5, 0.5, .nan, .infinity, 1e30] as [Float])
  func refusesWhatIsNoRow(value: Float) throws {
    let session = try Session(model)
    let error = #expect(throws: RuntimeError.self) { try session.setInputs(["t0": FloatTensor(shape: [1, 2], values: [0, value])]) }
    // NaN is not equal to itself.
    #expect(error.map { "\($0)" } == "\(outOfRange(value))")
  }

  @Test(arguments: [-1, 5, .min, .max] as [Int32])
  func refusesRawIntegersThatAreNoRow(value: Int32) throws {
    let session = try Session(model)
    let bytes = withUnsafeBytes(of: value.littleEndian) { [0, 0, 0, 0] + Array($0) }
    #expect(throws: outOfRange(Float(value))) {
      try session.setInputs(["t0": RawTensor(elementType: .s32, shape: [1, 2], bytes: bytes)])
    }
  }

  /// What is written in place is not checked; the kernels stay within the table.
  @Test func staysWithinTheTableInPlace() throws {
    let session = try Session(model)
    session.withUnsafeInput { input in
      input.bytes.storeBytes(of: Int32.min, as: Int32.self)
      input.bytes.storeBytes(of: Int32.max, toByteOffset: 4, as: Int32.self)
    }
    session.runInPlace()
    #expect(try session.floatOutputs()["t2"]?.values == Array(table[0..<3] + table[12..<15]))
  }

  @Test func keepsIntegersReadable() throws {
    let session = try Session(model, keeping: ["t0"])
    _ = try session.run(["t0": FloatTensor(shape: [1, 2], values: [4, 3])])
    #expect(try session.floatTensor(named: "t0").values == [4, 3])
  }

  @Test func drawsRowsForTheSelfTest() throws {
    let digest = try model.selfTestDigest(seed: 7)
    var builder = GraphBuilder(seed: 1)
    builder.addOutput(builder.addGather([1, 2], rowCount: 5, channels: 3))
    #expect(digest == ReferenceExecutor(builder.graph).selfTestDigest(seed: 7))
  }

  @Test func refusesPreprocessing() throws {
    var builder = GraphBuilder(seed: 1)
    builder.addOutput(builder.addGather([1, 1], rowCount: 5, channels: 3))
    let preprocessing = Preprocessing(colorOrder: .gray, resize: .stretch, mean: [0], std: [1])
    #expect(throws: RuntimeError.self) { try Model(graph: builder.graph, preprocessing: preprocessing) }
  }
}
