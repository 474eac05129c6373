/// Why a file cannot be imported.
public enum ImportError: Error, Equatable, Sendable {
  /// The bytes are not the protobuf encoding of an ONNX model, or of a far too large one; the offset is from the start of the file.
  case malformed(Malformation, byteOffset: Int)
  /// The model is read, but cannot become a float graph: every finding, in the order of the file.
  case refused([Refusal])
}

extension ImportError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .malformed(let malformation, let byteOffset):
      "byte \(byteOffset): \(malformation)" + (malformation.isLimit ? "" : "; the file is damaged or not an ONNX model")
    case .refused(let refusals): refusals.map(\.description).joined(separator: " | ")
    }
  }
}
