/// A box of elements in a buffer, with a distance in bytes for each axis: what moves read and write.
struct StridedView: Equatable {
  /// From the start of the buffer to the first element.
  var byteOffset = 0
  var extents: [Int]
  var byteStrides: [Int]

  /// The whole of an activation.
  ///
  /// - Parameter shape: as stored, for batch 1; `layout` knows the batch.
  init(_ layout: ActivationLayout, shape: [Int]) {
    extents = [layout.imageCount] + shape.dropFirst()
    byteStrides = [Int](repeating: layout.pixelStride, count: shape.count)
    if shape.count > 1 { byteStrides[shape.count - 1] = layout.elementByteCount }
    guard shape.count > 2 else { return }
    for axis in (0..<shape.count - 2).reversed() { byteStrides[axis] = byteStrides[axis + 1] * extents[axis + 1] }
  }

  private init(byteOffset: Int, extents: [Int], byteStrides: [Int]) {
    self.byteOffset = byteOffset
    self.extents = extents
    self.byteStrides = byteStrides
  }

  func transposed(_ permutation: [Int]) -> StridedView {
    StridedView(byteOffset: byteOffset, extents: permutation.map { extents[$0] }, byteStrides: permutation.map { byteStrides[$0] })
  }

  /// - Parameters:
  ///   - begin, step, extents: for each axis; the batch axis is taken whole.
  func sliced(begin: [Int], step: [Int], extents: [Int]) -> StridedView {
    StridedView(
      byteOffset: byteOffset + zip(begin, byteStrides).reduce(0) { $0 + $1.0 * $1.1 }, extents: [self.extents[0]] + extents.dropFirst(),
      byteStrides: zip(byteStrides, step).map { $0 * $1 })
  }

  /// Axes of extent 1 that have another one in the new shape repeat; axis 0, the batch, stays.
  func repeated(to newExtents: [Int]) -> StridedView {
    let isRepeated = newExtents.indices.map { $0 > 0 && extents[$0] != newExtents[$0] }
    return StridedView(
      byteOffset: byteOffset, extents: newExtents.indices.map { isRepeated[$0] ? newExtents[$0] : extents[$0] },
      byteStrides: newExtents.indices.map { isRepeated[$0] ? 0 : byteStrides[$0] })
  }

  /// The same elements in the same order under another shape of as many; nil where no distances give that.
  func reshaped(to newExtents: [Int]) -> StridedView? {
    var newStrides = [Int](repeating: 0, count: newExtents.count)
    let old = extents.indices.filter { extents[$0] > 1 }
    let new = newExtents.indices.filter { newExtents[$0] > 1 }
    var (oldStart, newStart) = (0, 0)
    while oldStart < old.count, newStart < new.count {
      // The fewest axes on either side that are as many elements.
      var (oldEnd, newEnd) = (oldStart + 1, newStart + 1)
      var (oldCount, newCount) = (extents[old[oldStart]], newExtents[new[newStart]])
      while oldCount != newCount {
        if oldCount < newCount {
          oldCount *= extents[old[oldEnd]]
          oldEnd += 1
        } else {
          newCount *= newExtents[new[newEnd]]
          newEnd += 1
        }
      }
      for (outer, inner) in zip(old[oldStart..<oldEnd], old[oldStart..<oldEnd].dropFirst())
      where byteStrides[outer] != byteStrides[inner] * extents[inner] { return nil }
      var stride = byteStrides[old[oldEnd - 1]]
      for axis in new[newStart..<newEnd].reversed() {
        newStrides[axis] = stride
        stride *= newExtents[axis]
      }
      (oldStart, newStart) = (oldEnd, newEnd)
    }
    return StridedView(byteOffset: byteOffset, extents: newExtents, byteStrides: newStrides)
  }
}
