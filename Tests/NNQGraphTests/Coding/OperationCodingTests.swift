import NNQFormat
import Testing

@testable import NNQGraph

@Suite struct OperationCodingTests {
  private func decode(_ opcode: UInt16, _ attributes: [Int32], version: UInt8 = 1) throws(GraphError) -> NNQGraph.Operation {
    let record = NodeRecord(opcode: opcode, version: version, inputs: [], outputs: [], attributes: attributes)
    return try NNQGraph.Operation(record, rank: 2, at: "y")
  }

  private func refusal(_ opcode: UInt16, _ attributes: [Int32], version: UInt8 = 1) -> Refusal? {
    Refusal { () throws(GraphError) in _ = try decode(opcode, attributes, version: version) }
  }

  @Test func everyOperationIsItsOpcodeAndWords() throws {
    for sample in SampleNodes.all {
      #expect(sample.operation.opcode.rawValue == sample.opcode)
      #expect(sample.operation.attributes == sample.attributes)
      #expect(try decode(sample.opcode, sample.attributes) == sample.operation)
    }
    #expect(Set(SampleNodes.all.map(\.opcode)) == Set(Opcode.allCases.map(\.rawValue)))
  }

  @Test func namesAreThoseOfTheSpec() {
    let names = SampleNodes.all.map(\.operation.name)
    #expect(
      names == [
        "conv2D", "dense", "add", "maxPool", "averagePool", "averagePool", "softmax", "table", "pad", "slice", "reshape", "concat",
        "multiply", "maximum", "minimum", "requantize",
        "transpose", "take", "resize", "gather",
        "reduce", "reduce", "reduce", "matMul", "layerNorm",
      ])
  }

  @Test func rejectsWordsMissingOrLeftOver() {
    let refused = Refusal(.attributeCount, at: "y")
    for sample in SampleNodes.all {
      #expect(refusal(sample.opcode, sample.attributes + [0]) == refused, "opcode \(sample.opcode)")
      for count in sample.attributes.indices {
        #expect(refusal(sample.opcode, Array(sample.attributes[..<count])) == refused, "opcode \(sample.opcode), \(count) words")
      }
    }
  }

  @Test(arguments: [0, 99, UInt16.max]) func rejectsUnknownOpcodes(opcode: UInt16) {
    #expect(throws: GraphError(.unknownOperator, at: "y", got: "opcode \(opcode)", expected: "an operator of operators.md")) {
      try decode(opcode, [])
    }
  }

  @Test(arguments: [0, 2, UInt8.max]) func rejectsUnknownVersions(version: UInt8) {
    #expect(throws: GraphError(.unsupportedVersion, at: "y", got: "version \(version) of reshape", expected: "1")) {
      try decode(10, [], version: version)
    }
  }

  private static let most = Int32.max
  private static let extents = Array(repeating: Int32(1)...65535, count: 4)
  private static let paddings = Array(repeating: Int32(0)...65535, count: 4)
  private static let epilogue = [Int32(-32768)...32767, -32768...32767, 0...32767]
  private static let ranges: [UInt16: [ClosedRange<Int32>]] = [
    1: extents + paddings + [1...65535] + epilogue,
    2: epilogue,
    3: [-32767...32767, -32767...32767, 0...21, -32768...32767, -32768...32767],
    4: extents + paddings,
    5: extents + paddings + [0...1, 1...most, 1...46],
    8: Array(repeating: 0...most, count: 4),
    9: [0...most, 0...most, 1...most, 1...most],
    11: [1...7],
    12: [0...7, 0...7, 1...32767, -32768...32767, -32768...32767],
    15: [-32767...32767, 0...21, -32768...32767, -32768...32767],
    21: [0...1, 256...32767, 0...22, -32768...32767, -32768...32767],
    22: [0...1, 0...most, 0...31, 8...31],
  ]

  /// Each word may be the ends of its range, and nothing beyond them.
  @Test func everyWordLiesInItsRange() {
    for sample in SampleNodes.all {
      for (index, range) in (Self.ranges[sample.opcode] ?? []).enumerated() {
        func refusalOf(_ word: Int32) -> Refusal? {
          var words = sample.attributes
          words[index] = word
          return refusal(sample.opcode, words)
        }
        let place: Comment = "opcode \(sample.opcode), attribute \(index)"
        #expect(refusalOf(range.lowerBound) == nil, place)
        #expect(refusalOf(range.upperBound) == nil, place)
        #expect(refusalOf(range.lowerBound - 1) == Refusal(.attributeRange, at: "y"), place)
        if range.upperBound < Self.most { #expect(refusalOf(range.upperBound + 1) == Refusal(.attributeRange, at: "y"), place) }
      }
    }
  }

  @Test func saysWhichWordIsWrong() {
    #expect(throws: GraphError(.attributeRange, at: "y", got: "22 as attribute 2", expected: "0...21")) { try decode(3, [1, 1, 22, 0, 0]) }
    #expect(throws: GraphError(.attributeCount, at: "y", got: "2", expected: "more than 2")) { try decode(2, [0, 255]) }
    #expect(throws: GraphError(.attributeCount, at: "y", got: "4", expected: "3")) { try decode(2, [0, 255, 0, 0]) }
  }
}
