/// Turns the two parts of one constant into its elements, a chunk at a time. Spec: format.md 5.4, 5.5.
struct ConstantDecoder {
  private let kept: KeptElements
  /// Nil for dense constants.
  private var positions: KeptPositions?
  private let elementCount: Int
  private let width: Int
  private let values: StreamPart
  /// Kept elements of the chunks so far.
  private var keptCount = 0

  /// Checks what concerns the parts as a whole.
  init(_ tensor: TensorRecord, _ record: StorageRecord, positions: StreamPart, values: StreamPart) throws(FormatError) {
    elementCount = tensor.elementCount
    width = tensor.elementType.byteCount
    self.values = values
    kept = try KeptElements(values, record, tensor.elementType)
    self.positions = try KeptPositions(positions, record, elementCount: elementCount)
  }

  var coding: Constant.Coding { kept.coding }
  var byteCount: Int { elementCount * width }

  /// - Parameter body: takes the index of a chunk's first element, and the chunk's elements, valid during the call.
  mutating func forEachChunk(_ scratch: DecoderScratch, _ body: (Int, UnsafeRawBufferPointer) -> Void) throws(FormatError) {
    var start = 0
    while start < elementCount {
      let end = min(start + DecoderScratch.elementCount, elementCount)
      body(start, UnsafeRawBufferPointer(try decode(start..<end, scratch)))
      start = end
    }
  }

  private mutating func decode(_ range: Range<Int>, _ scratch: DecoderScratch) throws(FormatError) -> UnsafeMutableRawBufferPointer {
    guard let mask = try positions?.nextMask(range, scratch.mask) else { return try kept.decode(range, into: scratch.kept) }
    let ones = mask.oneCount
    let chunk = try kept.decode(keptCount..<keptCount + ones, into: scratch.kept)
    keptCount += ones
    let elements = UnsafeMutableRawBufferPointer(rebasing: scratch.elements[..<(range.count * width)])
    switch width {
    case 1: try expand(mask, chunk, into: elements, as: UInt8.self)
    case 2: try expand(mask, chunk, into: elements, as: UInt16.self)
    default: try expand(mask, chunk, into: elements, as: UInt32.self)
    }
    return elements
  }

  /// - Parameter T: an unsigned integer of the element's width; only moved and compared with 0.
  @inline(__always)
  private func expand<T: FixedWidthInteger & UnsignedInteger>(
    _ mask: UnsafeRawBufferPointer, _ chunk: UnsafeMutableRawBufferPointer, into elements: UnsafeMutableRawBufferPointer, as type: T.Type
  ) throws(FormatError) {
    // A zero has one encoding only: not kept. The smallest, as unsigned numbers: a loop without an exit is vectorised.
    guard chunk.bindMemory(to: T.self).reduce(T.max, min) > 0 else {
      throw values.error(.invalidPositions, at: 0, got: "a kept element that is 0", expected: "other values")
    }
    mask.expand(chunk, into: elements, as: type)
  }
}
