import NNQFloat

/// What the operators ReduceX compute: a function of each element, a reduction, a function of the result.
struct Reduction {
  private enum Argument { case element, magnitude, square, exponential }

  /// Of ReduceProd, which constants alone have.
  private var isProduct = false
  private var argument = Argument.element
  private var reduction = FloatReduction.sum
  private var result: FloatFunction?

  /// Nil for another operator.
  init?(_ opType: String) {
    switch opType {
    case "ReduceL1": argument = .magnitude
    case "ReduceL2": (argument, result) = (.square, .sqrt)
    case "ReduceLogSum": result = .log
    case "ReduceLogSumExp": argument = .exponential
    case "ReduceMax": reduction = .max
    case "ReduceMean": reduction = .mean
    case "ReduceMin": reduction = .min
    case "ReduceProd": isProduct = true
    case "ReduceSum": break
    case "ReduceSumSquare": argument = .square
    default: return nil
    }
  }

  /// - Parameter x: a value, whose shape has `rank` axes.
  func links(of x: Int, rank: Int, axes: [Int]) -> [ChainLink] {
    let before: [ChainLink] =
      switch argument {
      case .element, .exponential: []
      case .magnitude: [ChainLink("magnitude", .unary(.function(.abs)))]
      case .square: [ChainLink("square", .binary(.mul), [x])]
      }
    // The mean over all axes after the channel axis is a pool.
    let isPool = reduction == .mean && rank > 2 && axes == Array(2..<rank)
    let sum = ChainLink("\(reduction)", isPool ? .globalAveragePool : .reduce(reduction, axes: axes))
    return before + [sum] + (result.map { [ChainLink("\($0)", .unary(.function($0)))] } ?? [])
  }

  /// What constants are folded by; nil where that is no single fold.
  fileprivate var fold: Fold? {
    guard argument == .element, result == nil else { return nil }
    if isProduct { return .product }
    return switch reduction {
    case .mean: .mean
    case .sum: .sum
    case .max: .max
    case .min: .min
    }
  }

  fileprivate var isComputed: Bool { !isProduct }

  fileprivate var isLogSumExp: Bool { argument == .exponential }
}

extension NodeReader {
  /// Over the named axes, or all.
  func reduce(_ reduction: Reduction, _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let shape = try operand(0).shape
    let named = try integers("axes", orOperand: 1) ?? []
    if named.isEmpty, try flag("noop_with_empty_axes") { return try operand(0) }
    let axes = named.isEmpty ? Array(shape.indices) : try axes(named, rank: shape.count).sorted()
    let rest = shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
    let keepsAxes = try flag("keepdims", default: true)
    if case .constant(let tensor) = try operand(0), let fold = reduction.fold {
      let folded = try folded(fold, tensor, axes: axes, &graph)
      return .constant(keepsAxes ? folded : folded.reshaped(rest))
    }
    guard reduction.isComputed else {
      throw Refusal(.unsupportedOperand, at: place, "the product of computed elements is not supported, only that of constants")
    }
    let x = try value(0).index
    let reshape = keepsAxes ? [] : [ChainLink("rest", .reshape, shape: rest)]
    guard reduction.isLogSumExp else {
      return try graph.append(chain: reduction.links(of: x, rank: shape.count, axes: axes) + reshape, self, from: x)
    }
    let largest = try graph.append(step: "largest", .reduce(.max, axes: axes), self, inputs: [x])
    let links = logSumExp(largest: largest, axes: axes) + [ChainLink("logSumExp", .binary(.add), [largest])]
    return try graph.append(chain: links + reshape, self, from: x)
  }

  /// The logarithm of the sum of the exponentials, less the largest element, without which nothing overflows.
  private func logSumExp(largest: Int, axes: [Int]) -> [ChainLink] {
    [
      ChainLink("differences", .binary(.sub), [largest]), ChainLink("exponentials", .unary(.function(.exp))),
      ChainLink("sum", .reduce(.sum, axes: axes)), ChainLink("logarithm", .unary(.function(.log))),
    ]
  }

  /// x - max - log(sum(exp(x - max))), over the axes of Softmax.
  func logSoftmax(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let (x, shape) = try value(0)
    let axes = try softmaxAxes(of: shape)
    let largest = try graph.append(step: "largest", .reduce(.max, axes: axes), self, inputs: [x])
    let logarithm = try graph.append(steps: logSumExp(largest: largest, axes: axes), self, from: x)
    let links = [ChainLink("shifted", .binary(.sub), [largest]), ChainLink("logSoftmax", .binary(.sub), [logarithm])]
    return try graph.append(chain: links, self, from: x)
  }
}
