/// How an array in a file falls into samples of an input.
struct SampleSplit: Equatable {
  enum Item: Equatable {
    /// The input's own elements.
    case real
    /// 8-bit samples, H,W,C.
    case interleaved(ImageExtent)
    /// 8-bit samples, C,H,W.
    case planar(ImageExtent)
  }

  var item: Item
  /// Number of samples along the first axis; nil if the array is one sample.
  var batch: Int?
  var itemElementCount: Int

  /// An array of bytes is a picture, if the input is one; any other array is the input itself. Both may have a batch axis in
  /// front. A picture is H,W,C of any size, or C,H,W or, for one channel, H,W of the input's size.
  /// - Throws: `mismatch`; `tooLarge` for more than 2^32 samples, so that the samples of all files can be counted.
  init(_ array: ArrayReader, for input: NetInput) throws(InputError) {
    let isBytes = array.type.number == .unsigned && array.type.byteCount == 1
    for (batch, shape) in [(nil, array.shape), (array.shape.first, Array(array.shape.dropFirst()))] {
      let item = isBytes && input.extent != nil ? SampleSplit.picture(shape, for: input) : shape == input.shape ? .real : nil
      guard let item, let count = elementCount(shape) else { continue }
      guard batch ?? 1 <= 1 << 32 else {
        throw InputError(.tooLarge, array.name, "shape", got: shapeText(array.shape), expected: "at most \(1 << 32) samples")
      }
      self.item = item
      self.batch = batch
      itemElementCount = count
      return
    }
    throw SampleSplit.mismatch(array, input, isPicture: isBytes && input.extent != nil)
  }

  private static func picture(_ shape: [Int], for input: NetInput) -> Item? {
    guard let extent = input.extent else { return nil }
    if shape == [extent.height, extent.width], extent.channels == 1 { return .interleaved(extent) }
    guard shape.count == 3, !shape.contains(0) else { return nil }
    if shape[2] == extent.channels { return .interleaved(ImageExtent(height: shape[0], width: shape[1], channels: shape[2])) }
    return shape == [extent.channels, extent.height, extent.width] ? .planar(extent) : nil
  }

  private static func mismatch(_ array: ArrayReader, _ input: NetInput, isPicture: Bool) -> InputError {
    let own = shapeText(input.shape)
    guard isPicture, let extent = input.extent else {
      return InputError(
        .mismatch, array.name, "shape", got: shapeText(array.shape), expected: "\(own) or Nx\(own), as input \"\(input.name)\" of the net",
        remedy: input.extent == nil ? nil : "for pixels to be normalised, save them as uint8")
    }
    return InputError(
      .mismatch, array.name, "shape", got: shapeText(array.shape),
      expected: "pixels HxWx\(extent.channels) or NxHxWx\(extent.channels) for input \"\(input.name)\" (\(own))")
  }
}
