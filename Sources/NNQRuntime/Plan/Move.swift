import CKernels

/// Elements that move from one box to another of the same extents, as few and as long axes as say it.
struct Move {
  private struct Axis {
    var extent: Int
    var sourceStride: Int
    var destinationStride: Int
  }

  /// Outermost first.
  private var axes: [Axis] = []
  private let sourceOffset: Int
  private let destinationOffset: Int

  /// - Parameters:
  ///   - source, destination: of the same extents.
  init(from source: StridedView, to destination: StridedView, elementByteCount: Int) {
    sourceOffset = source.byteOffset
    destinationOffset = destination.byteOffset
    for axis in source.extents.indices where source.extents[axis] > 1 {
      append(
        Axis(extent: source.extents[axis], sourceStride: source.byteStrides[axis], destinationStride: destination.byteStrides[axis]))
    }
    putContiguousAxesLast(elementByteCount)
  }

  /// Two axes of which the outer one goes on where the inner one ends, on both sides, are one.
  private mutating func append(_ axis: Axis) {
    if let outer = axes.last, outer.sourceStride == axis.sourceStride * axis.extent,
      outer.destinationStride == axis.destinationStride * axis.extent
    {
      axes[axes.count - 1] = Axis(
        extent: outer.extent * axis.extent, sourceStride: axis.sourceStride, destinationStride: axis.destinationStride)
    } else {
      axes.append(axis)
    }
  }

  /// The kernels copy runs along the last axis, or transpose the last two when the source runs along the first of them. They
  /// loop over the last two without a search for their places: where runs are short, the longest axis is one of these.
  private mutating func putContiguousAxesLast(_ elementByteCount: Int) {
    let source = axes.lastIndex { $0.sourceStride == elementByteCount }
    let destination = axes.lastIndex { $0.destinationStride == elementByteCount }
    if let source, source != destination {
      axes.append(axes.remove(at: source))
    } else if (source.map { axes[$0].extent } ?? 1) * elementByteCount < 64 {
      let others = axes.indices.filter { $0 != destination }
      if let longest = others.max(by: { axes[$0].extent < axes[$1].extent }) { axes.append(axes.remove(at: longest)) }
    }
    if let destination = axes.lastIndex(where: { $0.destinationStride == elementByteCount }) { axes.append(axes.remove(at: destination)) }
  }

  /// Rows of a range of the step.
  var rowCount: Int { axes.dropLast().reduce(1) { $0 * $1.extent } }

  /// Safe: extents and their products are those of planned activations, which fit 31 bits; a tensor has at most 8 axes.
  var parameters: nn_move {
    var move = nn_move()
    (move.source_begin, move.destination_begin) = (sourceOffset, destinationOffset)
    withUnsafeMutableBytes(of: &move.count) { $0.bindMemory(to: Int32.self).fill(axes.map { Int32($0.extent) }, absent: 1) }
    withUnsafeMutableBytes(of: &move.source_stride) { $0.bindMemory(to: Int.self).fill(axes.map(\.sourceStride), absent: 0) }
    withUnsafeMutableBytes(of: &move.destination_stride) { $0.bindMemory(to: Int.self).fill(axes.map(\.destinationStride), absent: 0) }
    return move
  }
}

extension UnsafeMutableBufferPointer {
  /// `values` at the end, `absent` before them.
  fileprivate func fill(_ values: [Element], absent: Element) {
    for index in indices { self[index] = index < count - values.count ? absent : values[index - (count - values.count)] }
  }
}
