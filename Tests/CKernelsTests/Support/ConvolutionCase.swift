import CKernels
import TestSupport

/// A convolution with random weights and requantisation constants. Spec: operators.md 2.
struct ConvolutionCase: CustomStringConvertible {
  enum Kind {
    case panels, depthwise, grouped
    /// Panels of which only blocks of 4 that are not all zeros are kept.
    case sparse
  }
  /// What the operands hold.
  enum Values {
    case random
    /// All inputs 255, all weights 127 or -127.
    case extreme
    /// The accumulator reaches 2^31 - 1 (operators.md 5.3).
    case bound
  }

  var kind = Kind.panels
  var height = 1
  var width = 1
  var channels = 1
  var outputChannels = 1
  var batch = 1
  var kernel = (height: 1, width: 1)
  var stride = (height: 1, width: 1)
  var dilation = (height: 1, width: 1)
  var padding = (top: 0, left: 0, bottom: 0, right: 0)
  var groups = 1
  var hasResidual = false
  var outputElementByteCount = 1
  var values = Values.random
  /// How many of a hundred weights are not zero; in blocks of 4 input channels of one output channel, or one by one.
  var density = 100
  var hasBlocks = false

  var description: String {
    "\(kind) \(batch)x\(height)x\(width)x\(channels) -> \(outputChannels), kernel \(kernel), stride \(stride), dilation \(dilation), "
      + "padding \(padding), groups \(groups), residual \(hasResidual), \(outputElementByteCount)-byte output, \(values), density \(density)"
  }

  var outputHeight: Int { (height + padding.top + padding.bottom - (kernel.height - 1) * dilation.height - 1) / stride.height + 1 }
  var outputWidth: Int { (width + padding.left + padding.right - (kernel.width - 1) * dilation.width - 1) / stride.width + 1 }
  var isLegal: Bool {
    height + padding.top + padding.bottom > (kernel.height - 1) * dilation.height
      && width + padding.left + padding.right > (kernel.width - 1) * dilation.width
  }
  var macCount: Int { batch * outputHeight * outputWidth * outputChannels * kernel.height * kernel.width * channels / groups }

  func kernelCase(using random: inout SeededRandom) -> KernelCase {
    let inputZeroPoint = Int32.random(in: 0...255, using: &random)
    let weights = randomWeights(using: &random)
    let epilogue = randomEpilogue(weights: weights, inputZeroPoint: inputZeroPoint, using: &random)
    var result = KernelCase(kernel: keyPath, splitsColumns: kind == .panels || kind == .sparse) { step, constants in
      step.u.conv = parameters(epilogue, constants)
    }
    result.constants = [packed(weights), bytes(epilogue.bias), bytes(epilogue.multiplier), bytes(epilogue.shift)]
    result.input = Activation(height: height, width: width, channels: channels, batch: batch, zeroPoint: inputZeroPoint)
    result.output = Activation(
      height: outputHeight, width: outputWidth, channels: outputChannels, batch: batch, elementByteCount: outputElementByteCount,
      zeroPoint: epilogue.zeroPoint)
    result.other = hasResidual ? result.output : Activation()
    result.input.fill(using: &random)
    result.other.fill(using: &random)
    result.output.fill(using: &random)
    if values != .random { result.input.fill(with: 255) }
    return result
  }

  private var keyPath: KeyPath<nn_kernels, nn_kernel?> {
    switch kind {
    case .panels: \.conv
    case .sparse: \.sparse
    case .depthwise: \.depthwise
    case .grouped: \.grouped
    }
  }

  private func parameters(_ epilogue: EpilogueConstants, _ constants: [UnsafeMutablePointer<UInt8>]) -> nn_conv {
    var conv = nn_conv()
    conv.weights = UnsafePointer(UnsafeRawPointer(constants[0]).assumingMemoryBound(to: Int8.self))
    conv.epilogue.bias = UnsafePointer(UnsafeRawPointer(constants[1]).assumingMemoryBound(to: Int32.self))
    conv.epilogue.multiplier = UnsafePointer(UnsafeRawPointer(constants[2]).assumingMemoryBound(to: Int32.self))
    conv.epilogue.shift = UnsafePointer(UnsafeRawPointer(constants[3]).assumingMemoryBound(to: Int32.self))
    conv.epilogue.c = epilogue.c
    conv.epilogue.lo = epilogue.lo
    conv.epilogue.hi = epilogue.hi
    conv.epilogue.residual_multiplier = epilogue.residualMultiplier
    (conv.kernel_height, conv.kernel_width) = (Int32(kernel.height), Int32(kernel.width))
    (conv.stride_height, conv.stride_width) = (Int32(stride.height), Int32(stride.width))
    (conv.dilation_height, conv.dilation_width) = (Int32(dilation.height), Int32(dilation.width))
    (conv.pad_top, conv.pad_left) = (Int32(padding.top), Int32(padding.left))
    conv.groups = Int32(groups)
    return conv
  }
}

/// The arrays and numbers of an `nn_epilogue`.
struct EpilogueConstants {
  var bias: [Int32]
  var multiplier: [Int32]
  var shift: [Int32]
  var zeroPoint: Int32
  var residualMultiplier: Int32
  var c: Int32
  var lo: Int32
  var hi: Int32
}

extension ConvolutionCase {
  private func randomWeights(using random: inout SeededRandom) -> [Int8] {
    let count = outputChannels * kernel.height * kernel.width * channels / groups
    var weights: [Int8] =
      switch values {
      case .random: (0..<count).map { _ in Int8.random(in: -127...127, using: &random) }
      case .extreme: (0..<count).map { _ in Bool.random(using: &random) ? 127 : -127 }
      case .bound: Array(repeating: 127, count: count)
      }
    var isKept = true
    for index in weights.indices where density < 100 {
      if !hasBlocks || index % channels % 4 == 0 { isKept = Int.random(in: 0..<100, using: &random) < density }
      if !isKept { weights[index] = 0 }
    }
    return weights
  }

  /// Entries past the last channel stay 0, as the runtime leaves them.
  private func randomEpilogue(weights: [Int8], inputZeroPoint: Int32, using random: inout SeededRandom) -> EpilogueConstants {
    let padded = (outputChannels + 15) / 16 * 16
    let depth = weights.count / outputChannels
    let zeroPoint = outputElementByteCount == 2 ? 0 : Int32.random(in: 0...255, using: &random)
    let residualMultiplier = hasResidual ? Int32.random(in: 1...32767, using: &random) : 0
    let limits = outputElementByteCount == 2 ? -32768...32767 : Int32(0)...255
    let ends = [Int32.random(in: limits, using: &random), limits.lowerBound].randomElement(using: &random)!
    var result = EpilogueConstants(
      bias: Array(repeating: 0, count: padded), multiplier: Array(repeating: 0, count: padded),
      shift: Array(repeating: 0, count: padded), zeroPoint: zeroPoint, residualMultiplier: residualMultiplier,
      c: 1 << 14 + zeroPoint << 15 - (hasResidual ? zeroPoint * residualMultiplier : 0), lo: ends,
      hi: Int32.random(in: ends...limits.upperBound, using: &random))
    for k in 0..<outputChannels {
      let sum = weights[k * depth..<(k + 1) * depth].reduce(Int32(0)) { $0 + Int32($1) }
      result.bias[k] = values == .bound ? Int32.max - 255 * sum : Int32.random(in: -5000...5000, using: &random) - inputZeroPoint * sum
      result.multiplier[k] = [256...511, 256...32767].randomElement(using: &random)!.randomElement(using: &random)!
      result.shift[k] = values == .random ? Int32.random(in: 0...5, using: &random) : Int32.random(in: 0...22, using: &random)
    }
    return result
  }

  private func packed(_ weights: [Int8]) -> [UInt8] {
    let (k, r, s, c) = (Int32(outputChannels), Int32(kernel.height), Int32(kernel.width), Int32(channels))
    var packed: [Int8]
    switch kind {
    case .panels, .sparse:
      packed = Array(repeating: 0, count: nn_packed_panels_bytes(k, r, s, c))
      nn_pack_panels(&packed, weights, 0, weights.count, r, s, c)
      if kind == .sparse { return withoutZeros(packed) }
    case .depthwise:
      packed = Array(repeating: 0, count: nn_packed_depthwise_bytes(k, r, s))
      nn_pack_depthwise(&packed, weights, 0, weights.count, k, r, s)
    case .grouped: packed = weights
    }
    return packed.map { UInt8(bitPattern: $0) }
  }

  private func withoutZeros(_ panels: [Int8]) -> [UInt8] {
    let (k, r, s, c) = (Int32(outputChannels), Int32(kernel.height), Int32(kernel.width), Int32(channels))
    let groups = nn_sparse_slice_groups(r, s, c, outputHeight * outputWidth)
    let blockCount = nn_count_blocks(panels, panels.count)
    var packed = [UInt8](repeating: 0, count: nn_packed_sparse_bytes(k, r, s, c, groups, blockCount))
    nn_pack_sparse(&packed, panels, k, r, s, c, groups)
    return packed
  }

  private func bytes(_ values: [Int32]) -> [UInt8] {
    values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  }
}
