import NNQFormat
import NNQGraph
import NNQRuntime

/// A net whose answers are known by heart: the sums of red, green and blue over a 2 x 2 picture. With scale 1 and zero point 0
/// everywhere, m = 32767 and s = 0 give q = acc up to 2^14.
enum ColorNet {
  static func file() throws -> ModelFile {
    let unit = Quantization(scale: 1, zeroPoint: 0)
    let ownColor = (0..<3).flatMap { color in (0..<12).map { $0 % 3 == color ? 1 : 0 } }
    let graph = Graph(
      tensors: [
        Tensor(name: "picture", elementType: .u8, shape: [1, 2, 2, 3], quantization: unit),
        Tensor(name: "flat", elementType: .u8, shape: [1, 12], quantization: unit),
        Tensor(name: "weights", elementType: .s8, shape: [3, 12], constant: Constant(ownColor, as: .s8, coding: .uniform(bits: 2))),
        Tensor(name: "bias", elementType: .s32, shape: [3], constant: Constant([0, 0, 0], as: .s32)),
        Tensor(name: "multiplier", elementType: .u16, shape: [3], constant: Constant([32767, 32767, 32767], as: .u16)),
        Tensor(name: "shift", elementType: .u8, shape: [3], constant: Constant([0, 0, 0], as: .u8)),
        Tensor(name: "sums", elementType: .s16, shape: [1, 3], quantization: unit),
      ],
      nodes: [
        Node(.reshape, inputs: [0], outputs: [1]),
        Node(.dense(Epilogue(lo: -32768, hi: 32767)), inputs: [1, 2, 3, 4, 5], outputs: [6]),
      ],
      inputs: [Port(tensor: 0, layout: .channelsFirst)], outputs: [Port(tensor: 6, layout: .asStored)])
    var file = graph.modelFile
    file.labels = ["red", "green", "blue"]
    file.preprocessing = Preprocessing(colorOrder: .rgb, resize: .stretch, mean: [0, 0, 0], std: [1, 1, 1])
    file.provenance = ["source": "ColorNet"]
    file.selfTest = SelfTest(seed: 7, outputDigest: try Model(file).selfTestDigest(seed: 7))
    return file
  }
}
