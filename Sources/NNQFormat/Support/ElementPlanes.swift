/// Byte planes: the least significant bytes of all elements, then the next, and so on. Spec: format.md 5.5.
///
/// The planes of float weights differ much in entropy: sign and exponent shrink, the low mantissa does not.
enum ElementPlanes {
  /// Some of the elements.
  /// - Parameters:
  ///   - planes: of all elements.
  ///   - start: the first element wanted.
  ///   - elements: little-endian, written.
  static func join(_ planes: UnsafeRawBufferPointer, width: Int, from start: Int, into elements: UnsafeMutableRawBufferPointer) {
    let count = planes.count / width
    // Safe: `elements` ends with the last element of the planes or before it; plane and element stay below width and count.
    switch width {
    case 1: elements.copyMemory(from: UnsafeRawBufferPointer(rebasing: planes[start..<start + elements.count]))
    case 2:
      for index in 0..<elements.count / 2 {
        let low = start &+ index
        let value = UInt16(planes[low]) | UInt16(planes[count &+ low]) &<< 8
        elements.storeBytes(of: value.littleEndian, toByteOffset: 2 &* index, as: UInt16.self)
      }
    default:
      for index in 0..<elements.count / 4 {
        let lowest = start &+ index
        let low = UInt32(planes[lowest]) | UInt32(planes[count &+ lowest]) &<< 8
        let high = UInt32(planes[2 &* count &+ lowest]) | UInt32(planes[3 &* count &+ lowest]) &<< 8
        elements.storeBytes(of: (low | high &<< 16).littleEndian, toByteOffset: 4 &* index, as: UInt32.self)
      }
    }
  }

  static func split(_ elements: [UInt8], width: Int) -> [UInt8] {
    if width == 1 || elements.isEmpty { return elements }
    let count = elements.count / width
    return [UInt8](unsafeUninitializedCapacity: elements.count) { planes, initializedCount in
      // Safe: plane and element numbers stay below width and count, whose product is the number of bytes, all written.
      for plane in 0..<width {
        for index in 0..<count { planes[plane * count + index] = elements[index * width + plane] }
      }
      initializedCount = elements.count
    }
  }
}
