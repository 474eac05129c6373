/// Shapes of the operators that move elements, alike for constants and for values.
extension NodeReader {
  /// The target of Reshape: 0 keeps an extent (unless `allowzero`), -1 takes what is left.
  func reshapeShape(of shape: [Int]) throws(Refusal) -> [Int] {
    guard let target = try integers("shape", orOperand: 1) else { throw Refusal(.missingOperand, at: place, "the shape is missing") }
    let keepsZero = try flag("allowzero")
    var result: [Int] = []
    for (axis, extent) in target.enumerated() {
      guard extent != 0 || keepsZero || axis < shape.count else {
        throw Refusal(.invalidShape, at: place, "target \(target) keeps axis \(axis) of shape \(shape)")
      }
      result.append(extent == 0 && !keepsZero ? shape[axis] : extent)
    }
    let count = shape.reduce(1, *)
    if let open = result.firstIndex(of: -1) {
      result[open] = 1
      let known = HostTensor.elementCount(result) ?? 0
      guard known > 0, count % known == 0 else { throw cannotReshape(shape, target) }
      result[open] = count / known
    }
    guard HostTensor.elementCount(result) == count else { throw cannotReshape(shape, target) }
    return result
  }

  private func cannotReshape(_ shape: [Int], _ target: [Int]) -> Refusal {
    Refusal(.invalidShape, at: place, "\(shape) does not reshape to \(target)")
  }

  func flattenShape(of shape: [Int]) throws(Refusal) -> [Int] {
    let axis = try integer("axis") ?? 1
    // Flatten alone may name the place after the last axis.
    let split = axis == shape.count ? axis : try self.axis(axis, rank: shape.count)
    return [shape[..<split].reduce(1, *), shape[split...].reduce(1, *)]
  }

  func squeezeShape(of operand: Operand) throws(Refusal) -> [Int] {
    let shape = operand.shape
    guard let named = try integers("axes", orOperand: 1) else {
      if case .value = operand, shape.first == 1 {
        throw Refusal(
          .batchAxis, at: place, "without axes it removes the batch axis too", remedy: "export it with the axes it is to remove")
      }
      return shape.filter { $0 != 1 }
    }
    let axes = try axes(named, rank: shape.count)
    for axis in axes where shape[axis] != 1 {
      throw Refusal(.invalidShape, at: place("axes"), "axis \(axis) of \(shape) is not 1")
    }
    return shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
  }

  func unsqueezeShape(of shape: [Int]) throws(Refusal) -> [Int] {
    guard let named = try integers("axes", orOperand: 1) else {
      throw Refusal(.missingOperand, at: place, "axes are missing")
    }
    guard shape.count + named.count <= HostTensor.maximumRank else {
      throw Refusal(.invalidShape, at: place, "it has more than \(HostTensor.maximumRank) axes")
    }
    let axes = try axes(named, rank: shape.count + named.count)
    var kept = shape.makeIterator()
    return (0..<shape.count + axes.count).map { axes.contains($0) ? 1 : kept.next() ?? 1 }
  }

  func permutation(of shape: [Int]) throws(Refusal) -> [Int] {
    let permutation = try integers("perm") ?? shape.indices.reversed()
    guard permutation.sorted() == Array(shape.indices) else {
      throw Refusal(.invalidAttribute, at: place("perm"), "\(permutation) does not name each axis of \(shape) once")
    }
    return permutation
  }

  /// The extents that Split gives its outputs along an axis: named, or alike but for a smaller last one.
  func splitExtents(of extent: Int) throws(Refusal) -> [Int] {
    if let named = try integers("split", orOperand: 1) {
      guard named.allSatisfy({ (0...extent).contains($0) }), named.reduce(0, +) == extent, named.count >= node.outputs.count else {
        throw Refusal(.invalidOperand, at: place, "it splits \(extent) elements into \(named) for \(node.outputs.count) outputs")
      }
      return named
    }
    let count = max(node.outputs.count, 1)
    guard try integer("num_outputs") ?? count == count else {
      throw Refusal(.invalidAttribute, at: place("num_outputs"), "it differs from the \(count) outputs")
    }
    let part = (extent + count - 1) / count
    guard opset >= 18 || extent % count == 0, extent > part * (count - 1) else {
      throw Refusal(.invalidShape, at: place, "\(extent) elements do not split into \(count) parts")
    }
    return (0..<count).map { min(part, extent - $0 * part) }
  }

  /// Starts and ends are clamped to the tensor.
  func slice(of shape: [Int]) throws(Refusal) -> ResolvedSlice {
    guard let starts = try integers("starts", orOperand: 1), let ends = try integers("ends", orOperand: 2) else {
      throw Refusal(.missingOperand, at: place, "starts or ends are missing")
    }
    let axes = try axes(integers("axes", orOperand: 3) ?? Array(starts.indices), rank: shape.count)
    let steps = try optionalIntegers(4) ?? [Int](repeating: 1, count: starts.count)
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count else {
      throw Refusal(.invalidOperand, at: place, "starts, ends, axes and steps have different counts")
    }
    var slice = ResolvedSlice(whole: shape)
    for (index, axis) in axes.enumerated() {
      guard steps[index] != 0 else { throw Refusal(.invalidOperand, at: place, "step 0 of axis \(axis)") }
      slice.narrow(axis, start: starts[index], end: ends[index], step: steps[index])
    }
    return slice
  }
}

/// The part of a tensor that Slice takes: y[i] = x[begin + i * step], i below the extents.
struct ResolvedSlice: Equatable {
  private(set) var begin: [Int]
  private(set) var step: [Int]
  private(set) var extents: [Int]

  init(whole shape: [Int]) {
    begin = [Int](repeating: 0, count: shape.count)
    step = [Int](repeating: 1, count: shape.count)
    extents = shape
  }

  /// The same part, but for some axes that are taken whole.
  func whole(along axes: [Int], of shape: [Int]) -> ResolvedSlice {
    var result = self
    for axis in axes { (result.begin[axis], result.step[axis], result.extents[axis]) = (0, 1, shape[axis]) }
    return result
  }

  /// - Parameters:
  ///   - start, end: negative ones count from the end of the axis. The element at `end` is left out.
  ///   - step: not 0; a negative one walks towards the begin.
  mutating func narrow(_ axis: Int, start: Int, end: Int, step: Int) {
    let extent = extents[axis]
    // A step past the axis takes one element, whatever its size.
    let step = min(max(step, -max(extent, 1)), max(extent, 1))
    let bounds = step > 0 ? 0...extent : -1...(extent - 1)
    func clamped(_ position: Int) -> Int {
      let place = position < 0 ? position + extent : position
      return min(max(place, bounds.lowerBound), bounds.upperBound)
    }
    let covered = max((clamped(end) - clamped(start)) * step.signum(), 0)
    let magnitude = step * step.signum()
    self.step[axis] = step
    extents[axis] = (covered + magnitude - 1) / magnitude
    begin[axis] = extents[axis] == 0 ? 0 : clamped(start)
  }
}
