import NNQFloat
import NNQFormat
import Testing

/// Functions of each element in a file. Spec: format.md annex B.
@Suite struct FunctionCodingTests {
  private static let parametrised: [(FloatUnary, opcode: UInt16, words: [Int32])] = [
    (.elu(alpha: 1), 43, [0x3F80_0000]), (.selu(alpha: 1, gamma: 2), 44, [0x3F80_0000, 0x4000_0000]),
    (.celu(alpha: 1), 45, [0x3F80_0000]), (.thresholdedRelu(alpha: 2), 46, [0x4000_0000]),
    (.shrink(bias: 1, lambda: 2), 47, [0x3F80_0000, 0x4000_0000]), (.swish(alpha: 2), 48, [0x4000_0000]),
  ]

  private func graph(of operations: [FloatOperation]) throws -> FloatGraph {
    var graph = FloatGraph()
    let x = try graph.addInput(name: "x", shape: [1, 2])
    graph.outputs = try operations.enumerated().map { index, operation in
      let operands = [x, x].prefix(operation.operandCounts.lowerBound)
      return try graph.append(operation, name: "y\(index)", inputs: Array(operands), outputName: "y\(index)")
    }
    return graph
  }

  @Test func functionsAreNumbered() throws {
    let graph = try graph(of: FloatFunction.allCases.map { .unary(.function($0)) })
    let file = try graph.modelFile()
    #expect(file.graph.nodes.map(\.opcode) == FloatFunction.allCases.map { _ in 42 })
    #expect(file.graph.nodes.map(\.attributes) == (0...26).map { [$0] })
    #expect(try FloatGraph(file) == graph)
    #expect(FloatOperation.unary(.function(.erf)).name == "erf")
  }

  @Test func parametersAreStored() throws {
    let binaries: [FloatBinary] = [.pow, .prelu, .maximum, .minimum, .equal, .less, .lessOrEqual, .mask]
    let operations = Self.parametrised.map { FloatOperation.unary($0.0) } + binaries.map { .binary($0) }
    let graph = try graph(of: operations)
    let file = try graph.modelFile()
    #expect(file.graph.nodes.map(\.opcode) == Self.parametrised.map(\.opcode) + [40, 41, 50, 51, 52, 53, 54, 55])
    #expect(file.graph.nodes.map(\.attributes) == Self.parametrised.map(\.words) + binaries.map { _ in [] })
    #expect(try FloatGraph(file) == graph)
  }

  @Test(arguments: [-1, 27, 256]) func rejectsOtherNumbers(number: Int32) throws {
    var file = try graph(of: [.unary(.function(.abs))]).modelFile()
    file.graph.nodes[0].attributes = [number]
    #expect(throws: FloatGraphError(node: "y0", .attribute("function", got: "\(number)", allowed: "annex B's"))) { try FloatGraph(file) }
  }

  @Test(arguments: [
    FloatUnary.elu(alpha: .nan), .selu(alpha: .infinity, gamma: 1), .selu(alpha: 1, gamma: .nan), .celu(alpha: .nan),
    .thresholdedRelu(alpha: .infinity), .shrink(bias: .nan, lambda: 1), .shrink(bias: 0, lambda: .nan), .swish(alpha: .nan),
    .celu(alpha: 0),
  ])
  func rejectsParameters(function: FloatUnary) {
    #expect(throws: FloatGraphError.self) { try graph(of: [.unary(function)]) }
  }
}
