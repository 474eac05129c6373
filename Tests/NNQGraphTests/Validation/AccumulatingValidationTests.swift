import NNQFormat
import NNQGraph
import Testing

/// conv2D and dense. Spec: operators.md 2.
@Suite struct AccumulatingValidationTests {
  let plain = AccumulatingGraph()

  /// Two groups of a 1 x 3 image of four channels, and a kernel of 1 x 2.
  let convolution = AccumulatingGraph(
    x: .activation("x", [1, 1, 3, 4]), weights: Array(repeating: 1, count: 8), [2, 1, 2, 2], y: [1, 1, 2, 2])
  var grouped: Conv2D {
    var conv = Conv2D.plain
    conv.groups = 2
    return conv
  }

  private func refusal(_ change: (inout AccumulatingGraph) -> Void) -> Refusal? {
    var operands = plain
    change(&operands)
    return operands.dense.refusal
  }

  private func refusalOfConvolution(_ change: (inout AccumulatingGraph, inout Conv2D) -> Void) -> Refusal? {
    var (operands, conv) = (convolution, grouped)
    change(&operands, &conv)
    return operands.convolution(conv).refusal
  }

  @Test func acceptsLegalOperands() {
    #expect(plain.dense.refusal == nil)
    #expect(convolution.convolution(grouped).refusal == nil)
    #expect(refusal { ($0.residual, $0.epilogue.residualMultiplier) = (.activation("r", [1, 1]), 32767) } == nil)
    #expect(refusal { ($0.y, $0.epilogue) = (.activation("y", [1, 1], .s16), Epilogue(lo: -32768, hi: 32767)) } == nil)
    #expect(refusal { ($0.x, $0.y) = (.activation("x", [1, 5, 1]), .activation("y", [1, 5, 1])) } == nil)
  }

  @Test func rejectsOtherCountsOfOperands() {
    var graph = plain.dense
    graph.nodes[0].inputs.append(4)
    graph.nodes[0].inputs.append(4)
    #expect(graph.refusal == Refusal(.operandCount, at: "y"))
    graph = plain.dense
    graph.tensors.append(.activation("z", [1, 1]))
    graph.nodes[0].outputs.append(6)
    graph.outputs.append(Port(tensor: 6, layout: .asStored))
    #expect(graph.refusal == Refusal(.operandCount, at: "y"))
  }

  @Test func rejectsOtherOperandTypes() {
    let refused = Refusal(.operandType, at: "y")
    #expect(refusal { $0.x = .activation("x", [1, 1], .s16) } == refused)
    #expect(refusal { $0.x = .constant("x", [1, 1], .u8, [0]) } == refused)
    #expect(refusal { $0.weights = .activation("w", [1, 1]) } == refused)
    #expect(refusal { $0.weights = .constant("w", [1, 1], .u8, [1]) } == refused)
    #expect(refusal { ($0.residual, $0.epilogue.residualMultiplier) = (.activation("r", [1, 1], .s16), 1) } == refused)
    for (operand, type) in [(2, ElementType.u32), (3, .s16), (4, .s8)] {
      var graph = plain.dense
      graph.tensors[operand] = .constant("c", type, [256])
      #expect(graph.refusal == refused, "operand \(operand)")
    }
  }

  @Test func rejectsOtherOperandShapes() {
    let refused = Refusal(.shapeMismatch, at: "y")
    #expect(refusal { $0.x = .activation("x", [1]) } == refused)
    #expect(refusal { $0.x = .activation("x", [1, 2]) } == refused)
    #expect(refusal { $0.weights = .constant("w", [1], .s8, [1]) } == refused)
    #expect(refusal { $0.y = .activation("y", [1, 2]) } == refused)
    #expect(refusal { $0.bias = [0, 0] } == refused)
    #expect(refusal { $0.multiplier = [256, 256] } == refused)
    #expect(refusal { $0.shift = [0, 0] } == refused)
    #expect(refusal { ($0.residual, $0.epilogue.residualMultiplier) = (.activation("r", [1, 2]), 1) } == refused)
  }

  @Test func rejectsOtherConvolutionShapes() {
    let refused = Refusal(.shapeMismatch, at: "y")
    #expect(refusalOfConvolution { operands, _ in operands.x = .activation("x", [1, 3, 4]) } == refused)
    #expect(refusalOfConvolution { operands, _ in operands.weights = .constant("w", [2, 2], .s8, [1, 1, 1, 1]) } == refused)
    #expect(refusalOfConvolution { operands, _ in operands.y = .activation("y", [1, 1, 3, 2]) } == refused)
    #expect(refusalOfConvolution { _, conv in conv.groups = 1 } == refused)
    #expect(refusalOfConvolution { _, conv in conv.dilation.width = 3 } == refused, "the dilated kernel is wider than x")
  }

  @Test func rejectsGroupsThatDivideNoChannels() {
    #expect(refusalOfConvolution { _, conv in conv.groups = 3 } == Refusal(.attributeRange, at: "y"))
    #expect(refusalOfConvolution { _, conv in conv.groups = 4 } == Refusal(.attributeRange, at: "y"))
  }

  @Test func rejectsPaddingOfTheDilatedKernelsSpan() {
    func paddedConvolution(_ padding: Int) -> Refusal? {
      refusalOfConvolution { operands, conv in
        conv.dilation.width = 2
        conv.padding.left = padding
        operands.y = .activation("y", [1, 1, 1 + padding, 2])
      }
    }
    #expect(paddedConvolution(2) == nil)
    #expect(paddedConvolution(3) == Refusal(.attributeRange, at: "y"))
  }

  @Test(arguments: [(ElementType.u8, 0, 255), (.s16, -32768, 32767)])
  func clampsWithinTheOutputsType(type: ElementType, least: Int32, most: Int32) {
    func clamped(_ lo: Int32, _ hi: Int32) -> Refusal? {
      refusal { ($0.y, $0.epilogue) = (.activation("y", [1, 1], type), Epilogue(lo: lo, hi: hi)) }
    }
    #expect(clamped(least, most) == nil)
    #expect(clamped(7, 7) == nil)
    for (lo, hi) in [(least - 1, most), (least, most + 1), (8, 7)] {
      #expect(clamped(lo, hi) == Refusal(.attributeRange, at: "y"), "\(lo)...\(hi)")
    }
  }

  @Test func rejectsZeroPointOfS16Output() {
    #expect(
      refusal { ($0.y, $0.epilogue) = (.activation("y", [1, 1], .s16, zeroPoint: 1), Epilogue(lo: 0, hi: 1)) }
        == Refusal(.quantizationMismatch, at: "y"))
  }

  @Test func takesMultiplierWithResidualOnly() {
    #expect(refusal { $0.epilogue.residualMultiplier = 1 } == Refusal(.attributeRange, at: "y"))
    #expect(refusal { $0.residual = .activation("r", [1, 1]) } == Refusal(.attributeRange, at: "y"))
  }

  @Test func boundsWeightsMultipliersAndShifts() {
    let refused = Refusal(.constantRange, at: "y")
    for weight in [-127, 127] { #expect(refusal { $0.weights = .constant("w", [1, 1], .s8, [weight]) } == nil) }
    #expect(refusal { $0.weights = .constant("w", [1, 1], .s8, [-128]) } == refused)
    for multiplier in [256, 32767] { #expect(refusal { $0.multiplier = [multiplier] } == nil) }
    for multiplier in [255, 32768] { #expect(refusal { $0.multiplier = [multiplier] } == refused) }
    for shift in [0, 22] { #expect(refusal { $0.shift = [shift] } == nil) }
    #expect(refusal { $0.shift = [23] } == refused)
  }
}
