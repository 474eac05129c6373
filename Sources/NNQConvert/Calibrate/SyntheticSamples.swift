import NNQFloat
import NNQFormat

/// Stand-ins for calibration data: noise whose amplitude falls as 1/f, as in photographs, stretched over the declared range
/// of the input. Seeded, so that a conversion without data is as reproducible as one with.
public struct SyntheticSamples: CalibrationSamples {
  public let count = 16
  public var summary: String { "\(count) synthetic 1/f-noise samples (give --calib for real ones)" }
  private let shapes: [[Int]]
  private let indexCounts: [Int?]
  private let range: ClosedRange<Float>
  private let seed: UInt64

  /// - Parameters:
  ///   - shapes: of the inputs; the last two axes of rank 3 and 4 are taken as a picture, all others as channels.
  ///   - indexCounts: for each input of integers how many there are, from 0 on; nil for real values.
  ///   - range: of the values.
  public init(shapes: [[Int]], indexCounts: [Int?] = [], range: ClosedRange<Float>, seed: UInt64) {
    self.shapes = shapes
    self.indexCounts = indexCounts
    self.range = range
    self.seed = seed
  }

  public func forEach(_ body: ([[Float]]) throws -> Void) rethrows {
    for index in 0..<count { try body(sample(index)) }
  }

  private func sample(_ index: Int) -> [[Float]] {
    shapes.enumerated().map { input, shape in
      var random = SplitMix64(state: seed &+ UInt64(index) &* 0x1_0001 &+ UInt64(input) &* 0x1_0000_0001)
      if indexCounts.indices.contains(input), let count = indexCounts[input] {
        return (0..<shape.reduce(1, *)).map { _ in Float(random.next() % UInt64(count)) }
      }
      let isPicture = shape.count >= 3
      let width = isPicture ? shape[shape.count - 1] : shape.reduce(1, *)
      let height = isPicture ? shape[shape.count - 2] : 1
      let planeCount = shape.reduce(1, *) / max(width * height, 1)
      return (0..<planeCount).flatMap { _ in plane(height: height, width: width, &random) }
    }
  }

  /// Octaves of bilinear value noise, each half the amplitude of the one twice as coarse, stretched to the range.
  private func plane(height: Int, width: Int, _ random: inout SplitMix64) -> [Float] {
    var values = [Float](repeating: 0, count: height * width)
    var amplitude: Float = 1
    var cell = max(height, width)
    while cell >= 1 {
      addOctave(&values, height: height, width: width, cell: cell, amplitude: amplitude, &random)
      amplitude /= 2
      cell /= 2
    }
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    // A plane of one value has no contrast to stretch: the value is as random as a pixel.
    let shares = high > low ? values.map { ($0 - low) / (high - low) } : values.map { _ in random.unit() }
    return shares.map { min(range.lowerBound + $0 * (range.upperBound - range.lowerBound), range.upperBound) }
  }

  private func addOctave(
    _ values: inout [Float], height: Int, width: Int, cell: Int, amplitude: Float, _ random: inout SplitMix64
  ) {
    let columns = width / cell + 2
    let grid = (0..<(height / cell + 2) * columns).map { _ in random.unit() }
    for row in 0..<height {
      for column in 0..<width {
        let corner = row / cell * columns + column / cell
        let (y, x) = (Float(row % cell) / Float(cell), Float(column % cell) / Float(cell))
        let top = grid[corner] + (grid[corner + 1] - grid[corner]) * x
        let bottom = grid[corner + columns] + (grid[corner + columns + 1] - grid[corner + columns]) * x
        values[row * width + column] += amplitude * (top + (bottom - top) * y)
      }
    }
  }
}

extension SplitMix64 {
  /// Uniform in 0..<1.
  fileprivate mutating func unit() -> Float { Float(next() >> 40) * 0x1p-24 }
}
