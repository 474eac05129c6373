import CKernels
import TestSupport
import Testing

/// fill, move, take, lookup and resize of every instruction set against the scalar definition.
struct MovementTests {
  private func activation(_ extents: [Int], elementByteCount: Int, using random: inout SeededRandom) -> Activation {
    var result = Activation(height: extents[0], width: extents[1], channels: extents[2])
    result.elementByteCount = elementByteCount
    result.isCompact = Bool.random(using: &random)
    result.fill(using: &random)
    return result
  }

  /// What a pad adds: operators.md 3.6.
  @Test(arguments: 0..<20) func fillEqualsScalar(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let value = Int32.random(in: 0...255, using: &random)
    var kernelCase = KernelCase(kernel: \.fill) { step, _ in step.u.fill = nn_fill(value: value) }
    kernelCase.input.fill(with: 0)
    let extents = [Int.random(in: 1...4, using: &random), Int.random(in: 1...5, using: &random), Int.random(in: 1...70, using: &random)]
    kernelCase.output = activation(extents, elementByteCount: 1 + seed % 2, using: &random)
    expectEqualToScalar(kernelCase, "seed \(seed)", using: &random)
  }

  /// A box of three axes in any order, from any place of the input to any place of the output: operators.md 3.6, 3.7, 3.9, 3.10.
  @Test(arguments: 0..<400) func moveEqualsScalar(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let lengths = [1, 2, 2, 3, 4, 4, 7, 8, 8, 9, 15, 16, 17, 31, 40, 65]
    let box = (0..<3).map { _ in lengths.randomElement(using: &random) ?? 1 }
    let order = [0, 1, 2].shuffled(using: &random)
    let step = (0..<3).map { _ in [1, 1, 1, 2].randomElement(using: &random) ?? 1 }
    let begins = (0..<2).map { _ in (0..<3).map { _ in Int.random(in: 0...2, using: &random) } }
    let elementByteCount = 1 + seed % 2

    var kernelCase = KernelCase(kernel: \.move) { _, _ in }
    // Axis a of the input is axis order[a] of the box, which lies in the output as it is.
    kernelCase.input = activation(
      (0..<3).map { begins[0][$0] + (box[order[$0]] - 1) * step[$0] + 1 + seed % 3 }, elementByteCount: elementByteCount, using: &random)
    kernelCase.output = activation((0..<3).map { begins[1][$0] + box[$0] }, elementByteCount: elementByteCount, using: &random)
    var (source, destination) = ([0, 0, 0], kernelCase.output.byteStrides)
    for axis in 0..<3 { source[order[axis]] = kernelCase.input.byteStrides[axis] * step[axis] }
    let sourceBegin = zip(begins[0], kernelCase.input.byteStrides).reduce(0) { $0 + $1.0 * $1.1 }
    let destinationBegin = zip(begins[1], destination).reduce(0) { $0 + $1.0 * $1.1 }

    // The kernels run along the last axis: the order of the box's axes is free.
    let axes = [0, 1, 2].shuffled(using: &random)
    source = axes.map { source[$0] }
    destination = axes.map { destination[$0] }
    let counts = axes.map { Int32(box[$0]) }
    kernelCase.rowCount = Int(counts[0] * counts[1])
    kernelCase.configure = { [source, destination] step, _ in
      step.u.move = nn_move(
        count: (1, 1, 1, 1, 1, counts[0], counts[1], counts[2]), source_stride: (0, 0, 0, 0, 0, source[0], source[1], source[2]),
        destination_stride: (0, 0, 0, 0, 0, destination[0], destination[1], destination[2]), source_begin: sourceBegin,
        destination_begin: destinationBegin)
    }
    expectEqualToScalar(kernelCase, "box \(box), order \(order), axes \(axes), seed \(seed)", using: &random)
  }

  /// operators.md 3.11
  @Test(arguments: 0..<200) func takeEqualsScalar(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let elementByteCount = 1 + seed % 2
    let isLast = seed % 3 != 0
    let extent = [1, 5, 63, 64, 65, 128, 129, 200, 256, 257, 512, 1000, 1024, 1025].randomElement(using: &random) ?? 1
    let count = [1, 3, 16, 64, 65, 130, 512, 1024, 1025].randomElement(using: &random) ?? 1
    let groupCount = Int.random(in: 1...4, using: &random)
    let indices = (0..<count).map { _ in UInt32.random(in: 0..<UInt32(extent), using: &random) }
    // Channels of pixels, or columns of rows.
    let (source, target) =
      isLast ? ([1, groupCount, extent], [1, groupCount, count]) : ([groupCount, extent, 5], [groupCount, count, 5])
    var kernelCase = KernelCase(kernel: \.take) { _, _ in }
    kernelCase.input = activation(source, elementByteCount: elementByteCount, using: &random)
    kernelCase.output = activation(target, elementByteCount: elementByteCount, using: &random)
    kernelCase.input.isCompact = false
    kernelCase.output.isCompact = false
    kernelCase.input.fill(using: &random)
    kernelCase.output.fill(using: &random)
    kernelCase.constants = [indices.littleEndianBytes]
    kernelCase.rowCount = groupCount * count
    let (x, y) = (kernelCase.input, kernelCase.output)
    kernelCase.configure = { step, constants in
      step.u.take = nn_take(
        indices: constants[0].asWords, extent: Int32(extent), count: Int32(count), block_bytes: isLast ? elementByteCount : x.pixelStride,
        source_stride: isLast ? x.pixelStride : extent * x.pixelStride,
        destination_stride: isLast ? y.pixelStride : count * y.pixelStride)
    }
    expectEqualToScalar(kernelCase, "extent \(extent), count \(count), seed \(seed)", using: &random)
  }

  /// operators.md 3.19: within the table's bytes whatever the numbers are.
  @Test(arguments: 0..<40) func lookupEqualsScalar(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let channels = [1, 2, 3, 4, 7, 16, 33, 64].randomElement(using: &random) ?? 1
    let (rows, columns) = (Int.random(in: 1...5, using: &random), Int.random(in: 1...5, using: &random))
    let rowCount = Int.random(in: 1...9, using: &random)
    var kernelCase = KernelCase(kernel: \.lookup) { _, _ in }
    kernelCase.output = activation([rows, columns, channels], elementByteCount: 1 + seed % 2, using: &random)
    kernelCase.output.isCompact = false
    kernelCase.output.fill(using: &random)
    kernelCase.input = Activation(height: 1, width: rows, channels: columns)
    kernelCase.input.elementByteCount = 4
    let numbers = (0..<rows * columns).map { _ in UInt32(bitPattern: Int32.random(in: -2...Int32(rowCount + 1), using: &random)) }
    kernelCase.input.bytes = numbers.littleEndianBytes
    let rowByteCount = channels * kernelCase.output.elementByteCount
    kernelCase.constants = [(0..<rowCount * rowByteCount).map { _ in UInt8.random(in: 0...255, using: &random) }]
    kernelCase.configure = { step, constants in step.u.lookup = nn_lookup(table: constants[0], row_count: Int32(rowCount)) }
    expectEqualToScalar(kernelCase, "\(rows) x \(columns) rows of \(channels), seed \(seed)", using: &random)
  }

  /// operators.md 3.12
  @Test(arguments: 0..<80) func resizeEqualsScalar(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let isNearest = seed % 4 == 0
    func places(_ count: Int, _ extent: Int) -> [UInt32] {
      let places = (0..<count).map { _ in UInt32.random(in: 0...UInt32(256 * (extent - 1)), using: &random) }
      return isNearest ? places.map { $0 / 256 * 256 } : places
    }
    let channels = [1, 2, 3, 4, 15, 16, 17, 31, 32, 33, 70].randomElement(using: &random) ?? 1
    var kernelCase = KernelCase(kernel: \.resize) { step, constants in
      step.u.resize = nn_resize(rows: constants[0].asWords, columns: constants[1].asWords)
    }
    let extents = (0..<4).map { _ in Int.random(in: 1...5, using: &random) }
    kernelCase.input = activation([extents[0], extents[1], channels], elementByteCount: seed % 5 == 0 ? 2 : 1, using: &random)
    kernelCase.input.isCompact = false
    kernelCase.input.batch = 2
    kernelCase.input.fill(using: &random)
    kernelCase.output = kernelCase.input
    (kernelCase.output.height, kernelCase.output.width) = (extents[2], extents[3])
    kernelCase.output.fill(using: &random)
    kernelCase.constants = [places(extents[2], extents[0]).littleEndianBytes, places(extents[3], extents[1]).littleEndianBytes]
    expectEqualToScalar(kernelCase, "\(extents), \(channels) channels, seed \(seed)", using: &random)
  }
}

extension Activation {
  /// From a row, a column and a channel to the next.
  fileprivate var byteStrides: [Int] { [width * pixelStride, pixelStride, elementByteCount] }
}

extension [UInt32] {
  fileprivate var littleEndianBytes: [UInt8] { flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } } }
}

extension UnsafeMutablePointer<UInt8> {
  fileprivate var asWords: UnsafePointer<UInt32> { UnsafePointer(UnsafeRawPointer(self).assumingMemoryBound(to: UInt32.self)) }
}
