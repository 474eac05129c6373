/// What a conversion did and what it cost, in numbers.
public struct ConversionReport: Equatable, Sendable {
  public struct LayerReport: Equatable, Sendable {
    public var name: String
    public var kind: String
    /// Nodes of the float net that it takes in: "residual 'x'", "clamp 0.0 to 6.0".
    public var fused: [String]
    public var outputShape: [Int]
    public var weightCount: Int
    public var zeroCount: Int
    /// Weight bits; 32 for real numbers, 0 for layers without weights.
    public var bits: Int
    /// "u8 scale 0.0235 zero point 0, 0.0 to 6.0"; nil in a float model.
    public var outputGrid: String?
    /// Of a tensor that may hold 8 or 16 bits: the noise that 8 bits add to the net's outputs, relative to them.
    public var narrowNoiseDecibels: Double?
  }

  /// A node of the integer graph.
  public struct OperatorReport: Equatable, Sendable {
    public var operation: String
    /// Activations and constants, described by name, type and shape.
    public var inputs: [String]
    public var output: String
  }

  public var layers: [LayerReport] = []
  /// Of the integer graph, in order; empty for a float model.
  public var operators: [OperatorReport] = []
  /// What simplification did, a line for each node.
  public var simplifications: [String] = []
  /// On the calibration samples, against the float net; nil when nothing could change.
  public var agreement: Agreement?
  /// Where the samples came from.
  public var samples: String = ""
  /// Weights that went with whole channels.
  public var removedCount = 0
  /// Real samples, as opposed to synthetic ones.
  public var isCalibrated = true

  public var weightCount: Int { layers.reduce(0) { $0 + $1.weightCount } }
  public var zeroCount: Int { layers.reduce(0) { $0 + $1.zeroCount } }
  /// Share of zeros among all weights.
  public var sparsity: Double { weightCount > 0 ? Double(zeroCount) / Double(weightCount) : 0 }
}
