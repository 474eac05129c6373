import CKernels
import NNQFloat
import TestSupport
import Testing

/// A convolution as its definition says: one chain of fused multiply-adds for each output, padding a term with input 0.
private func naiveConv(_ conv: FloatConv, x: FloatTensor, weights: FloatTensor, bias: [Float], outputShape: [Int]) -> [Float] {
  let (input, kernel) = (x.shape, weights.shape)
  var y: [Float] = []
  for n in 0..<outputShape[0] {
    for k in 0..<outputShape[1] {
      for i in 0..<outputShape[2] {
        for j in 0..<outputShape[3] {
          var sum = bias[k]
          for c in 0..<kernel[1] {
            let channel = k / (kernel[0] / conv.groups) * kernel[1] + c
            for r in 0..<kernel[2] {
              for s in 0..<kernel[3] {
                let row = i * conv.strides[0] + r * conv.dilations[0] - conv.pads[0]
                let column = j * conv.strides[1] + s * conv.dilations[1] - conv.pads[1]
                let isInside = (0..<input[2]).contains(row) && (0..<input[3]).contains(column)
                let element = isInside ? x.elements[((n * input[1] + channel) * input[2] + row) * input[3] + column] : 0
                sum.addProduct(weights.elements[((k * kernel[1] + c) * kernel[2] + r) * kernel[3] + s], element)
              }
            }
          }
          y.append(sum)
        }
      }
    }
  }
  return y
}

@Suite struct ConvTests {
  struct Case: CustomTestStringConvertible {
    var isa: nn_isa
    var seed: UInt64
    var testDescription: String { "\(String(cString: nn_isa_name(isa))) seed \(seed)" }
  }
  static let cases = availableISAs.flatMap { isa in (0..<40).map { Case(isa: isa, seed: $0) } }

  @Test(arguments: cases) func equalsItsDefinitionBitForBit(_ test: Case) throws {
    var random = SeededRandom(seed: test.seed)
    let isDepthwise = test.seed % 2 == 1
    let groups = random.int(1...5)
    let (groupChannels, groupOutputs) = (isDepthwise ? 1 : random.int(1...6), random.int(1...(isDepthwise ? 2 : 13)))
    let kernel = [random.int(1...4), random.int(1...4)]
    let dilations = [random.int(1...3), random.int(1...3)]
    let extents = (0..<2).map { (kernel[$0] - 1) * dilations[$0] + random.int(1...20) }
    let conv = FloatConv(
      strides: [random.int(1...3), random.int(1...3)], dilations: dilations, pads: (0..<4).map { _ in random.int(0...3) },
      groups: groups)
    let x = [random.int(1...2), groups * groupChannels] + extents
    let weights = [groups * groupOutputs, groupChannels] + kernel
    let operands = [x, weights, [weights[0]]].map { ($0, random.floats($0.reduce(1, *))) }
    let y = try evaluate(.conv(conv), operands, isa: test.isa)
    let expected = naiveConv(
      conv, x: FloatTensor(shape: x, elements: operands[0].1), weights: FloatTensor(shape: weights, elements: operands[1].1),
      bias: operands[2].1, outputShape: y.shape)
    #expect(y.elements == expected)
  }

  @Test func oneSpatialAxisIsHeightOne() throws {
    var random = SeededRandom(seed: 7)
    let (x, weights) = (random.floats(3 * 17), random.floats(4 * 3 * 5))
    let line = FloatConv(strides: [2], dilations: [1], pads: [2, 1], groups: 1)
    let plane = FloatConv(strides: [1, 2], dilations: [1, 1], pads: [0, 2, 0, 1], groups: 1)
    let y = try evaluate(.conv(line), [([1, 3, 17], x), ([4, 3, 5], weights)])
    let expected = try evaluate(.conv(plane), [([1, 3, 1, 17], x), ([4, 3, 1, 5], weights)])
    #expect(y.shape == [1, 4, 8])
    #expect(y.elements == expected.elements)
  }

  @Test func depthwiseWithAbsurdPaddingNeedsNoMemoryForIt() throws {
    let conv = FloatConv(strides: [65_535, 65_535], dilations: [1, 1], pads: [65_535, 65_535, 65_535, 65_535], groups: 2)
    let y = try evaluate(.conv(conv), [([1, 2, 1, 1], [3, 5]), ([2, 1, 1, 1], [2, 4])])
    #expect(y.elements == [0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 0])
  }
}
