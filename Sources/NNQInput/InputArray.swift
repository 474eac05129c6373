/// An array as a file holds it: row-major elements of one type.
package struct InputArray: Equatable, Sendable {
  package enum Values: Equatable, Sendable {
    case uint8([UInt8])
    case int8([Int8])
    case int16([Int16])
    case int32([Int32])
    case int64([Int64])
    case float32([Float])

    package var count: Int {
      switch self {
      case .uint8(let values): values.count
      case .int8(let values): values.count
      case .int16(let values): values.count
      case .int32(let values): values.count
      case .int64(let values): values.count
      case .float32(let values): values.count
      }
    }
  }

  package var shape: [Int]
  package var values: Values

  /// - Precondition: the shape has as many elements as there are values.
  package init(shape: [Int], values: Values) {
    precondition(shape.reduce(1, *) == values.count, "shape \(shape) for \(values.count) values")
    self.shape = shape
    self.values = values
  }

  /// The values as real numbers, rounded to single precision.
  package var floats: [Float] {
    switch values {
    case .uint8(let values): values.map { Float($0) }
    case .int8(let values): values.map { Float($0) }
    case .int16(let values): values.map { Float($0) }
    case .int32(let values): values.map { Float($0) }
    case .int64(let values): values.map { Float($0) }
    case .float32(let values): values
    }
  }

  /// The values as integers; nil for real numbers.
  package var integers: [Int]? {
    switch values {
    case .uint8(let values): values.map { Int($0) }
    case .int8(let values): values.map { Int($0) }
    case .int16(let values): values.map { Int($0) }
    case .int32(let values): values.map { Int($0) }
    case .int64(let values): values.map { Int($0) }
    case .float32: nil
    }
  }
}

/// The number of elements of a shape, nil if it does not fit an Int or an axis is negative.
func elementCount(_ shape: [Int]) -> Int? {
  var count = 1
  for axis in shape {
    let (product, overflow) = count.multipliedReportingOverflow(by: axis)
    guard axis >= 0, !overflow else { return nil }
    count = product
  }
  return count
}
