import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct LayerGraphTests {
  private let everything: ClosedRange<Float> = -.infinity ... .infinity

  @Test(arguments: [(FloatUnary.relu, 0...Float.infinity), (.clip(lo: -1, hi: 6), -1...6)])
  func aClampJoinsTheLayerBeforeIt(unary: FloatUnary, clamp: ClosedRange<Float>) throws {
    var net = TestNet()
    let conv = try net.conv(net.input([1, 2, 4, 4]), 3)
    let clamped = try net.append(.unary(unary), conv)
    let layers = LayerGraph(net.finish(clamped)).layers
    #expect(layers.map(\.kind) == ["conv"])
    #expect(layers[0].clamp == clamp)
    #expect(layers[0].name == "unary1")
    #expect([layers[0].accumulator, layers[0].output] == [conv, clamped])
  }

  @Test func theLaterConvolutionTakesTheOtherAsResidual() throws {
    var net = TestNet()
    let x = try net.input([1, 2, 4, 4])
    let shortcut = try net.conv(x, 3)
    let branch = try net.conv(x, 3, kernel: 3, pad: 1)
    let sum = try net.relu(net.add(shortcut, branch))
    let layers = LayerGraph(net.finish(sum)).layers
    #expect(layers.map(\.accumulator) == [shortcut, branch])
    #expect(layers[0].residual == nil)
    #expect(layers[1].residual == shortcut)
    #expect([layers[1].output] == [sum])
    #expect(layers[1].clamp == 0 ... .infinity)
  }

  @Test func aLayerWithAResidualRunsWhereTheAdditionStood() throws {
    var net = TestNet()
    let x = try net.input([1, 2, 4, 4])
    let branch = try net.conv(x, 2)
    let shortcut = try net.append(.unary(.sigmoid), x)
    let sum = try net.add(branch, shortcut)
    let layers = LayerGraph(net.finish(sum)).layers
    #expect(layers.map(\.output) == [shortcut, sum])
    #expect(layers[1].residual == shortcut)
  }

  @Test func whatOthersReadIsNotFused() throws {
    var net = TestNet()
    let first = try net.conv(net.input([1, 2, 4, 4]), 2)
    let clamped = try net.relu(first)
    let second = try net.conv(clamped, 2)
    let sum = try net.add(second, clamped)
    // `first` and `second` are outputs too.
    let net1 = LayerGraph(net.finish(sum, first, second))
    #expect(net1.layers.map(\.kind) == ["conv", "table", "conv", "add"])
    #expect(net1.layers.allSatisfy { $0.residual == nil && $0.clamp == everything })
  }

  @Test func aSecondClampNarrowsTheFirst() throws {
    var net = TestNet()
    let conv = try net.conv(net.input([1, 2, 4, 4]), 2)
    let clipped = try net.append(.unary(.clip(lo: -1, hi: 1)), net.relu(conv))
    let layers = LayerGraph(net.finish(clipped)).layers
    #expect(layers.map(\.kind) == ["conv"])
    #expect(layers[0].clamp == 0...1)
    let apart = try LayerGraph(net.finish(net.append(.unary(.clip(lo: -3, hi: -2)), clipped))).layers
    #expect(apart[0].clamp == -2 ... -2, "the ranges have nothing in common")
  }

  @Test func aClampedLayerTakesNoResidual() throws {
    var net = TestNet()
    let x = try net.input([1, 2, 4, 4])
    let sum = try net.relu(net.add(net.relu(net.conv(x, 2)), x))
    let layers = LayerGraph(net.finish(sum)).layers
    #expect(layers.map(\.kind) == ["conv", "add"])
    #expect(layers[1].clamp == 0 ... .infinity)
  }

  @Test func additionsThatBroadcastOrDoubleAreNoResiduals() throws {
    var net = TestNet()
    let x = try net.input([1, 2, 4, 4])
    let doubled = try net.conv(x, 2)
    let broadcast = try net.conv(net.add(doubled, doubled), 2)
    let sum = try net.add(broadcast, net.constant([1, 2, 4, 4]))
    let layers = LayerGraph(net.finish(sum)).layers
    #expect(layers.map(\.kind) == ["conv", "table", "conv", "add"])
  }

  @Test func poolsAndTablesTakeNoClamp() throws {
    var net = TestNet()
    let pool = try net.append(.maxPool(FloatWindow(kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0])), net.input([1, 2, 4, 4]))
    #expect(try LayerGraph(net.finish(net.relu(pool))).layers.map(\.kind) == ["maxPool", "table"])
  }

  @Test func knowsTheLastUseOfEachValue() throws {
    var net = TestNet()
    let x = try net.input([1, 2, 4, 4])
    let first = try net.relu(net.conv(x, 2))
    let sum = try net.add(net.conv(first, 2), x)
    #expect(LayerGraph(net.finish(sum)).lastUses() == [x: 1, first: 1, sum: 2])
  }
}
