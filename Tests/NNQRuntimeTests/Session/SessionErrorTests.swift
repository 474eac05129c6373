import NNQFormat
import NNQGraph
import TestSupport
import Testing

@testable import NNQRuntime

/// Each mistake of a caller has its own error, with what was given and what is right.
@Suite struct SessionErrorTests {
  private let convolution: Model
  private let twoInputs: Model

  init() throws {
    convolution = try Model(graph: convolutionGraph())
    twoInputs = try Model(graph: twoInputGraph())
  }

  @Test func rejectsUnknownInput() throws {
    let session = try Session(convolution)
    let inputs = ["t0": zeros([1, 2, 4, 4]), "image": zeros([1])]
    #expect(throws: RuntimeError.unknownInput(name: "image", known: ["t0"])) { try session.run(inputs) }
  }

  @Test func rejectsMissingInput() throws {
    let session = try Session(twoInputs)
    #expect(throws: RuntimeError.missingInput(name: "t1")) { try session.run(["t0": zeros([1, 3])]) }
  }

  @Test(arguments: [[1, 4, 4, 2], [2, 4, 4], [0, 2, 4, 4], []]) func rejectsWrongShape(shape: [Int]) throws {
    let session = try Session(convolution)
    #expect(throws: RuntimeError.wrongShape(tensor: "t0", got: shape, expected: [1, 2, 4, 4])) { try session.run(["t0": zeros(shape)]) }
  }

  @Test func rejectsInputsOfDifferentBatches() throws {
    let session = try Session(twoInputs)
    #expect(throws: RuntimeError.mixedBatches(tensor: "t1", got: 3, expected: 2)) {
      try session.run(["t0": zeros([2, 3]), "t1": zeros([3, 2])])
    }
  }

  @Test func rejectsFewerValuesThanTheShapeSays() throws {
    let session = try Session(convolution)
    #expect(throws: RuntimeError.wrongElementCount(tensor: "t0", got: 31, expected: 32)) {
      try session.run(["t0": FloatTensor(shape: [1, 2, 4, 4], values: Array(repeating: 0, count: 31))])
    }
  }

  @Test func rejectsRawElementsOfAnotherType() throws {
    let session = try Session(convolution)
    #expect(throws: RuntimeError.wrongElementType(tensor: "t0", got: .s16, expected: .u8)) {
      try session.run(["t0": RawTensor(elementType: .s16, shape: [1, 2, 4, 4], bytes: Array(repeating: 0, count: 64))])
    }
  }

  @Test func rejectsThreadCountsOutOfRange() {
    for threads in [0, 65] {
      #expect(throws: RuntimeError.invalidThreadCount(threads, allowed: 1...64)) { try Session(convolution, threads: threads) }
    }
  }

  @Test func rejectsBatchBelowOne() throws {
    #expect(throws: RuntimeError.invalidBatch(0)) { try Session(convolution, batch: 0) }
  }

  @Test func rejectsBatchWhoseTensorsExceedTheLimitAndStaysUsable() throws {
    let session = try Session(convolution)
    #expect(throws: RuntimeError.limitExceeded(limit: .tensorByteCount, got: 1 << 31, allowed: 1 << 30)) {
      try session.resize(batch: 1 << 26)
    }
    #expect(throws: RuntimeError.limitExceeded(limit: .tensorByteCount, got: Int.max, allowed: 1 << 30)) {
      try session.resize(batch: Int.max)
    }
    #expect(session.batch == 1)
    #expect(try session.run(["t0": zeros([1, 2, 4, 4])]).count == 1)
  }

  @Test(arguments: ISA.available.filter { $0.name != "scalar" }) func rejectsPaddingBeyondTheScratchLimit(isa: ISA) throws {
    let model = try Model(graph: paddedGraph(by: 65535))
    let error = #expect(throws: RuntimeError.self) { try Session(model, isa: isa) }
    guard case .limitExceeded(limit: .scratchByteCount, let got, allowed: 1 << 31) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(got > 1 << 34)
  }

  /// Whatever the file says its activations take: here 64 bytes.
  @Test(arguments: ISA.available.filter { $0.name != "scalar" }) func rejectsPaddingBeyondTheCallersLimit(isa: ISA) throws {
    let bytes = try paddedGraph(by: 2000).modelFile.encoded()
    #expect(bytes.count < 1024)
    let plan = try Session(try Model(bytes: bytes), isa: isa).plan
    let needed = plan.arenaByteCount + plan.scratchByteCount
    #expect(needed > 4 * 2000 * 2000)
    var limits = Limits.default
    limits.runByteCount = UInt64(needed)
    _ = try Session(try Model(bytes: bytes, limits: limits), isa: isa)
    limits.runByteCount -= 1
    let model = try Model(bytes: bytes, limits: limits)
    #expect(throws: RuntimeError.limitExceeded(limit: .runByteCount, got: needed, allowed: needed - 1)) { try Session(model, isa: isa) }
  }

  @Test(arguments: ISA.available.filter { $0.name != "scalar" }) func boundsARunByDefault(isa: ISA) throws {
    let model = try Model(graph: paddedGraph(by: 20000))
    let error = #expect(throws: RuntimeError.self) { try Session(model, isa: isa) }
    guard case .limitExceeded(limit: .runByteCount, let got, allowed: 1 << 30) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(got > 4 * 20000 * 20000)
  }

  /// A pixel under a kernel of four taps so far apart that each needs its own padding.
  private func paddedGraph(by padding: Int) -> Graph {
    var builder = GraphBuilder(seed: 1)
    let conv = Conv2D(
      stride: Extent2D(height: 1, width: 1), dilation: Extent2D(height: padding, width: padding),
      padding: Padding2D(top: padding, left: padding, bottom: 0, right: 0), groups: 1, epilogue: Epilogue(lo: 0, hi: 255))
    let x = builder.addInput([1, 1, 1, 4])
    builder.addOutput(builder.addConv(x, conv, kernel: Extent2D(height: 2, width: 2), channels: 1))
    return builder.finish()
  }

  @Test func rejectsReadingTensorsThatAreNotKept() throws {
    #expect(throws: RuntimeError.tensorNotKept(name: "nowhere")) { try Session(convolution, keeping: ["nowhere"]) }
    let constant = try #require(convolution.graph.tensors.first { $0.quantization == nil })
    #expect(throws: RuntimeError.tensorNotKept(name: constant.name)) { try Session(convolution, keeping: [constant.name]) }
    let session = try Session(convolution)
    let inner = convolution.graph.tensors[convolution.graph.nodes[0].outputs[0]].name
    #expect(throws: RuntimeError.tensorNotKept(name: inner)) { try session.rawTensor(named: inner) }
    #expect(try Session(convolution, keeping: [inner]).rawTensor(named: inner).shape == [1, 5, 4, 4])
  }

  @Test func rejectsPixelsWithoutPreprocessing() throws {
    let session = try Session(convolution)
    #expect(throws: RuntimeError.noPreprocessing) { try session.run(pixels: []) }
  }

  @Test func rejectsUnknownISA() {
    #expect(throws: RuntimeError.unknownISA(name: "mmx", known: ["scalar", "avx2", "avx512vnni"])) { try ISA(named: "mmx") }
    #expect((try? ISA(named: "scalar")) == .scalar)
  }
}

private func zeros(_ shape: [Int]) -> FloatTensor {
  FloatTensor(shape: shape, values: Array(repeating: 0, count: shape.reduce(1, *)))
}
