/// The decoded contents of a `.nnq` file, as the format sees them: tensors, nodes and their wiring.
///
/// What an opcode means is the business of NNQGraph (integer models) and NNQFloat (float models).

/// Element type of a tensor. Spec: format.md 5.1.1.
public enum ElementType: UInt8, Sendable, CaseIterable {
  case u8 = 1
  case s8, u16, s16, s32, u32, f32

  public var byteCount: Int {
    switch self {
    case .u8, .s8: 1
    case .u16, .s16: 2
    case .s32, .u32, .f32: 4
    }
  }
}

/// real = scale * (q - zeroPoint). Spec: operators.md 1.
public struct Quantization: Equatable, Sendable {
  public var scale: Float
  public var zeroPoint: Int32

  public init(scale: Float, zeroPoint: Int32) {
    self.scale = scale
    self.zeroPoint = zeroPoint
  }
}

/// Spec: format.md 5.1.1. Shapes are those of batch 1.
public struct TensorRecord: Equatable, Sendable {
  public enum Role: Equatable, Sendable {
    /// The quantization is nil in float models.
    case activation(Quantization?)
    case constant(Constant)
  }

  public var name: String
  public var elementType: ElementType
  public var shape: [Int]
  public var role: Role

  public init(name: String, elementType: ElementType, shape: [Int], role: Role) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.role = role
  }

  public var elementCount: Int { shape.reduce(1, *) }
}

/// The elements of a constant, and how their values are coded. Spec: format.md 5.2, 5.5.
public struct Constant: Equatable, Sendable {
  /// How a kept element is stored; which elements are kept (dense, mask, gaps) is the writer's choice.
  public enum Coding: Equatable, Sendable {
    /// Byte planes.
    case raw
    /// b-bit codes of the uniform levels -2^(b-1)...2^(b-1)-1. s8 constants only.
    case uniform(bits: Int)
    /// b-bit codes of a stored, ascending table of at most 2^b levels. s8 constants only.
    case levels([Int8], bits: Int)
  }

  /// All elements, zeros included, little-endian, in memory order.
  public var bytes: [UInt8]
  public var coding: Coding

  public init(bytes: [UInt8], coding: Coding = .raw) {
    self.bytes = bytes
    self.coding = coding
  }
}

/// Spec: format.md 5.1.2.
public struct NodeRecord: Equatable, Sendable {
  public var opcode: UInt16
  public var version: UInt8
  /// Tensor indices.
  public var inputs: [Int]
  public var outputs: [Int]
  public var attributes: [Int32]

  public init(opcode: UInt16, version: UInt8 = 1, inputs: [Int], outputs: [Int], attributes: [Int32] = []) {
    self.opcode = opcode
    self.version = version
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
  }
}

/// Spec: format.md 5.1.3.
public struct Port: Equatable, Sendable {
  public enum Layout: UInt8, Sendable {
    case asStored = 0
    /// External axes N,C,...; internal axes N,...,C.
    case channelsFirst = 1
  }

  /// Tensor index.
  public var tensor: Int
  public var layout: Layout

  public init(tensor: Int, layout: Layout) {
    self.tensor = tensor
    self.layout = layout
  }
}

/// Spec: format.md 5.1.
public struct GraphRecord: Equatable, Sendable {
  public enum Kind: UInt8, Sendable {
    case integer = 0
    case float = 1
  }

  public var kind: Kind
  public var tensors: [TensorRecord]
  public var nodes: [NodeRecord]
  public var inputs: [Port]
  public var outputs: [Port]

  public init(kind: Kind, tensors: [TensorRecord], nodes: [NodeRecord], inputs: [Port], outputs: [Port]) {
    self.kind = kind
    self.tensors = tensors
    self.nodes = nodes
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// Spec: format.md 6.2.
public struct Preprocessing: Equatable, Sendable {
  public enum ColorOrder: UInt8, Sendable {
    case gray = 0
    case rgb, bgr
  }
  public enum Resize: Equatable, Sendable {
    case stretch
    case shorterSideThenCrop(Int)
  }

  public var colorOrder: ColorOrder
  public var resize: Resize
  /// Per channel, on the 0...255 scale.
  public var mean: [Float]
  public var std: [Float]

  public init(colorOrder: ColorOrder, resize: Resize, mean: [Float], std: [Float]) {
    self.colorOrder = colorOrder
    self.resize = resize
    self.mean = mean
    self.std = std
  }
}

/// Spec: format.md 6.4.
public struct SelfTest: Equatable, Sendable {
  public var seed: UInt64
  /// SHA-256, 32 bytes.
  public var outputDigest: [UInt8]

  public init(seed: UInt64, outputDigest: [UInt8]) {
    self.seed = seed
    self.outputDigest = outputDigest
  }
}

/// Spec: format.md 3, operators.md 5.5.
public struct DeclaredCost: Equatable, Sendable {
  public var activationByteCount: UInt64
  public var macCount: UInt64

  public init(activationByteCount: UInt64, macCount: UInt64) {
    self.activationByteCount = activationByteCount
    self.macCount = macCount
  }

  public static let none = DeclaredCost(activationByteCount: 0, macCount: 0)
}

/// A whole file: what a Writer takes and a Reader gives.
public struct ModelFile: Equatable, Sendable {
  /// A section this version does not know, kept because its safeToCopy bit is set. Spec: format.md 4.3.
  public struct UnknownSection: Equatable, Sendable {
    public var type: UInt16
    public var bytes: [UInt8]

    public init(type: UInt16, bytes: [UInt8]) {
      self.type = type
      self.bytes = bytes
    }
  }

  public var graph: GraphRecord
  public var cost: DeclaredCost
  public var labels: [String]?
  public var preprocessing: Preprocessing?
  public var provenance: [String: String]?
  public var selfTest: SelfTest?
  public var unknownSections: [UnknownSection]

  public init(
    graph: GraphRecord, cost: DeclaredCost, labels: [String]? = nil, preprocessing: Preprocessing? = nil,
    provenance: [String: String]? = nil, selfTest: SelfTest? = nil, unknownSections: [UnknownSection] = []
  ) {
    self.graph = graph
    self.cost = cost
    self.labels = labels
    self.preprocessing = preprocessing
    self.provenance = provenance
    self.selfTest = selfTest
    self.unknownSections = unknownSections
  }
}
