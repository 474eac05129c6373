import NNQGraph

/// A picture N,C,H,W as convolutions, pools and resize want it: a tensor N,H,W,C. A value N,C,L is one of height 1.
struct PicturePlacement {
  var tensor: Int
  /// Of the spatial axes where memory does not hold them in their own order; such an operator keeps their extents.
  var spatial: [AxisPart]?
  /// Of the channel axis, as memory holds it.
  var channels: [AxisPart]
  /// N,H,W,C of the tensor.
  var tensorShape: [Int]

  /// What an operator that keeps the order of the axes gives, for an output of this shape.
  ///
  /// - Parameter whole: whether its channels are new ones, in their own order.
  func withChannels(ofShape shape: [Int], whole: Bool = false) -> (order: MemoryOrder, tensorShape: [Int]) {
    let shape = shape.asPicture
    let channels = whole ? [AxisPart(axis: 1, extent: shape[1], step: 1)] : channels
    if let spatial { return (MemoryOrder(spatial + channels, of: shape), [1, tensorShape[1], tensorShape[2], shape[1]]) }
    let spatial = [2, 3].map { AxisPart(axis: $0, extent: shape[$0], step: 1) }
    return (MemoryOrder(spatial + channels, of: shape), [1, shape[2], shape[3], shape[1]])
  }
}

/// A value as rows of one of its axes: a tensor N,...,L.
struct RowsPlacement {
  var tensor: Int
  /// Of the other axes and of the one axis, as memory holds them.
  var leading: [AxisPart]
  var last: [AxisPart]
}

extension Lowering {
  /// The value N,C,H,W as a tensor N,H,W,C.
  ///
  /// - Parameters:
  ///   - anyChannelOrder: whether the operator can follow any order of the channels.
  ///   - anySpatialOrder: whether it does not care which pixel is where.
  mutating func picture(
    _ value: Int, anyChannelOrder: Bool = false, anySpatialOrder: Bool = false, for layer: String
  ) throws(ConvertError) -> PicturePlacement {
    let shape = shape(value).asPicture
    let placement = try placement(value, for: layer)
    if let (spatial, channels) = placement.order.parts(of: shape)?.split(atLast: 1), anyChannelOrder || channels.count <= 1 {
      let isInOrder = MemoryOrder(spatial, of: shape) == MemoryOrder(shape, axes: [2, 3])
      if isInOrder || anySpatialOrder {
        let height = isInOrder ? shape[2] : spatial[0].extent
        let tensorShape = [1, height, shape[2] * shape[3] / height, shape[1]]
        return PicturePlacement(
          tensor: view(placement.tensor, shape: tensorShape), spatial: isInOrder ? nil : spatial,
          channels: channels.orWhole(1, of: shape), tensorShape: tensorShape)
      }
    }
    return PicturePlacement(
      tensor: try tensor(value, axes: Placement.channelsLast, shape: shape, for: layer),
      channels: [AxisPart(axis: 1, extent: shape[1], step: 1)],
      tensorShape: [1, shape[2], shape[3], shape[1]])
  }

  /// The value as rows along one axis, in whatever order memory holds that axis and the others.
  mutating func rows(_ value: Int, along axis: Int, for layer: String) throws(ConvertError) -> RowsPlacement {
    let shape = shape(value)
    let placement = try placement(value, for: layer)
    let (count, current) = (shape.reduce(1, *) / shape[axis], tensors[placement.tensor].shape)
    let tensorShape = count == 1 ? [1, shape[axis]] : [1, count, shape[axis]]
    if let (leading, last) = placement.order.parts(of: shape)?.split(atLast: axis) {
      let isRows = current.count > 1 && current.last == shape[axis]
      let tensor = isRows ? placement.tensor : view(placement.tensor, shape: tensorShape)
      return RowsPlacement(tensor: tensor, leading: leading, last: last.orWhole(axis, of: shape))
    }
    let parts = try (axes(of: value, for: layer).filter { $0 != axis } + [axis]).map { AxisPart(axis: $0, extent: shape[$0], step: 1) }
    let tensor = try tensor(value, order: MemoryOrder(parts, of: shape), shape: tensorShape, for: layer)
    return RowsPlacement(tensor: tensor, leading: parts.dropLast(), last: [parts[parts.count - 1]])
  }
}

extension [Int] {
  /// N,C,L as N,C,1,L.
  var asPicture: [Int] { count == 3 ? self[..<2] + [1] + self[2...] : self }
}

extension [AxisPart] {
  /// All parts of other axes, then all of this one; nil when memory mixes them.
  fileprivate func split(atLast axis: Int) -> (leading: [AxisPart], last: [AxisPart])? {
    let (leading, last) = (filter { $0.axis != axis }, filter { $0.axis == axis })
    return leading + last == self ? (leading, last) : nil
  }

  /// An axis of extent 1 has no part in memory, but an index.
  fileprivate func orWhole(_ axis: Int, of shape: [Int]) -> [AxisPart] {
    isEmpty ? [AxisPart(axis: axis, extent: shape[axis], step: 1)] : self
  }
}
