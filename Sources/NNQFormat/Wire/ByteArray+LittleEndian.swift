extension [UInt8] {
  mutating func appendInteger<T: FixedWidthInteger>(_ value: T) {
    for shift in stride(from: 0, to: T.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  mutating func appendFloat(_ value: Float) { appendInteger(value.bitPattern) }

  mutating func appendZeros(_ count: Int) { append(contentsOf: repeatElement(0, count: count)) }
}
