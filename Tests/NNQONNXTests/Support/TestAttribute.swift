/// An attribute, written as the literal of its value.
enum TestAttribute: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
  case integer(Int64)
  case float(Float)
  case text(String)
  case integers([Int64])
  case floats([Float])
  case tensor(TestTensor)
  /// A sub-graph, encoded.
  case graph([UInt8])

  init(integerLiteral value: Int64) { self = .integer(value) }
  init(floatLiteral value: Float) { self = .float(value) }
  init(stringLiteral value: String) { self = .text(value) }
  init(arrayLiteral values: Int64...) { self = .integers(values) }

  func bytes(_ name: String) -> [UInt8] {
    var writer = ProtobufWriter()
    writer.text(1, name)
    switch self {
    case .integer(let value): writer.integer(3, value)
    case .float(let value): writer.float(2, value)
    case .text(let value): writer.text(4, value)
    case .integers(let values): for value in values { writer.integer(8, value) }
    case .floats(let values): for value in values { writer.float(7, value) }
    case .tensor(let tensor): writer.bytes(5, tensor.bytes)
    case .graph(let graph): writer.bytes(6, graph)
    }
    writer.integer(20, type)
    return writer.bytes
  }

  private var type: Int64 {
    switch self {
    case .float: 1
    case .integer: 2
    case .text: 3
    case .tensor: 4
    case .graph: 5
    case .floats: 6
    case .integers: 7
    }
  }
}
