/// Byte planes: the least significant bytes of all elements, then the next, and so on. Spec: format.md 5.5.
///
/// The planes of float weights differ much in entropy: sign and exponent shrink, the low mantissa does not.
enum ElementPlanes {
  /// - Parameters:
  ///   - planes: width times the number of elements, as `elements`.
  ///   - elements: little-endian, written.
  static func join(_ planes: UnsafeRawBufferPointer, width: Int, into elements: UnsafeMutableRawBufferPointer) {
    let count = elements.count / width
    // Safe: planes and elements have the same size, width * count.
    switch width {
    case 1: elements.copyMemory(from: planes)
    case 2:
      for index in 0..<count {
        let value = UInt16(planes[index]) | UInt16(planes[count &+ index]) &<< 8
        elements.storeBytes(of: value.littleEndian, toByteOffset: 2 &* index, as: UInt16.self)
      }
    default:
      for index in 0..<count {
        let low = UInt32(planes[index]) | UInt32(planes[count &+ index]) &<< 8
        let high = UInt32(planes[2 &* count &+ index]) | UInt32(planes[3 &* count &+ index]) &<< 8
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
