import NNQFormat
import NNQRuntime

/// What a conversion is asked to do.
public struct ConvertOptions: Sendable {
  /// Share of all weights to remove, 0...0.99.
  public var sparsity = 0.0
  public var pruneScope = PruneScope.global
  public var prunePattern = PrunePattern.weights
  public var saliency = Saliency.obs
  /// Weight bits 1...8, or 32 for a float model.
  public var bits = 8
  /// Those of depthwise, grouped and first layers. Nil: 8, as they hold few weights; `bits` if they do hold many.
  public var delicateBits: Int?
  /// Nil: what is asked for by `sparsity` and `bits`, whatever it costs.
  public var goal: ConversionGoal?
  /// Each layer's bits follow from what they cost and from the goal; `bits` does not matter. Needs a goal.
  public var choosesBits = false
  /// Nil: the one whose grids add the least noise to the net's outputs.
  public var calibrator: Calibrator?
  /// Layers that are not pruned and keep 8 bits, by name.
  public var isExcluded: @Sendable (String) -> Bool = { _ in false }
  /// What is fixed for single layers; it goes before the options for all.
  public var plan = ConversionPlan()
  /// How 8-bit images become the first input; stored in the model.
  public var preprocessing: Preprocessing?
  public var labels: [String]?
  /// The right class of each sample: accuracies are then measured too.
  public var expectedClasses: [Int]?
  public var provenance: [String: String] = [:]
  /// Of the self-test's inputs.
  public var seed: UInt64 = 0
  public var threads = 1
  /// Of the kernels; nil takes the best this machine has. The result does not depend on it.
  public var isa: ISA?

  public init() {}

  /// Share of single weights to remove.
  var weightSparsity: Double { prunePattern == .filters ? 0 : sparsity }

  /// Whether what each layer loses follows from what that costs; blocks are for layers in which kernels skip them.
  var measuresShares: Bool { saliency == .obs && pruneScope == .global && prunePattern == .weights }
}

/// How much of each layer is removed.
public enum PruneScope: String, Sendable, CaseIterable {
  /// All prunable layers together: each layer's share follows from what it does to the net's output.
  case global
  /// Every prunable layer loses the same share.
  case layer
}

/// What says how little a weight matters.
public enum Saliency: String, Sendable, CaseIterable {
  /// Its size among the weights of its layer.
  case magnitude
  /// What its loss adds to the error of the layer's output when the other weights make up for it (optimal brain surgeon).
  case obs
}
