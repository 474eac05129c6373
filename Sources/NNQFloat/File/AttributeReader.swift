/// Takes the words of a node record one after the other.
struct AttributeReader {
  private var words: ArraySlice<Int32>

  init(_ words: [Int32]) { self.words = words[...] }

  /// How many words are left.
  var count: Int { words.count }

  mutating func int() throws(FloatGraphError.Reason) -> Int {
    guard let word = words.popFirst() else { throw .record("attributes", got: "too few", allowed: "annex B's") }
    return Int(word)
  }

  mutating func ints(_ count: Int) throws(FloatGraphError.Reason) -> [Int] {
    var values: [Int] = []
    for _ in 0..<count { values.append(try int()) }
    return values
  }

  mutating func float() throws(FloatGraphError.Reason) -> Float { Float(bitPattern: UInt32(bitPattern: Int32(try int()))) }

  mutating func flag() throws(FloatGraphError.Reason) -> Bool {
    let word = try int()
    guard word == 0 || word == 1 else { throw .attribute("flag", got: "\(word)", allowed: "0 or 1") }
    return word == 1
  }

  /// The number of axes when each takes `wordsPerAxis` of the words that are left and `others` are for the operation as a whole.
  func axisCount(wordsPerAxis: Int, others: Int = 0) throws(FloatGraphError.Reason) -> Int {
    guard count >= others, (count - others) % wordsPerAxis == 0 else {
      throw .record("attribute count", got: "\(count)", allowed: "\(wordsPerAxis) for each axis and \(others)")
    }
    return (count - others) / wordsPerAxis
  }

  func finish() throws(FloatGraphError.Reason) {
    guard words.isEmpty else { throw .record("attributes", got: "\(words.count) too many", allowed: "annex B's") }
  }
}

extension [Int32] {
  /// - Parameter values: below 2^31, as shape inference has checked.
  init(words values: [Int]) { self = values.map(Int32.init) }

  init(bitsOf values: Float...) { self = values.map { Int32(bitPattern: $0.bitPattern) } }
}
