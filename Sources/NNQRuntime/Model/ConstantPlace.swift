import CKernels
import NNQGraph

/// Where the constants of one node lie, in bytes from the start of `PackedConstants`.
enum ConstantPlace {
  case convolution(ConvolutionPlace)
  /// Tables, indices and the like, as in the file: one for each operand after the first.
  case copies(byteOffsets: [Int])
  /// The second operand of arithmetic.
  case operand(ConstantOperand)

  /// The arrays hold Int32 for each output channel, padded with zeros to whole panels.
  struct ConvolutionPlace {
    let channelCount: Int
    let bias: Int
    let multiplier: Int
    let shift: Int
  }

  /// - Parameter base: the start of the memory, large enough for this place.
  func pack(_ node: Node, of graph: Graph, into base: UnsafeMutableRawPointer) {
    switch self {
    case .convolution(let place): place.pack(node, of: graph, into: base)
    case .copies(let byteOffsets):
      for (operand, byteOffset) in zip(node.inputs.dropFirst(), byteOffsets) {
        graph.tensors[operand].constant?.bytes.withUnsafeBytes { bytes in
          UnsafeMutableRawBufferPointer(start: base + byteOffset, count: bytes.count).copyMemory(from: bytes)
        }
      }
    case .operand(let operand):
      graph.tensors[node.inputs[1]].constant?.bytes.withUnsafeBytes { operand.pack($0, into: base) }
    }
  }
}

extension ConstantPlace.ConvolutionPlace {
  fileprivate func pack(_ node: Node, of graph: Graph, into base: UnsafeMutableRawPointer) {
    let shifts = graph.tensors[node.inputs[4]].integers
    let arrays = [
      (bias, effectiveBias(node, of: graph, shifts: shifts)),
      (multiplier, graph.tensors[node.inputs[3]].integers),
      (shift, shifts),
    ]
    for (byteOffset, values) in arrays {
      let channels = (base + byteOffset).bindMemory(to: Int32.self, capacity: channelCount)
      for channel in 0..<channelCount {
        channels[channel] = channel < values.count ? Int32(truncatingIfNeeded: values[channel]) : 0
      }
    }
  }

  /// B = bias - z_x * sum(w) + h for each output channel; fits 32 bits by operators.md 5.3.
  private func effectiveBias(_ node: Node, of graph: Graph, shifts: [Int]) -> [Int] {
    let zeroPoint = Int(graph.tensors[node.inputs[0]].quantization?.zeroPoint ?? 0)
    let sums = graph.tensors[node.inputs[1]].weightSummary.sums
    return graph.tensors[node.inputs[2]].integers.enumerated().map { channel, bias in
      bias - zeroPoint * sums[channel].total + half(shifts[channel])
    }
  }
}

/// h of operators.md 2.3: half of 2^shift, rounded down.
func half(_ shift: Int) -> Int { shift > 0 ? 1 << (shift - 1) : 0 }

/// Gives out places one after the other.
struct ConstantAllocator {
  private(set) var byteCount = 0

  mutating func place(_ node: Node, in graph: Graph) throws(RuntimeError) -> ConstantPlace? {
    if let convolution = Convolution(node, in: graph) {
      let channelsByteCount = convolution.paddedChannels * MemoryLayout<Int32>.size
      return .convolution(
        .init(
          channelCount: convolution.paddedChannels, bias: take(channelsByteCount), multiplier: take(channelsByteCount),
          shift: take(channelsByteCount)))
    }
    switch node.operation {
    case .table, .softmax, .take, .resize, .gather, .layerNorm:
      return .copies(byteOffsets: node.inputs.dropFirst().map { take(graph.tensors[$0].byteCount) })
    case .add, .multiply, .maximum, .minimum:
      return try ConstantOperand(of: node, in: graph) { take($0) }.map { .operand($0) }
    default: return nil
    }
  }

  /// Safe: 2^20 nodes of 2^31 bytes each, grown 256-fold by packing, stay below 2^63.
  private mutating func take(_ byteCount: Int) -> Int {
    let start = self.byteCount
    self.byteCount += AlignedMemory.roundUp(byteCount)
    return start
  }
}
