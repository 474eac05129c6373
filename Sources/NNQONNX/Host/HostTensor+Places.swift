/// Operators that move elements: each lists, for every element of its result, the place it comes from.
extension HostTensor {
  /// The elements at the given places, in their order.
  ///
  /// - Parameters:
  ///   - places: indices into the elements, as many as the shape has elements.
  func selecting(_ places: [Int], shape: [Int]) -> HostTensor {
    let selected: Elements =
      switch elements {
      case .floats(let values): .floats(places.map { values[$0] })
      case .integers(let values): .integers(places.map { values[$0] })
      case .booleans(let values): .booleans(places.map { values[$0] })
      }
    return HostTensor(shape: shape, selected)
  }

  /// The same elements in another shape of as many.
  func reshaped(_ shape: [Int]) -> HostTensor { HostTensor(shape: shape, elements) }

  /// - Parameter permutation: each axis once; axis a of the result is axis permutation[a] of this tensor.
  func transposed(_ permutation: [Int]) -> HostTensor {
    let strides = rowMajorStrides(shape)
    let newShape = permutation.map { shape[$0] }
    return selecting(places(newShape, strides: permutation.map { strides[$0] }), shape: newShape)
  }

  /// - Parameter newShape: one this tensor broadcasts to.
  func broadcast(to newShape: [Int]) -> HostTensor {
    guard newShape != shape else { return self }
    let added = newShape.count - shape.count
    let strides = zip(shape, rowMajorStrides(shape)).map { extent, stride in extent == 1 ? 0 : stride }
    return selecting(places(newShape, strides: [Int](repeating: 0, count: added) + strides), shape: newShape)
  }

  /// y[i] = x[begin + i * step].
  func sliced(_ slice: ResolvedSlice) -> HostTensor {
    let strides = rowMajorStrides(shape)
    let origin = zip(slice.begin, strides).map { $0 * $1 }.reduce(0, +)
    let steps = zip(slice.step, strides).map { $0 * $1 }
    return selecting(places(slice.extents, strides: steps, origin: origin), shape: slice.extents)
  }

  /// - Parameter indices: below the extent of the axis, any shape.
  func gathered(axis: Int, indices: [Int], indicesShape: [Int]) -> HostTensor {
    let newShape = shape[..<axis] + indicesShape + shape[(axis + 1)...]
    guard !newShape.contains(0) else { return selecting([], shape: Array(newShape)) }
    let strides = rowMajorStrides(shape)
    let before = places(Array(shape[..<axis]), strides: Array(strides[..<axis]))
    let after = places(Array(shape[(axis + 1)...]), strides: Array(strides[(axis + 1)...]))
    var selected: [Int] = []
    for start in before {
      for index in indices {
        for rest in after { selected.append(start + index * strides[axis] + rest) }
      }
    }
    return selecting(selected, shape: Array(newShape))
  }
}

extension HostTensor {
  /// Joins tensors of one element type along an axis; nil when their types differ.
  ///
  /// - Parameter shape: the result's; the other axes are those of every tensor.
  static func concatenated(_ tensors: [HostTensor], axis: Int, shape: [Int]) -> HostTensor? {
    guard let joined = joined(tensors.map(\.elements)) else { return nil }
    // Each tensor is a block of the joined elements, of which every index before the axis takes its share in turn.
    var blocks: [(start: Int, share: Int)] = []
    var start = 0
    for tensor in tensors where tensor.elementCount > 0 {
      blocks.append((start, tensor.shape[axis...].reduce(1, *)))
      start += tensor.elementCount
    }
    var selected: [Int] = []
    for index in 0..<(blocks.isEmpty ? 0 : shape[..<axis].reduce(1, *)) {
      for (start, share) in blocks { selected += start + index * share..<start + (index + 1) * share }
    }
    return HostTensor(shape: [joined.count], joined).selecting(selected, shape: shape)
  }

  private static func joined(_ parts: [Elements]) -> Elements? {
    var (floats, integers, booleans): ([Float], [Int64], [Bool]) = ([], [], [])
    for part in parts {
      switch part {
      case .floats(let values): floats += values
      case .integers(let values): integers += values
      case .booleans(let values): booleans += values
      }
    }
    switch parts.first {
    case .floats where integers.isEmpty && booleans.isEmpty: return .floats(floats)
    case .integers where floats.isEmpty && booleans.isEmpty: return .integers(integers)
    case .booleans where floats.isEmpty && integers.isEmpty: return .booleans(booleans)
    default: return nil
    }
  }
}

/// Elements from one index of an axis to the next.
func rowMajorStrides(_ shape: [Int]) -> [Int] {
  var strides = [Int](repeating: 1, count: shape.count)
  for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
  return strides
}

/// The places origin + sum(index[a] * strides[a]) of all indices below a shape, last axis fastest.
private func places(_ shape: [Int], strides: [Int], origin: Int = 0) -> [Int] {
  guard !shape.contains(0) else { return [] }
  var places = [origin]
  for (extent, stride) in zip(shape, strides) {
    var next: [Int] = []
    next.reserveCapacity(places.count * extent)
    for place in places {
      for index in 0..<extent { next.append(place + index * stride) }
    }
    places = next
  }
  return places
}
