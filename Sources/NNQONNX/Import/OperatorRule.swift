import NNQFloat

/// How an ONNX operator of the default domain is imported.
struct OperatorRule {
  typealias Emit = (NodeReader) -> (inout GraphBuilder) throws(Refusal) -> Operand
  typealias EmitAll = (NodeReader) -> (inout GraphBuilder) throws(Refusal) -> [Operand]

  /// Every attribute the operator may have; a node with another one is refused, for ignoring it could change the net.
  let attributes: Set<String>
  /// Computes constant results, or appends to the graph what computes them: one for each output that is supported.
  let emit: EmitAll

  private init(_ attributes: Set<String>, _ emit: @escaping Emit) {
    self.attributes = attributes
    self.emit = { node in { (graph) throws(Refusal) in [try emit(node)(&graph)] } }
  }

  private init(_ attributes: Set<String>, allOutputs emit: @escaping EmitAll) {
    self.attributes = attributes
    self.emit = emit
  }

  /// Nil for an operator that is not supported.
  init?(_ opType: String) {
    guard
      let rule = Self.computing(opType) ?? Self.normalizing(opType) ?? Self.activating(opType) ?? Self.moving(opType)
        ?? Self.folding(opType)
    else { return nil }
    self = rule
  }

  /// What operators had before operator set 7 too. All but `axis` change nothing in a net that is run and not trained.
  static func legacyAttributes(of opType: String) -> Set<String> {
    let attributes: Set = ["broadcast", "consumed_inputs", "is_test"]
    return NodeReader.legacyBroadcasting.contains(opType) ? attributes.union(["axis"]) : attributes
  }

  private static let windowAttributes: Set = ["auto_pad", "dilations", "kernel_shape", "pads", "strides"]

  private static func computing(_ opType: String) -> OperatorRule? {
    switch opType {
    case "Add": .init([], NodeReader.add)
    case "AveragePool": .init(windowAttributes.union(["ceil_mode", "count_include_pad"]), NodeReader.averagePool)
    case "Conv": .init(windowAttributes.union(["group"]), NodeReader.conv)
    case "ConvTranspose": .init(windowAttributes.union(["group", "output_padding", "output_shape"]), NodeReader.convTranspose)
    case "Div": .init([], NodeReader.div)
    case "Gemm": .init(["alpha", "beta", "transA", "transB"], NodeReader.gemm)
    case "Einsum": .init(["equation"], NodeReader.einsum)
    case "GlobalAveragePool": .init([], NodeReader.globalAveragePool)
    case "GlobalMaxPool": .init([], NodeReader.globalMaxPool)
    case "MatMul": .init([], NodeReader.matMul)
    case "Max": .init([]) { $0.variadic(.maximum) }
    case "MaxPool": .init(windowAttributes.union(["ceil_mode", "storage_order"]), NodeReader.maxPool)
    case "Mean": .init([], NodeReader.mean)
    case "Min": .init([]) { $0.variadic(.minimum) }
    case "Mul": .init([], NodeReader.mul)
    case "PRelu": .init([], NodeReader.prelu)
    case "Pow": .init([], NodeReader.pow)
    case "Sub": .init([], NodeReader.sub)
    case "Sum": .init([]) { $0.variadic(.add) }
    case "Where": .init([], NodeReader.whereNode)
    default: nil
    }
  }

  /// What relates an element to others of its row, window or tensor.
  private static func normalizing(_ opType: String) -> OperatorRule? {
    switch opType {
    case "BatchNormalization": .init(["epsilon", "momentum", "spatial", "training_mode"], NodeReader.batchNormalization)
    case "GroupNormalization": .init(["epsilon", "num_groups", "stash_type"], NodeReader.groupNormalization)
    case "InstanceNormalization": .init(["epsilon"], NodeReader.instanceNormalization)
    case "LRN": .init(["alpha", "beta", "bias", "size"], NodeReader.localResponseNormalization)
    case "LayerNormalization": .init(["axis", "epsilon", "stash_type"], allOutputs: NodeReader.layerNormalization)
    case "LogSoftmax": .init(["axis"], NodeReader.logSoftmax)
    case "LpNormalization": .init(["axis", "p"], NodeReader.lpNormalization)
    case "Softmax": .init(["axis"], NodeReader.softmax)
    default:
      Reduction(opType).map { reduction in
        .init(["axes", "keepdims", "noop_with_empty_axes"]) { node in { (graph) throws(Refusal) in try node.reduce(reduction, &graph) } }
      }
    }
  }

  /// Functions of each element.
  private static func activating(_ opType: String) -> OperatorRule? {
    switch opType {
    case "Celu": .init(["alpha"], NodeReader.celu)
    case "Clip": .init(["max", "min"], NodeReader.clip)
    case "Elu": .init(["alpha"], NodeReader.elu)
    case "Gelu": .init(["approximate"], NodeReader.gelu)
    case "HardSigmoid": .init(["alpha", "beta"], NodeReader.hardSigmoid)
    case "HardSwish": .init([], NodeReader.hardSwish)
    case "LeakyRelu": .init(["alpha"], NodeReader.leakyRelu)
    case "Relu": .init([], NodeReader.relu)
    case "Selu": .init(["alpha", "gamma"], NodeReader.selu)
    case "Shrink": .init(["bias", "lambd"], NodeReader.shrink)
    case "Sigmoid": .init([], NodeReader.sigmoid)
    case "Swish": .init(["alpha"], NodeReader.swish)
    case "Tanh": .init([], NodeReader.tanh)
    case "ThresholdedRelu": .init(["alpha"], NodeReader.thresholdedRelu)
    default: functions[opType].map { function in .init([]) { $0.function(function) } }
    }
  }

  /// Those without attributes, whose names ONNX writes with a capital.
  private static let functions: [String: FloatFunction] = [
    "Abs": .abs, "Acos": .acos, "Acosh": .acosh, "Asin": .asin, "Asinh": .asinh, "Atan": .atan, "Atanh": .atanh, "Ceil": .ceil,
    "Cos": .cos, "Cosh": .cosh, "Erf": .erf, "Exp": .exp, "Floor": .floor, "Log": .log, "Mish": .mish, "Neg": .neg,
    "Reciprocal": .reciprocal, "Round": .round, "Sign": .sign, "Sin": .sin, "Sinh": .sinh, "Softplus": .softplus,
    "Softsign": .softsign, "Sqrt": .sqrt, "Tan": .tan,
  ]

  private static let resizeAttributes: Set = [
    "antialias", "axes", "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside", "extrapolation_value",
    "keep_aspect_ratio_policy", "mode", "nearest_mode",
  ]

  private static func moving(_ opType: String) -> OperatorRule? {
    switch opType {
    case "Cast": .init(["saturate", "to"], NodeReader.cast)
    case "Concat": .init(["axis"], NodeReader.concat)
    case "CastLike": .init(["saturate"], NodeReader.castLike)
    case "DepthToSpace": .init(["blocksize", "mode"], NodeReader.depthToSpace)
    case "Dropout": .init(["ratio", "seed"], allOutputs: NodeReader.dropout)
    case "Expand": .init([], NodeReader.expand)
    case "Flatten": .init(["axis"], NodeReader.flatten)
    case "Gather": .init(["axis"], NodeReader.gather)
    case "Identity": .init([], NodeReader.identity)
    case "Pad": .init(["mode", "paddings", "pads", "value"], NodeReader.pad)
    case "Reshape": .init(["allowzero", "shape"], NodeReader.reshape)
    case "Resize": .init(resizeAttributes, NodeReader.resize)
    case "Slice": .init(["axes", "ends", "starts"], NodeReader.slice)
    case "SpaceToDepth": .init(["blocksize"], NodeReader.spaceToDepth)
    case "Split": .init(["axis", "num_outputs", "split"], allOutputs: NodeReader.split)
    case "Squeeze": .init(["axes"], NodeReader.squeeze)
    case "Tile": .init([], NodeReader.tile)
    case "Transpose": .init(["perm"], NodeReader.transpose)
    case "Unsqueeze": .init(["axes"], NodeReader.unsqueeze)
    case "Upsample": .init(["height_scale", "mode", "scales", "width_scale"], NodeReader.upsample)
    default: nil
    }
  }

  private static func folding(_ opType: String) -> OperatorRule? {
    switch opType {
    case "And": .init([]) { $0.logic(.and) }
    case "Constant": .init(["value", "value_float", "value_floats", "value_int", "value_ints"], NodeReader.constantNode)
    case "ConstantOfShape": .init(["value"], NodeReader.constantOfShape)
    case "Equal": .init([]) { $0.comparison(.equal) }
    case "Greater": .init([]) { $0.comparison(.greater) }
    case "GreaterOrEqual": .init([]) { $0.comparison(.greaterOrEqual) }
    case "Less": .init([]) { $0.comparison(.less) }
    case "LessOrEqual": .init([]) { $0.comparison(.lessOrEqual) }
    case "Not": .init([], NodeReader.not)
    case "Or": .init([]) { $0.logic(.or) }
    case "Range": .init([], NodeReader.range)
    case "Shape": .init(["end", "start"], NodeReader.shape)
    case "Size": .init([], NodeReader.size)
    case "Xor": .init([]) { $0.logic(.exclusiveOr) }
    default: nil
    }
  }
}
