import NNQFloat
import NNQFormat
import TestSupport
import Testing

@Suite struct ModelFileTests {
  /// One node of every operation.
  private func makeGraph() throws -> FloatGraph {
    var graph = FloatGraph()
    let x = try graph.addInput(name: "x", shape: [1, 2, 6, 6])
    let weights = try graph.addConstant(name: "w", shape: [2, 2, 1, 1], values: [1, -0.0, .infinity, .leastNonzeroMagnitude])
    let channel = try graph.addConstant(name: "c", shape: [2], values: [1, 2])
    let dense = try graph.addConstant(name: "d", shape: [1, 6], values: [1, 2, 3, 4, 5, 6])
    var last = x
    func append(_ operation: FloatOperation, _ others: [Int] = [], shape: [Int]? = nil) throws {
      let name = "y\(graph.nodes.count)"
      last = try graph.append(operation, name: name, inputs: [last] + others, outputName: name, outputShape: shape)
    }
    let window = FloatWindow(kernel: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1])
    try append(.conv(FloatConv(strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], groups: 1)), [weights])
    try append(.batchNormalization(epsilon: 1e-5), [channel, channel, channel, channel])
    try append(.maxPool(window))
    try append(.averagePool(window, countIncludePad: true))
    let functions: [FloatUnary] = [
      .relu, .clip(lo: -1, hi: .infinity), .sigmoid, .tanh, .hardSigmoid(alpha: 0.2, beta: 0.5), .hardSwish, .leakyRelu(alpha: 0.01),
    ]
    for function in functions { try append(.unary(function)) }
    for function in [FloatBinary.add, .sub, .mul, .div] { try append(.binary(function), [x]) }
    try append(.convTranspose(FloatConv(strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, -1], groups: 1)), [weights])
    try append(.pad(before: [0, 0, 1, 0], after: [0, 0, 0, 2], value: -1))
    try append(.slice(begin: [0, 0, 1, 0], step: [1, 1, 1, 1]), shape: [1, 2, 6, 6])
    try append(.transpose(permutation: [0, 2, 1, 3]))
    try append(.dense, [dense])
    try append(.concat(axis: 3), [last])
    try append(.softmax(axis: 3))
    try append(.take(axis: 2), [graph.addConstant(name: "indices", shape: [2], values: [1, 0])])
    let rows = try graph.addConstant(name: "rows", shape: [1], values: [0.5])
    try append(.resize, [rows, graph.addConstant(name: "columns", shape: [2], values: [0, 1])])
    try append(.globalAveragePool)
    try append(.reshape, shape: [6])
    graph.outputs = [last]
    return graph
  }

  @Test func readsBackWhatItWrote() throws {
    let graph = try makeGraph()
    let file = try graph.modelFile(labels: ["a", "b"])
    #expect(file.labels == ["a", "b"])
    #expect(file.cost == .none)
    #expect(try FloatGraph(file) == graph)
  }

  @Test func survivesTheBytesOfAFile() throws {
    let graph = try makeGraph()
    let bytes = try graph.modelFile(provenance: ["source": "test"]).encoded()
    #expect(try FloatGraph(ModelFile.read(bytes: bytes)) == graph)
  }

  /// "\u{E9}" and "e\u{301}" are one String, and two names.
  @Test func tellsNamesApartByTheirBytes() throws {
    var graph = FloatGraph()
    let x = try graph.addInput(name: "\u{E9}", shape: [1, 2])
    graph.outputs = [try graph.append(.unary(.relu), name: "relu", inputs: [x], outputName: "e\u{301}")]
    let bytes = try graph.modelFile().encoded()
    let read = try FloatGraph(ModelFile.read(bytes: bytes))
    #expect(read.values.map { Array($0.name.utf8) } == [[0xC3, 0xA9], [0x65, 0xCC, 0x81]])
  }

  @Test func storesFloatsLittleEndian() throws {
    let file = try makeGraph().modelFile()
    guard case .constant(let constant) = file.graph.tensors[1].role else {
      Issue.record("not a constant")
      return
    }
    #expect(constant == Constant(bytes: [0, 0, 0x80, 0x3F, 0, 0, 0, 0x80, 0, 0, 0x80, 0x7F, 1, 0, 0, 0]))
  }

  @Test func storesAttributesAsAnnexBSays() throws {
    let nodes = try makeGraph().modelFile().graph.nodes
    let words = Dictionary(nodes.map { ($0.opcode, $0.attributes) }) { first, _ in first }
    #expect(words[1] == [1, 1, 1, 1, 0, 0, 0, 0, 1])
    #expect(words[3] == [0x3727_C5AC])
    #expect(words[5] == [3, 3, 1, 1, 1, 1, 1, 1, 1])
    #expect(words[7] == [3])
    #expect(words[9] == [0, 2, 1, 3])
    #expect(words[10] == [0, 0, 1, 0, 0, 0, 0, 2, Int32(bitPattern: 0xBF80_0000)])
    #expect(words[11] == [0, 0, 1, 0, 1, 1, 1, 1])
    #expect(words[33] == [Int32(bitPattern: 0xBF80_0000), 0x7F80_0000])
    #expect(words[60] == [1, 1, 1, 1, 0, 0, 0, -1, 1])
    #expect(words[61] == [2])
    #expect(nodes.count == 26)
  }

  @Test func writingRejectsANameUsedTwice() throws {
    var graph = try makeGraph()
    graph.values[1].name = "x"
    #expect(throws: FloatGraphError(node: "x", .record("name", got: "used twice", allowed: "once"))) { try graph.modelFile() }
  }

  struct Bad: CustomTestStringConvertible {
    var testDescription: String
    var error: FloatGraphError
    var change: @Sendable (inout GraphRecord) -> Void

    init(_ description: String, _ node: String, _ reason: FloatGraphError.Reason, change: @escaping @Sendable (inout GraphRecord) -> Void) {
      (testDescription, error, self.change) = (description, FloatGraphError(node: node, reason), change)
    }
  }

  static let bad: [Bad] = [
    Bad("kind", "graph", .record("kind", got: "integer", allowed: "float")) { $0.kind = .integer },
    Bad("element type", "w", .record("element type", got: "s8", allowed: "f32")) { $0.tensors[1].elementType = .s8 },
    Bad("scale", "x", .record("quantization", got: "present", allowed: "none")) {
      $0.tensors[0].role = .activation(Quantization(scale: 1, zeroPoint: 0))
    },
    Bad("odd bytes", "w", .record("byte count", got: "15", allowed: "a multiple of 4")) {
      $0.tensors[1].role = .constant(Constant(bytes: [UInt8](repeating: 0, count: 15)))
    },
    Bad("few bytes", "w", .elementCount(3, shape: [2, 2, 1, 1])) {
      $0.tensors[1].role = .constant(Constant(bytes: [UInt8](repeating: 0, count: 12)))
    },
    Bad("huge shape", "x", .illegalShape([1 << 31, 1 << 31])) { $0.tensors[0].shape = [1 << 31, 1 << 31] },
    Bad("wrong shape", "y0", .outputShape([1, 2, 6, 7], expected: [1, 2, 6, 6])) { $0.tensors[4].shape = [1, 2, 6, 7] },
    Bad("opcode", "y0", .record("opcode", got: "13", allowed: "annex B's")) { $0.nodes[0].opcode = 13 },
    Bad("version", "y0", .record("version", got: "2", allowed: "1")) { $0.nodes[0].version = 2 },
    Bad("few attributes", "y0", .record("attribute count", got: "8", allowed: "4 for each axis and 1")) {
      $0.nodes[0].attributes.removeLast()
    },
    Bad("no attribute", "y1", .record("attributes", got: "too few", allowed: "annex B's")) { $0.nodes[1].attributes = [] },
    Bad("many attributes", "y1", .record("attributes", got: "1 too many", allowed: "annex B's")) { $0.nodes[1].attributes += [0] },
    Bad("flag", "y3", .attribute("flag", got: "2", allowed: "0 or 1")) { $0.nodes[3].attributes[8] = 2 },
    Bad("negative stride", "y2", .attribute("strides", got: "-2147483648", allowed: "1...65535")) {
      $0.nodes[2].attributes[2] = .min
    },
    Bad("input index", "y0", .valueIndex(-1, valueCount: 33)) { $0.nodes[0].inputs[0] = -1 },
    Bad("output index", "node 0", .valueIndex(33, valueCount: 33)) { $0.nodes[0].outputs[0] = 33 },
    Bad("no graph input", "graph inputs", .record("count", got: "0", allowed: "1 or more")) { graph in
      (graph.tensors, graph.nodes, graph.inputs, graph.outputs) = ([], [], [], [])
    },
    Bad("no graph output", "graph outputs", .record("count", got: "0", allowed: "1 or more")) { $0.outputs = [] },
    Bad("no output", "node 0", .record("output count", got: "0", allowed: "1")) { $0.nodes[0].outputs = [] },
    Bad("two outputs", "y0", .record("output count", got: "2", allowed: "1")) { $0.nodes[0].outputs += [5] },
    Bad("cycle", "y0", .undefinedOperand(value: "y1")) { $0.nodes[0].inputs[0] = 5 },
    Bad("input port", "graph inputs", .valueIndex(99, valueCount: 33)) { $0.inputs[0].tensor = 99 },
    Bad("layout", "graph outputs", .record("layout", got: "channelsFirst", allowed: "asStored")) { $0.outputs[0].layout = .channelsFirst },
    Bad("constant port", "w", .record("graph output", got: "constant", allowed: "activation")) { $0.outputs[0].tensor = 1 },
    Bad("input twice", "graph inputs", .definedTwice(value: "x")) { $0.inputs.append($0.inputs[0]) },
    Bad("name twice", "x", .record("name", got: "used twice", allowed: "once")) { $0.tensors[5].name = "x" },
  ]

  @Test(arguments: bad) func rejects(_ bad: Bad) throws {
    var file = try makeGraph().modelFile()
    bad.change(&file.graph)
    #expect(throws: bad.error) { try FloatGraph(file) }
  }

  /// Words of the records replaced by small or extreme numbers: an error, or a graph that runs.
  @Test func damagedRecordsGiveAnErrorOrAGraphThatRuns() throws {
    let file = try makeGraph().modelFile()
    var random = SeededRandom(seed: 9)
    let words = [-1, 0, 1, 2, 3, 4, 6, 7, 65_535, 65_536, Int(Int32.max), Int(Int32.min)]
    var legalCount = 0
    for _ in 0..<2_000 {
      var damaged = file
      let (node, word) = (random.int(0...damaged.graph.nodes.count - 1), words[random.int(0...words.count - 1)])
      let attributeCount = damaged.graph.nodes[node].attributes.count
      switch random.int(0...3) {
      case 0: damaged.graph.nodes[node].opcode = UInt16(random.int(0...40))
      case 1: damaged.graph.nodes[node].inputs[0] = random.int(-1...28)
      case 2 where attributeCount > 0: damaged.graph.nodes[node].attributes[random.int(0...attributeCount - 1)] = Int32(word)
      default: damaged.graph.tensors[random.int(0...26)].shape[0] = word
      }
      guard let graph = try? FloatGraph(damaged) else { continue }
      legalCount += 1
      let inputs = graph.inputs.map { [Float](repeating: 0.5, count: graph.values[$0].elementCount) }
      let outputs = try FloatExecutor(graph).run(inputs: inputs)
      #expect(outputs.map(\.count) == graph.outputs.map { graph.values[$0].elementCount })
    }
    #expect(legalCount > 50)
  }
}
