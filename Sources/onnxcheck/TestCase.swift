import CommandLineSupport
import NNQInput
import NNQONNX

/// A model, inputs for it and the outputs it must give.
struct TestCase {
  let folder: String
  let model: [UInt8]
  let outline: ModelOutline
  /// By the name of the input; nil for one whose file holds no tensor of numbers. Where there is no file, as for the light
  /// models, elements rise from 0 to 1 as they do in onnx.backend.test.
  let inputs: [(name: String, tensor: HostTensor?)]
  let expected: [HostTensor]

  /// - Throws: when a file is missing or no tensor of numbers.
  init(folder: String) throws {
    self.folder = folder
    model = try readFile(folder + "/model.onnx")
    outline = try ModelOutline(bytes: model)
    let data = folder + "/test_data_set_0"
    inputs = outline.inputs.enumerated().map { index, input in
      let path = "\(data)/input_\(index).pb"
      guard let bytes = try? readFile(path) else { return (input.name, HostTensor(rampOfShape: input.shape)) }
      return (input.name, try? HostTensor(tensorFile: bytes).decoded(of: input))
    }
    expected = try outline.outputs.enumerated().map { index, output in
      try HostTensor(tensorFile: readFile("\(data)/output_\(index).pb")).decoded(of: output)
    }
  }

  var report: JSON {
    [
      "case": .string(folder), "operators": .array(outline.operators.map { .string($0) }),
      "float": FloatCheck(self).verdict.json, "integer": IntegerCheck(self).verdict.json,
    ]
  }

  /// The inputs of real numbers, which are computed with when the net runs; the others are constants of the net, as shapes and
  /// axes are in the nets that exporters write.
  var realInputs: [String] { inputs.filter { $0.tensor?.floats != nil }.map(\.name) }

  /// What to compute with, the most telling first: all real inputs, only the first, those of integers, none, when all is folded.
  var choicesOfActivations: [[String]] {
    let names = realInputs
    let integers = inputs.filter { $0.tensor?.integers != nil }.map(\.name)
    let choices = [names, Array(names.prefix(1)), integers, []]
    return choices.indices.filter { $0 == 0 || choices[$0] != choices[$0 - 1] }.map { choices[$0] }
  }

  /// Options that leave the chosen inputs to be computed with, in their shapes, and make the others constants.
  func importOptions(activations: [String]) -> ImportOptions {
    // The light models compute their weights.
    var options = ImportOptions(maximumFoldedElementCount: 1 << 30)
    for (name, tensor) in inputs {
      guard let tensor else { continue }
      if activations.contains(name) { options.inputShapes[name] = tensor.shape } else { options.inputValues[name] = tensor }
    }
    return options
  }

  /// The elements of inputs, in the order of a graph.
  func elements(of names: [String]) -> [[Float]] {
    names.map { name in
      let tensor = inputs.first { $0.name == name }?.tensor
      return tensor?.floats ?? tensor?.integers?.map { Float($0) } ?? []
    }
  }
}

extension HostTensor {
  /// Test data hold the bits of bfloat16, which numpy lacks, as unsigned integers.
  fileprivate func decoded(of port: ModelOutline.Port) -> HostTensor {
    guard port.isBFloat16, let bits = integers else { return self }
    return HostTensor(shape: shape, .floats(bits.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0 << 16)) }))
  }

  fileprivate init(rampOfShape shape: [Int]) {
    let count = shape.reduce(1, *)
    self.init(shape: shape, .floats((0..<count).map { Float(Double($0) / Double(count)) }))
  }
}
