/// Cuts the parts of the constants into sections. Spec: format.md 5.6.
struct SectionCutter {
  /// A part of this size or more is not put together with others: shared statistics would cost more than a section does.
  static let ownSectionByteCount = 16 * 1024
  /// A section up to this size holds parts of several element types: another section would cost more than it gains.
  static let mixedSectionByteCount = 1024

  /// Contents of the sections, in order.
  private(set) var sections: [[UInt8]] = []
  /// Of the last part in the last section; nil if that section is a large part's own.
  private var openElementType: ElementType?

  /// - Parameter planeCount: the part is this many stretches of one size, which are cut from each other.
  mutating func append(_ part: [UInt8], elementType: ElementType, planeCount: Int = 1) {
    let planeByteCount = part.count / planeCount
    if planeByteCount >= Self.ownSectionByteCount {
      for plane in 0..<planeCount { appendOwnSections(part[plane * planeByteCount..<(plane + 1) * planeByteCount]) }
    } else if !part.isEmpty {
      appendShared(part, elementType)
    }
  }

  /// Pieces of equal size, so that threads finish together.
  private mutating func appendOwnSections(_ bytes: ArraySlice<UInt8>) {
    let maximum = SectionType.values.maximumRawByteCount
    let count = (bytes.count + maximum - 1) / maximum
    for piece in 0..<count {
      let start = bytes.startIndex + bytes.count * piece / count
      let end = bytes.startIndex + bytes.count * (piece + 1) / count
      sections.append(Array(bytes[start..<end]))
    }
    openElementType = nil
  }

  private mutating func appendShared(_ part: [UInt8], _ elementType: ElementType) {
    if let open = openElementType, let last = sections.last {
      let byteCount = last.count + part.count
      let maximum = open == elementType ? SectionType.values.maximumRawByteCount : Self.mixedSectionByteCount
      if byteCount <= maximum { sections[sections.count - 1] += part } else { sections.append(part) }
    } else {
      sections.append(part)
    }
    openElementType = elementType
  }
}
