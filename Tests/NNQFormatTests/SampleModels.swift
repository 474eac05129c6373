import NNQFormat
import TestSupport

/// Small models that between them use all that the format has.
enum SampleModels {
  /// y[1,1] = dense(x[1,2]): the smallest sensible integer model, the one of annex C.
  static var smallest: ModelFile {
    let graph = GraphRecord(
      kind: .integer,
      tensors: [
        activation("x", [1, 2], scale: 0.5, zeroPoint: 128),
        constant("w", .s8, [1, 2], bytes: [3, 0xFC], .uniform(bits: 8)),
        constant("b", .s32, [1], bytes: [10, 0, 0, 0]),
        constant("m", .u16, [1], bytes: [0, 64]),
        constant("s", .u8, [1], bytes: [0]),
        activation("y", [1, 1], scale: 1, zeroPoint: 0),
      ],
      nodes: [NodeRecord(opcode: 2, inputs: [0, 1, 2, 3, 4], outputs: [5], attributes: [0, 255, 0])],
      inputs: [Port(tensor: 0, layout: .asStored)], outputs: [Port(tensor: 5, layout: .asStored)])
    return ModelFile(graph: graph, cost: DeclaredCost(activationByteCount: 128, macCount: 2))
  }

  /// The smallest model with other weights.
  /// - Parameters:
  ///   - elements: of s8.
  static func weights(_ elements: [Int8], _ coding: Constant.Coding) -> ModelFile {
    var model = smallest
    model.graph.tensors[0].shape = [1, elements.count]
    model.graph.tensors[1] = constant("w", .s8, [1, elements.count], bytes: elements.map { UInt8(bitPattern: $0) }, coding)
    return model
  }

  /// A float model with one constant.
  static func float(_ elements: [Float]) -> ModelFile {
    let bytes = elements.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
    let graph = GraphRecord(
      kind: .float,
      tensors: [
        TensorRecord(name: "x", elementType: .f32, shape: [1, elements.count], role: .activation(nil)),
        constant("w", .f32, [1, elements.count], bytes: bytes),
        TensorRecord(name: "y", elementType: .f32, shape: [1, 1], role: .activation(nil)),
      ],
      nodes: [NodeRecord(opcode: 2, inputs: [0, 1], outputs: [2])],
      inputs: [Port(tensor: 0, layout: .asStored)], outputs: [Port(tensor: 2, layout: .asStored)])
    return ModelFile(graph: graph, cost: .none)
  }

  /// The smallest model with every optional section, and one that this version does not know.
  static var annotated: ModelFile {
    var model = smallest
    model.labels = ["cat", "", "dog\r"]
    model.preprocessing = Preprocessing(
      colorOrder: .rgb, resize: .shorterSideThenCrop(256), mean: [123.5, 116.25, 103.5], std: [58.5, 57, 57.5])
    model.provenance = ["tool": "nnconv 1.0", "source": "net.onnx", "empty": ""]
    model.selfTest = SelfTest(seed: 7, outputDigest: Array(0..<32))
    model.unknownSections = [ModelFile.UnknownSection(type: 99, bytes: [1, 2, 3])]
    return model
  }

  static func activation(_ name: String, _ shape: [Int], scale: Float, zeroPoint: Int32) -> TensorRecord {
    TensorRecord(
      name: name, elementType: .u8, shape: shape, role: .activation(Quantization(scale: scale, zeroPoint: zeroPoint)))
  }

  static func constant(
    _ name: String, _ type: ElementType, _ shape: [Int], bytes: [UInt8], _ coding: Constant.Coding = .raw
  ) -> TensorRecord {
    TensorRecord(name: name, elementType: type, shape: shape, role: .constant(Constant(bytes: bytes, coding: coding)))
  }

  /// Elements among the levels of b-bit codes, a share of them 0 (as far as 0 is a level).
  static func randomElements(_ count: Int, bits: Int, zeroShare: Double, seed: UInt64) -> [Int8] {
    var random = SeededRandom(seed: seed)
    let low = max(-127, -(1 << (bits - 1)))
    return (0..<count).map { _ in
      Double.random(in: 0..<1, using: &random) < zeroShare ? 0 : Int8(Int.random(in: low..<1 << (bits - 1), using: &random))
    }
  }
}
