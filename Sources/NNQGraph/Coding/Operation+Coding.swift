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
    case .add(let add): [add.multiplierA, add.multiplierB, add.shift, add.lo, add.hi]
    case .maxPool(let window): window.attributes
    case .averagePool(let pool): pool.window.attributes + [pool.countIncludePad ? 1 : 0, pool.multiplier, pool.shift]
    case .softmax, .table, .reshape, .maximum, .minimum, .resize, .gather: []
    case .pad(let before, let after, let fill): (before + after).map { Int32(clamping: $0) } + [fill]
    case .slice(let begin, let step): (begin + step).map { Int32(clamping: $0) }
    case .concat(let axis), .take(let axis): [Int32(clamping: axis)]
    case .multiply(let multiply): [multiply.shiftA, multiply.shiftB, multiply.multiplier, multiply.lo, multiply.hi]
    case .requantize(let requantize): [requantize.multiplier, requantize.shift, requantize.lo, requantize.hi]
    case .transpose(let permutation): permutation.map { Int32(clamping: $0) }
    case .reduce(let reduction): reduction.attributes
    case .matMul(let matMul): matMul.attributes
    case .layerNorm(let norm): norm.attributes
    }
  }

  /// The operator's name in the spec.
  public var name: String { "\(opcode)" }
}

extension Epilogue {
  var attributes: [Int32] { [lo, hi, residualMultiplier] }
}

extension Conv2D {
  init(from reader: inout AttributeReader) throws(GraphError) {
    self.init(
      stride: try reader.takeExtent(), dilation: try reader.takeExtent(), padding: try reader.takePadding(),
      groups: try reader.takeInt(1...65535), epilogue: try reader.takeEpilogue())
  }

  var attributes: [Int32] {
    stride.attributes + dilation.attributes + padding.attributes + [Int32(clamping: groups)] + epilogue.attributes
  }
}

extension Add {
  init(from reader: inout AttributeReader) throws(GraphError) {
    self.init(
      multiplierA: try reader.take(-32767...32767), multiplierB: try reader.take(-32767...32767), shift: try reader.take(0...21),
      lo: try reader.take(-32768...32767), hi: try reader.take(-32768...32767))
  }
}

extension Multiply {
  init(from reader: inout AttributeReader) throws(GraphError) {
    self.init(
      shiftA: try reader.take(0...7), shiftB: try reader.take(0...7), multiplier: try reader.take(1...32767),
      lo: try reader.take(-32768...32767), hi: try reader.take(-32768...32767))
  }
}

extension Requantize {
  init(from reader: inout AttributeReader) throws(GraphError) {
    self.init(
      multiplier: try reader.take(-32767...32767), shift: try reader.take(0...21), lo: try reader.take(-32768...32767),
      hi: try reader.take(-32768...32767))
  }
}

extension Window {
  init(from reader: inout AttributeReader) throws(GraphError) {
    self.init(kernel: try reader.takeExtent(), stride: try reader.takeExtent(), padding: try reader.takePadding())
  }

  var attributes: [Int32] { kernel.attributes + stride.attributes + padding.attributes }
}

extension AveragePool {
  init(from reader: inout AttributeReader) throws(GraphError) {
    self.init(
      window: try Window(from: &reader), countIncludePad: try reader.take(0...1) == 1, multiplier: try reader.take(1...Int32.max),
      shift: try reader.take(1...46))
  }
}

extension Extent2D {
  var attributes: [Int32] { [height, width].map { Int32(clamping: $0) } }
}

extension Padding2D {
  var attributes: [Int32] { [top, left, bottom, right].map { Int32(clamping: $0) } }
}
