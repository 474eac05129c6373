import NNQFloat

/// What one group of a layer's output channels sees over all positions of all samples: the means of its D inputs, in the order
/// of the weights, and their second moments about these means. Summed in double precision, sample after sample.
struct InputMoments: Sendable {
  let means: [Float]
  private(set) var sampleCount = 0.0
  /// Positions of all samples.
  private(set) var count = 0.0
  /// Sums of the products of inputs, D x D.
  private(set) var products: SquareMatrix
  /// Sum over the samples of the sums of the squares of each sample's products: how much samples differ from each other.
  private var squaredNorms = 0.0

  var depth: Int { means.count }

  init(means: [Float]) {
    self.means = means
    products = SquareMatrix(size: means.count)
  }

  /// Sums over the positions of one sample of the products of its inputs, less the means, D x D.
  ///
  /// - Parameter inputs: D x positions.
  func products(of inputs: FloatMatrix) -> FloatMatrix {
    let centered = inputs.subtracting(means)
    return centered.times(centered.transposed)
  }

  /// Adds one sample.
  ///
  /// - Parameters:
  ///   - sums: the products of its inputs.
  ///   - positions: how many they are summed over.
  mutating func add(_ sums: FloatMatrix, positions: Int) {
    for (index, sum) in sums.elements.enumerated() {
      let product = Double(sum)
      products.elements[index] += product
      squaredNorms += product * product
    }
    sampleCount += 1
    count += Double(positions)
  }

  /// The share that a multiple of the identity should have in an estimate of the covariance, so that the estimate is expected
  /// to come closest to the truth (Ledoit and Wolf 2004, "A well-conditioned estimator for large-dimensional covariance
  /// matrices", section 3). Independent observations are whole samples: positions of one picture are alike.
  var shrinkage: Double {
    let norm = products.elements.reduce(0) { $0 + $1 * $1 }
    let distance = norm - products.trace * products.trace / Double(depth)
    let spread = (sampleCount * squaredNorms - norm) / max(sampleCount, 1)
    return distance > 0 ? min(max(spread / distance, 0), 1) : 1
  }
}

/// What a group's output channels should give: the mean of each of the K targets, and the sums of their products with the
/// centred inputs, K x D.
struct TargetMoments: Sendable {
  private var sums: [Double]
  private(set) var products: [Double]
  /// Positions of all samples.
  private var count = 0.0

  var means: [Double] { sums.map { $0 / max(count, 1) } }

  init(channelCount: Int, depth: Int) {
    sums = [Double](repeating: 0, count: channelCount)
    products = [Double](repeating: 0, count: channelCount * depth)
  }

  /// Adds one sample.
  ///
  /// - Parameters:
  ///   - targets: K x positions.
  ///   - inputs: D x positions, less their means.
  mutating func add(_ targets: FloatMatrix, centered inputs: FloatMatrix) {
    let cross = targets.times(inputs.transposed).elements
    for index in cross.indices { products[index] += Double(cross[index]) }
    for (channel, sum) in targets.rowSums.enumerated() { sums[channel] += sum }
    count += Double(targets.columns)
  }

  mutating func merge(_ other: TargetMoments) {
    for index in sums.indices { sums[index] += other.sums[index] }
    for index in products.indices { products[index] += other.products[index] }
    count += other.count
  }
}
