import NNQFormat
import NNQGraph

/// The operands of a conv2D or dense node, legal as they stand: one channel, one product.
struct AccumulatingGraph {
  var x = Tensor.activation("x", [1, 1])
  var weights = Tensor.constant("w", [1, 1], .s8, [1])
  var bias = [0]
  var multiplier = [16384]
  var shift = [0]
  var residual: Tensor?
  var y = Tensor.activation("y", [1, 1])
  var epilogue = Epilogue(lo: 0, hi: 255)

  var dense: Graph { Graph(.dense(epilogue), operands, y) }

  /// The epilogue of `conv` is replaced.
  func convolution(_ conv: Conv2D) -> Graph {
    var conv = conv
    conv.epilogue = epilogue
    return Graph(.conv2D(conv), operands, y)
  }

  var operands: [Tensor] {
    [x, weights, .constant("b", .s32, bias), .constant("m", .u16, multiplier), .constant("s", .u8, shift)] + (residual.map { [$0] } ?? [])
  }
}

extension AccumulatingGraph {
  /// A convolution of `x` to `y` whose channels all have multiplier 2^14 and shift 1, a factor of 1/4.
  init(x: Tensor, weights: [Int], _ shape: [Int], y: [Int], zeroPoint: Int32 = 0) {
    self.x = x
    self.weights = .constant("w", shape, .s8, weights)
    self.y = .activation("y", y, zeroPoint: zeroPoint)
    bias = Array(repeating: 0, count: shape[0])
    multiplier = Array(repeating: 16384, count: shape[0])
    shift = Array(repeating: 1, count: shape[0])
  }
}

extension Conv2D {
  /// A convolution whose every attribute is the plainest.
  static let plain = Conv2D(stride: .unit, dilation: .unit, padding: .none, groups: 1, epilogue: Epilogue(lo: 0, hi: 255))
}

extension Extent2D {
  static let unit = Extent2D(height: 1, width: 1)
}

extension Window {
  init(_ height: Int, _ width: Int, stride: Extent2D = .unit, padding: Padding2D = .none) {
    self.init(kernel: Extent2D(height: height, width: width), stride: stride, padding: padding)
  }
}
