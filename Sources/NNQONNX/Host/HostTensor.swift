/// A constant of the model while it is imported: shapes, axes, weights, and what is computed from them.
package struct HostTensor: Equatable, Sendable {
  /// In row-major order.
  package enum Elements: Equatable, Sendable {
    case floats([Float])
    /// Every integer type of ONNX.
    case integers([Int64])
    case booleans([Bool])
  }

  /// A shape `elementCount(_:)` accepts.
  package let shape: [Int]
  package let elements: Elements

  package init(shape: [Int], _ elements: Elements) {
    self.shape = shape
    self.elements = elements
  }

  /// A vector of integers.
  init(_ integers: [Int]) { self.init(shape: [integers.count], .integers(integers.map { Int64($0) })) }

  package var elementCount: Int { shape.reduce(1, *) }

  package var floats: [Float]? {
    if case .floats(let values) = elements { values } else { nil }
  }

  package var integers: [Int64]? {
    if case .integers(let values) = elements { values } else { nil }
  }

  package var booleans: [Bool]? {
    if case .booleans(let values) = elements { values } else { nil }
  }

  /// For messages.
  package var typeName: String {
    switch elements {
    case .floats: "floats"
    case .integers: "integers"
    case .booleans: "booleans"
    }
  }

  static let maximumRank = 8

  /// The product of extents; nil for a shape no tensor may have: too many axes, a negative extent, one above 2^31 - 1, or
  /// extents whose product, zeros left out, does not fit. So strides and sums of extents fit too.
  static func elementCount(_ shape: [Int]) -> Int? {
    guard shape.count <= maximumRank else { return nil }
    var count = 1
    for extent in shape where extent != 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard (0...Int(Int32.max)).contains(extent), !overflow else { return nil }
      count = product
    }
    return shape.contains(0) ? 0 : count
  }
}
