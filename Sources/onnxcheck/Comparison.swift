import NNQONNX

/// How far a result may be from what is expected.
enum Tolerance {
  /// |result - expected| <= 1e-7 + 1e-3 * |expected|: that of onnx.backend.test.
  case float
  /// Of results that the case rounds to 8 significant bits.
  case bfloat16
  /// Against the largest magnitude of the expected output: 2 % root mean square, 6 % for any element. The grids of input and
  /// output have 255 steps, of which the first is half a percent of a range of both signs. NaN may be any number, for no
  /// integer stands for it; an output from which the batch axis was removed has it again.
  case quantized
}

extension HostTensor {
  /// What is different between a result and this tensor; nil when they agree.
  func difference(from result: HostTensor, _ tolerance: Tolerance) -> String? {
    guard result.shape == shape || tolerance == .quantized && result.shape == [1] + shape else {
      return "shape \(result.shape), expected \(shape)"
    }
    guard let expected = numbers, let got = result.numbers else {
      return elements == result.elements ? nil : "other \(typeName) than expected"
    }
    let places = expected.indices.filter { !isSame(got[$0], expected[$0]) }
    switch tolerance {
    case .float, .bfloat16:
      let share: Float = tolerance == .float ? 1e-3 : 0x1p-7
      let wrong = places.filter { !((got[$0] - expected[$0]).magnitude <= 1e-7 + share * expected[$0].magnitude) }
      return wrong.first.map { "\(wrong.count) of \(expected.count) elements, the first \(got[$0]), expected \(expected[$0])" }
    case .quantized:
      let scale = expected.filter(\.isFinite).reduce(Float.leastNormalMagnitude) { max($0, $1.magnitude) }
      let errors = places.filter { !expected[$0].isNaN }.map { Double((got[$0] - expected[$0]).magnitude / scale) }
      let rootMeanSquare = (errors.reduce(0) { $0 + $1 * $1 } / Double(max(expected.count, 1))).squareRoot()
      let largest = errors.reduce(0) { max($0, $1.isNaN ? .infinity : $1) }
      guard !(rootMeanSquare <= 0.02 && largest <= 0.06) else { return nil }
      return "error \(Float(rootMeanSquare * 100)) % root mean square, \(Float(largest * 100)) % at most"
    }
  }
}

extension HostTensor {
  /// A net computes truth values as 0 and 1.
  private var numbers: [Float]? { floats ?? booleans?.map { $0 ? 1 : 0 } }
}

/// Equal, or both NaN.
private func isSame(_ a: Float, _ b: Float) -> Bool { a == b || a.isNaN && b.isNaN }
