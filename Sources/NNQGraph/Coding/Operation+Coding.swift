import NNQFormat

/// Attribute words to operations and back. Spec: operators.md 2 and 3, "Attributes".
extension Operation {
  /// - Parameter rank: of the node's first input; `pad`, `slice` and `transpose` have attributes for each axis.
  init(_ record: NodeRecord, rank: Int, at location: String) throws(GraphError) {
    guard let opcode = Opcode(rawValue: record.opcode) else {
      throw GraphError(.unknownOperator, at: location, got: "opcode \(record.opcode)", expected: "an operator of operators.md")
    }
    guard record.version == 1 else {
      throw GraphError(.unsupportedVersion, at: location, got: "version \(record.version) of \(opcode)", expected: "1")
    }
    var reader = AttributeReader(record, at: location)
    self = try Operation(opcode, rank: rank, from: &reader)
    try reader.finish()
  }

  private init(_ opcode: Opcode, rank: Int, from reader: inout AttributeReader) throws(GraphError) {
    switch opcode {
    case .conv2D: self = .conv2D(try Conv2D(from: &reader))
    case .dense: self = .dense(try reader.takeEpilogue())
    case .add: self = .add(try Add(from: &reader))
    case .maxPool: self = .maxPool(try Window(from: &reader))
    case .averagePool: self = .averagePool(try AveragePool(from: &reader))
    case .softmax: self = .softmax
    case .table: self = .table
    case .pad:
      let before = try reader.takeInts(rank, 0...Int32.max)
      let after = try reader.takeInts(rank, 0...Int32.max)
      self = .pad(before: before, after: after, fill: try reader.take(-32768...32767))
    case .slice:
      let begin = try reader.takeInts(rank, 0...Int32.max)
      self = .slice(begin: begin, step: try reader.takeInts(rank, 1...Int32.max))
    case .reshape: self = .reshape
    case .concat: self = .concat(axis: try reader.takeInt(1...7))
    case .multiply: self = .multiply(try Multiply(from: &reader))
    case .maximum: self = .maximum
    case .minimum: self = .minimum
    case .requantize: self = .requantize(try Requantize(from: &reader))
    case .transpose: self = .transpose(permutation: try reader.takeInts(rank, 0...7))
    case .take: self = .take(axis: try reader.takeInt(1...7))
    case .resize: self = .resize
    case .gather: self = .gather
    case .reduce: self = .reduce(try Reduction(from: &reader))
    case .matMul: self = .matMul(try MatMul(from: &reader))
    case .layerNorm: self = .layerNorm(try LayerNorm(from: &reader))
    }
  }

  var opcode: Opcode {
    switch self {
    case .conv2D: .conv2D
    case .dense: .dense
    case .add: .add
    case .maxPool: .maxPool
    case .averagePool: .averagePool
    case .softmax: .softmax
    case .table: .table
    case .pad: .pad
    case .slice: .slice
    case .reshape: .reshape
    case .concat: .concat
    case .multiply: .multiply
    case .maximum: .maximum
    case .minimum: .minimum
    case .requantize: .requantize
    case .transpose: .transpose
    case .take: .take
    case .resize: .resize
    case .gather: .gather
    case .reduce: .reduce
    case .matMul: .matMul
    case .layerNorm: .layerNorm
    }
  }

  /// Numbers that no word holds become the nearest that one does.
  var attributes: [Int32] {
    switch self {
    case .conv2D(let conv): conv.attributes
    case .dense(let epilogue): epilogue.attributes
    case .add(let add): add.attributes
    case .maxPool(let window): window.attributes
    case .averagePool(let pool): pool.attributes
    case .softmax, .table, .reshape, .maximum, .minimum, .resize, .gather: []
    case .pad(let before, let after, let fill): (before + after).map { Int32(clamping: $0) } + [fill]
    case .slice(let begin, let step): (begin + step).map { Int32(clamping: $0) }
    case .concat(let axis), .take(let axis): [Int32(clamping: axis)]
    case .multiply(let multiply): multiply.attributes
    case .requantize(let requantize): requantize.attributes
    case .transpose(let permutation): permutation.map { Int32(clamping: $0) }
    case .reduce(let reduction): reduction.attributes
    case .matMul(let matMul): matMul.attributes
    case .layerNorm(let norm): norm.attributes
    }
  }

  /// The operator's name in the spec.
  public var name: String { "\(opcode)" }
}
