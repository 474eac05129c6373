/// What the rules ask of s8 weights, gathered while they pass by. Spec: operators.md 5.3.
package struct WeightSummary: Equatable, Sendable {
  /// The sums that the overflow bound and the zero point's correction need.
  package struct Sums: Equatable, Sendable {
    /// W+ and W-, both 0 or more.
    package var positive = 0
    package var negative = 0
    package var total: Int { positive - negative }
  }

  /// For each output channel (axis 0).
  package private(set) var sums: [Sums]
  /// Whether -128 is among them.
  package private(set) var holdsForbiddenWeight = false
  /// Weights of an output channel.
  private let depth: Int

  /// Of weights that have not come yet.
  package init(shape: [Int]) {
    sums = Array(repeating: Sums(), count: shape.first ?? 0)
    depth = shape.dropFirst().reduce(1, *)
  }

  /// - Parameters:
  ///   - weights: some of the weights, each of which comes once.
  ///   - first: the index of the first of them.
  package mutating func add(_ weights: UnsafeRawBufferPointer, from first: Int) {
    holdsForbiddenWeight = holdsForbiddenWeight || weights.holdsForbiddenWeight
    var rest = weights[...]
    var index = first
    while !rest.isEmpty {
      let row = rest.prefix(depth - index % depth)
      sums[index / depth].add(UnsafeRawBufferPointer(rebasing: row))
      rest = rest.dropFirst(row.count)
      index += row.count
    }
  }
}

extension WeightSummary.Sums {
  /// Sums in 16 bits for as many weights as cannot overflow them: the loop vectorises with narrow lanes, and loading a model
  /// waits for it (0.4 ms for 4.6 MB, half of what 32-bit sums take).
  fileprivate mutating func add(_ weights: UnsafeRawBufferPointer) {
    var total = 0
    var magnitude = 0
    var rest = weights[...]
    while !rest.isEmpty {
      let block = UnsafeRawBufferPointer(rebasing: rest.prefix(255))
      rest = rest.dropFirst(255)
      var blockTotal: Int16 = 0
      var blockMagnitude: Int16 = 0
      for byte in block {
        let weight = Int16(Int8(bitPattern: byte))
        blockTotal &+= weight
        blockMagnitude &+= weight < 0 ? 0 &- weight : weight
      }
      total += Int(blockTotal)
      magnitude += Int(blockMagnitude)
    }
    positive += (magnitude + total) / 2
    negative += (magnitude - total) / 2
  }
}

extension UnsafeRawBufferPointer {
  /// Looks at every byte, so that the loop vectorises.
  fileprivate var holdsForbiddenWeight: Bool {
    var found: UInt8 = 0
    for byte in self { found |= byte == 0x80 ? 1 : 0 }
    return found != 0
  }
}

extension Tensor {
  /// Of s8 weights: what was gathered while they were read, or else is now, in one pass.
  package var weightSummary: WeightSummary {
    if let packedSummary { return packedSummary }
    var summary = WeightSummary(shape: shape)
    constant?.bytes.withUnsafeBytes { summary.add($0, from: 0) }
    return summary
  }
}
