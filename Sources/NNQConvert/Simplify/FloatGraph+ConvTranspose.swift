import NNQFloat

extension FloatGraph {
  /// Makes a transposed convolution a convolution that gives all phases of the output as channels, which are then put side by
  /// side: the same products, without the zeros between elements, by the fast kernels.
  mutating func replaceConvTranspose() -> [String] {
    var log: [String] = []
    for index in nodes.indices.reversed() {
      let node = nodes[index]
      guard case .convTranspose(let conv) = node.operation, node.inputs.dropFirst().allSatisfy({ values[$0].constant != nil }) else {
        continue
      }
      let (x, output) = (values[node.inputs[0]].shape, values[node.outputs[0]].shape)
      let phases = PhaseConvolution(conv, input: x, weights: values[node.inputs[1]], output: output)
      guard phases.areLegal else { continue }
      replace(node: index, by: phases.chain(bias: node.inputs.count > 2 ? values[node.inputs[2]] : nil), of: node.inputs[0])
      log.append("\(node.name): ConvTranspose made a convolution to \(phases.count) phases")
    }
    return log
  }
}

/// A transposed convolution as a convolution of stride 1 whose output channels are the output's phases.
///
/// Along one axis element o of the output is phase p = (o + padBegin) mod stride of element q = (o + padBegin) / stride; it
/// sums x[q - t] * w[r] over the taps r * dilation = p + stride * t.
private struct PhaseConvolution {
  struct Axis {
    var stride: Int
    var dilation: Int
    var kernel: Int
    /// Elements of x that a phase sums: the largest t and one.
    var taps: Int
    var pads: (begin: Int, end: Int)
    /// Elements q that the convolution gives, and how many elements o of them the output leaves out at its begin.
    var extent: Int
    var crop: Int
    var output: Int

    init(input: Int, output: Int, kernel: Int, stride: Int, dilation: Int, padBegin: Int) {
      (self.stride, self.dilation, self.kernel, self.output) = (stride, dilation, kernel, output)
      let (first, last) = (padBegin / stride, (output - 1 + padBegin) / stride)
      // Output that no tap reaches, as output_padding gives, is reached by taps of weight 0.
      taps = max(((kernel - 1) * dilation + stride) / stride, last + 2 - input)
      pads = (begin: max(taps - 1 - first, 0), end: max(last + 1 - input, 0))
      extent = input + pads.begin + pads.end - taps + 1
      crop = padBegin - (taps - 1 - pads.begin) * stride
    }

    /// The tap of the transposed kernel that a phase applies at a place of the convolution's.
    func tap(phase: Int, place: Int) -> Int? {
      let position = phase + stride * (taps - 1 - place)
      return position % dilation == 0 && position / dilation < kernel ? position / dilation : nil
    }
  }

  private let axes: [Axis]
  private let groups: Int
  private let weights: FloatValue
  private let batch: Int
  private let output: [Int]

  init(_ conv: FloatConv, input: [Int], weights: FloatValue, output: [Int]) {
    axes = (0..<conv.strides.count).map { axis in
      Axis(
        input: input[axis + 2], output: output[axis + 2], kernel: weights.shape[axis + 2], stride: conv.strides[axis],
        dilation: conv.dilations[axis], padBegin: conv.pads[axis])
    }
    groups = conv.groups
    self.weights = weights
    batch = input[0]
    self.output = output
  }

  var count: Int { axes.reduce(1) { $0 * $1.stride } }
  private var groupChannels: Int { output[1] / groups }

  /// Whether tensors can hold them: strides may be far larger than what padding leaves of the output.
  var areLegal: Bool {
    let channelCount = output[1] * count
    return [[channelCount] + weightShape, [batch, channelCount] + axes.map(\.extent)].allSatisfy { shape in
      (try? FloatOperation.checkLegal(shape)) != nil
    }
  }

  /// Channels of the convolution are group, phase, channel of the group: those of a phase lie together.
  func chain(bias: FloatValue?) -> [ChainLink] {
    let ones = axes.map { _ in 1 }
    let conv = FloatConv(
      strides: ones, dilations: ones, pads: axes.map(\.pads.begin) + axes.map(\.pads.end), groups: groups)
    var constants = [FloatValue(name: weights.name + ".phases", shape: [output[1] * count] + weightShape, constant: phaseWeights)]
    if let bias { constants.append(FloatValue(name: bias.name + ".phases", shape: [output[1] * count], constant: phaseBias(bias))) }
    let extents = axes.map(\.extent)
    var links = [ChainLink(operation: .conv(conv), constants: constants, shape: [batch, output[1] * count] + extents)]
    if count > 1 { links += sideBySide(extents) }
    let begin = [0, 0] + axes.map(\.crop)
    if links[links.count - 1].shape != output {
      links.append(ChainLink(operation: .slice(begin: begin, step: begin.map { _ in 1 }), shape: output))
    }
    return links
  }

  /// N, G, phases, K/G, elements -> N, G, K/G and for each axis elements, phases.
  private func sideBySide(_ extents: [Int]) -> [ChainLink] {
    let (strides, rank) = (axes.map(\.stride), axes.count)
    let split = [batch, groups] + strides + [groupChannels] + extents
    let permutation = [0, 1, 2 + rank] + (0..<rank).flatMap { [3 + rank + $0, 2 + $0] }
    return [
      ChainLink(operation: .reshape, shape: split),
      ChainLink(operation: .transpose(permutation: permutation), shape: permutation.map { split[$0] }),
      ChainLink(operation: .reshape, shape: [batch, output[1]] + zip(extents, strides).map { $0 * $1 }),
    ]
  }

  private var weightShape: [Int] { [weights.shape[1]] + axes.map(\.taps) }

  private var phaseWeights: [Float] {
    let elements = weights.constant ?? []
    let (depth, kernel) = (weights.shape[1], Array(weights.shape[2...]))
    let taps = phases.map { phase in self.taps(of: phase) }
    var result: [Float] = []
    result.reserveCapacity(elements.count * 2)
    for group in 0..<groups {
      for taps in taps {
        for k in group * groupChannels..<(group + 1) * groupChannels {
          for c in 0..<depth {
            let first = (k * depth + c) * kernel.reduce(1, *)
            result += taps.map { tap in tap.map { elements[first + $0] } ?? 0 }
          }
        }
      }
    }
    return result
  }

  /// All phases, each a number for each axis, the last axis fastest.
  private var phases: [[Int]] {
    axes.reduce([[]]) { prefixes, axis in prefixes.flatMap { prefix in (0..<axis.stride).map { prefix + [$0] } } }
  }

  /// For each place of the convolution's kernel the element of the transposed one that a phase applies there.
  private func taps(of phase: [Int]) -> [Int?] {
    zip(axes, phase).reduce([0]) { prefixes, pair in
      let (axis, phase) = pair
      return prefixes.flatMap { prefix in
        (0..<axis.taps).map { place in
          guard let prefix, let tap = axis.tap(phase: phase, place: place) else { return nil }
          return prefix * axis.kernel + tap
        }
      }
    }
  }

  private func phaseBias(_ bias: FloatValue) -> [Float] {
    let elements = bias.constant ?? []
    return (0..<groups).flatMap { group in
      (0..<count).flatMap { _ in elements[group * groupChannels..<(group + 1) * groupChannels] }
    }
  }
}
