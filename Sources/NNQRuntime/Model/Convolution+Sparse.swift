import CKernels

/// Weights without their zeros: which convolutions have them, and how they get them.
extension Convolution {
  /// Replaces packed panels by their blocks that are not all zeros, if that makes the convolution faster.
  ///
  /// - Parameter packed: all weights, in panels if this is of that kind.
  /// - Returns: the bytes at the start of `packed` that are still used; nil where nothing was changed.
  func skipZeros(in packed: UnsafeMutableRawBufferPointer) -> Int? {
    guard kind == .panels, let panels = packed.assumingMemoryBound(to: Int8.self).baseAddress else { return nil }
    let blockCount = nn_count_blocks(panels, packed.count)
    let (k, r, s, c) = packedDimensions
    let sliceGroups = nn_sparse_slice_groups(r, s, c, pixelCount)
    let byteCount = nn_packed_sparse_bytes(k, r, s, c, sliceGroups, blockCount)
    let cost = SparseCost(
      pixelCount: pixelCount, panelCount: panelCount, groupCount: packed.count / (panelCount * NN_PANEL * 4), sliceGroups: Int(sliceGroups))
    guard byteCount <= packed.count, cost.isLower(blockCount: blockCount) else { return nil }
    let blocks = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: MemoryLayout<UInt64>.alignment)
    defer { blocks.deallocate() }
    // Safe: `blocks` has the bytes that so many blocks take, and they fit into `packed`.
    nn_pack_sparse(blocks.assumingMemoryBound(to: UInt8.self).baseAddress, panels, k, r, s, c, sliceGroups)
    packed.copyMemory(from: UnsafeRawBufferPointer(blocks))
    return byteCount
  }
}

/// Whether it takes less time to leave zeros out, by what both ways take for 16 pixels of a panel of output channels, in
/// hundredths of a product of two vectors of AVX-512 VNNI. All instruction sets share the choice.
///
/// Fitted to the layers of EfficientNet-Lite0 with 20 and 50 % of their blocks left (Zen 4, 3.7 GHz): all times within a fifth.
/// AVX2 gains more by the same choice.
struct SparseCost {
  /// Of an image.
  let pixelCount: Int
  /// Of the output.
  let panelCount: Int
  /// Of 4 inputs of an output.
  let groupCount: Int
  let sliceGroups: Int

  /// A group for 16 pixels and 16 channels: 16 products.
  private static let denseGroup = 1620
  private static let densePanel = 3400
  /// Its product, its weights, its place.
  private static let block = 125
  /// Sums are fetched and stored, and loops of another length begin.
  private static let sparsePanelSlice = 9000
  /// Inputs are put side by side, pixel by pixel.
  private static let transposedGroup = 600

  /// - Parameter blockCount: of all output channels, the blocks of 4 weights that are not all zeros.
  func isLower(blockCount: Int) -> Bool {
    let sliceCount = (groupCount + sliceGroups - 1) / sliceGroups
    let dense = pixelCount * panelCount * (groupCount * Self.denseGroup + Self.densePanel)
    let sparse = panelCount * sliceCount * Self.sparsePanelSlice + blockCount * Self.block + groupCount * Self.transposedGroup
    // Safe: both stay below 2^63, as pixels and weights fit 31 bits.
    return (pixelCount + 15) / 16 * 16 * sparse < dense
  }
}
