/// A pooling window. Spec: operators.md 3.2.
public struct Window: Equatable, Sendable {
  public var kernel: Extent2D
  public var stride: Extent2D
  public var padding: Padding2D

  public init(kernel: Extent2D, stride: Extent2D, padding: Padding2D) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }
}

extension Window {
  init(from reader: inout AttributeReader) throws(GraphError) {
    self.init(kernel: try reader.takeExtent(), stride: try reader.takeExtent(), padding: try reader.takePadding())
  }

  var attributes: [Int32] { kernel.attributes + stride.attributes + padding.attributes }
}

/// Spec: operators.md 3.3.
public struct AveragePool: Equatable, Sendable {
  public var window: Window
  public var countIncludePad: Bool
  /// m; the multiplier of a window of d elements is (m + d/2) / d.
  public var multiplier: Int32
  public var shift: Int32

  public init(window: Window, countIncludePad: Bool, multiplier: Int32, shift: Int32) {
    self.window = window
    self.countIncludePad = countIncludePad
    self.multiplier = multiplier
    self.shift = shift
  }
}

extension AveragePool {
  init(from reader: inout AttributeReader) throws(GraphError) {
    self.init(
      window: try Window(from: &reader), countIncludePad: try reader.take(0...1) == 1, multiplier: try reader.take(1...Int32.max),
      shift: try reader.take(1...46))
  }

  var attributes: [Int32] { window.attributes + [countIncludePad ? 1 : 0, multiplier, shift] }
}
