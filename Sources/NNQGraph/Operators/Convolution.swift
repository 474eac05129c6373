/// Spec: operators.md 2.3. The zero points are those of the tensors.
public struct Epilogue: Equatable, Sendable {
  public var lo: Int32
  public var hi: Int32
  /// m_r; 0 when there is no residual operand.
  public var residualMultiplier: Int32

  public init(lo: Int32, hi: Int32, residualMultiplier: Int32 = 0) {
    self.lo = lo
    self.hi = hi
    self.residualMultiplier = residualMultiplier
  }
}

extension Epilogue {
  var attributes: [Int32] { [lo, hi, residualMultiplier] }
}

/// Spec: operators.md 2.4. The kernel's extent is that of the weights.
public struct Conv2D: Equatable, Sendable {
  public var stride: Extent2D
  public var dilation: Extent2D
  public var padding: Padding2D
  public var groups: Int
  public var epilogue: Epilogue

  public init(stride: Extent2D, dilation: Extent2D, padding: Padding2D, groups: Int, epilogue: Epilogue) {
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    self.groups = groups
    self.epilogue = epilogue
  }
}

extension Conv2D {
  init(from reader: inout AttributeReader) throws(GraphError) {
    self.init(
      stride: try reader.takeExtent(), dilation: try reader.takeExtent(), padding: try reader.takePadding(),
      groups: try reader.takeInt(1...65535), epilogue: try reader.takeEpilogue())
  }

  var attributes: [Int32] {
    stride.attributes + dilation.attributes + padding.attributes + [Int32(clamping: groups)] + epilogue.attributes
  }
}
