import NNQFormat
import NNQGraph
import TestSupport

@testable import NNQRuntime

/// A 4 x 4 image of two channels, N,C,H,W outside, through a 3 x 3 convolution to five channels.
func convolutionGraph(seed: UInt64 = 1) -> Graph {
  var builder = GraphBuilder(seed: seed)
  let x = builder.addInput([1, 4, 4, 2], layout: .channelsFirst)
  let unit = Extent2D(height: 1, width: 1)
  let conv = Conv2D(
    stride: unit, dilation: unit, padding: Padding2D(top: 1, left: 1, bottom: 1, right: 1), groups: 1, epilogue: Epilogue(lo: 0, hi: 0))
  let y = builder.addConv(x, conv, kernel: Extent2D(height: 3, width: 3), channels: 5)
  let z = builder.addTable(y)
  builder.addOutput(z, layout: .channelsFirst)
  return builder.graph
}

/// Two vectors, `t0` of 3 and `t1` of 2 elements, each through a dense layer.
func twoInputGraph() -> Graph {
  var builder = GraphBuilder(seed: 2)
  let (a, b) = (builder.addInput([1, 3]), builder.addInput([1, 2], .s16))
  let reshaped = builder.addReshape(b, [1, 2, 1])
  builder.addOutput(builder.addDense(a, channels: 4))
  builder.addOutput(reshaped)
  return builder.graph
}
