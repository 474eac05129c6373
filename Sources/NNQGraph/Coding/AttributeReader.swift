import NNQFormat

/// Takes a node's attribute words in order, each within the range the spec names.
struct AttributeReader {
  private let words: [Int32]
  private let location: String
  private var next = 0

  init(_ record: NodeRecord, at location: String) {
    words = record.attributes
    self.location = location
  }

  mutating func take(_ range: ClosedRange<Int32>) throws(GraphError) -> Int32 {
    guard next < words.count else {
      throw GraphError(.attributeCount, at: location, got: "\(words.count)", expected: "more than \(next)")
    }
    let word = words[next]
    guard range.contains(word) else {
      throw GraphError(
        .attributeRange, at: location, got: "\(word) as attribute \(next)", expected: "\(range.lowerBound)...\(range.upperBound)")
    }
    next += 1
    return word
  }

  mutating func takeInt(_ range: ClosedRange<Int32>) throws(GraphError) -> Int { Int(try take(range)) }

  mutating func takeInts(_ count: Int, _ range: ClosedRange<Int32>) throws(GraphError) -> [Int] {
    var values: [Int] = []
    for _ in 0..<count { values.append(try takeInt(range)) }
    return values
  }

  mutating func takeExtent() throws(GraphError) -> Extent2D {
    Extent2D(height: try takeInt(1...65535), width: try takeInt(1...65535))
  }

  mutating func takePadding() throws(GraphError) -> Padding2D {
    let sides = try takeInts(4, 0...65535)
    return Padding2D(top: sides[0], left: sides[1], bottom: sides[2], right: sides[3])
  }

  mutating func takeEpilogue() throws(GraphError) -> Epilogue {
    let lo = try take(-32768...32767)
    let hi = try take(-32768...32767)
    return Epilogue(lo: lo, hi: hi, residualMultiplier: try take(0...32767))
  }

  func finish() throws(GraphError) {
    guard next == words.count else {
      throw GraphError(.attributeCount, at: location, got: "\(words.count)", expected: "\(next)")
    }
  }
}
