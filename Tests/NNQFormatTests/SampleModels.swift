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
        constant("s", .u8, [1], bytes: [1]),
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

  /// Constants of rank 0 and rank 8, extreme scales and zero points of every type.
  static var ranks: ModelFile {
    var model = smallest
    let quantizations: [(ElementType, Float, Int32)] = [
      (.u8, .leastNormalMagnitude, 255), (.s8, .greatestFiniteMagnitude, -128), (.u16, 1, 65_535), (.s16, 1, -32_768),
      (.s32, 1, .min), (.u32, 1, .max), (.f32, 1, 0),
    ]
    model.graph.tensors += quantizations.map { type, scale, zeroPoint in
      TensorRecord(
        name: "\(type)", elementType: type, shape: [1], role: .activation(Quantization(scale: scale, zeroPoint: zeroPoint)))
    }
    model.graph.tensors.append(constant("scalar", .u32, [], bytes: [1, 2, 3, 4]))
    model.graph.tensors.append(constant("rank 8", .s16, [1, 1, 1, 1, 1, 1, 1, 2], bytes: [1, 2, 3, 4]))
    return model
  }

  /// x -> reshape -> y.
  static var withoutConstants: ModelFile {
    let graph = GraphRecord(
      kind: .integer,
      tensors: [activation("x", [1, 2], scale: 1, zeroPoint: 0), activation("y", [1, 1, 2], scale: 1, zeroPoint: 0)],
      nodes: [NodeRecord(opcode: 10, inputs: [0], outputs: [1])],
      inputs: [Port(tensor: 0, layout: .asStored)], outputs: [Port(tensor: 1, layout: .channelsFirst)])
    return ModelFile(graph: graph, cost: DeclaredCost(activationByteCount: 128, macCount: 0))
  }

  /// 1300 elements, most of them 0: gaps of 0, 254, 255, 256 and 510 zeros, 18 zeros after the last kept one.
  static var sparseElements: [Int8] {
    var elements: [Int8] = [1, -127]
    for (gap, value) in [(254, 127), (255, -1), (256, 2), (510, 3), (0, -5), (0, 7)] as [(Int, Int8)] {
      elements += Array(repeating: 0, count: gap) + [value]
    }
    return elements + Array(repeating: 0, count: 17)
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
