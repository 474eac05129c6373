import NNQFormat
import NNQGraph

/// Why a model could not be loaded, planned or run.
public enum RuntimeError: Error, Equatable, Sendable {
  /// The file is damaged, or exceeds a limit.
  case format(FormatError)
  /// The file is intact, but its graph is not a legal integer graph.
  case graph(GraphError)
  /// Two inputs or two outputs cannot be told apart by name: theirs are one text in other bytes, or one is what an unnamed
  /// one is called.
  case duplicatePortName(String)

  case unknownISA(name: String, known: [String])
  case unavailableISA(name: String, available: [String])
  case invalidThreadCount(Int, allowed: ClosedRange<Int>)
  case invalidBatch(Int)

  case unknownInput(name: String, known: [String])
  case missingInput(name: String)
  /// The tensor is not an activation of the model, or the session was not asked to keep it.
  case tensorNotKept(name: String)
  /// The first extent of `expected` is that of one batch item.
  case wrongShape(tensor: String, got: [Int], expected: [Int])
  case wrongElementCount(tensor: String, got: Int, expected: Int)
  case wrongElementType(tensor: String, got: ElementType, expected: ElementType)
  /// An input that chooses from `count` rows of a table holds what is not one of 0..<count.
  case indexOutOfRange(tensor: String, got: Float, count: Int)
  /// Inputs of one run disagree about the number of batch items.
  case mixedBatches(tensor: String, got: Int, expected: Int)

  case limitExceeded(limit: Limit, got: Int, allowed: Int)
  case outOfMemory(byteCount: Int)
  case threadNotStarted(errno: Int32)

  case noPreprocessing
  case noSelfTest

  /// What a plan may need at most.
  public enum Limit: String, Sendable {
    /// Bytes of one activation, all batch items together, or of one node's weights.
    case tensorByteCount
    /// All constants in the layouts of the kernels. Allowed is what the limits allow for the constants themselves.
    case packedByteCount
    /// Kernel calls of one run.
    case stepCount
    /// Pieces of memory that one run needs.
    case bufferCount
    /// What the kernels of the instruction set need for one step and thread, such as a copy of the input with its padding.
    case scratchByteCount
    /// Activations, and scratch of all threads.
    case runByteCount
  }
}

extension RuntimeError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .format(let error): "\(error)"
    case .graph(let error): "\(error)"
    case .duplicatePortName(let name): "two inputs or two outputs of the model are named \"\(name)\""
    case .unknownISA(let name, let known):
      "unknown instruction set \"\(name)\"; known: \(known.joined(separator: ", "))"
    case .unavailableISA(let name, let available):
      "this machine does not run instruction set \"\(name)\"; available: \(available.joined(separator: ", "))"
    case .invalidThreadCount(let count, let allowed):
      "\(count) threads asked for, allowed are \(allowed.lowerBound) to \(allowed.upperBound)"
    case .invalidBatch(let batch): "batch size \(batch) is below 1"
    case .unknownInput(let name, let known):
      "the model has no input \"\(name)\"; its inputs: \(known.joined(separator: ", "))"
    case .missingInput(let name): "input \"\(name)\" was not given"
    case .tensorNotKept(let name):
      "the session does not keep a tensor \"\(name)\"; name an activation of the model when the session is made"
    case .wrongShape(let tensor, let got, let expected):
      "tensor \"\(tensor)\" has shape \(got), expected \(expected) with any multiple of the first extent"
    case .wrongElementCount(let tensor, let got, let expected):
      "tensor \"\(tensor)\" has \(got) elements, expected \(expected)"
    case .wrongElementType(let tensor, let got, let expected):
      "tensor \"\(tensor)\" has elements of type \(got), expected \(expected)"
    case .indexOutOfRange(let tensor, let got, let count):
      "input \"\(tensor)\" holds \(got), expected integers from 0 to \(count - 1)"
    case .mixedBatches(let tensor, let got, let expected):
      "input \"\(tensor)\" holds \(got) batch items, the others \(expected)"
    case .limitExceeded(let limit, let got, let allowed): "\(limit.rawValue) is \(got), allowed is \(allowed)"
    case .outOfMemory(let byteCount): "no memory for \(byteCount) bytes"
    case .threadNotStarted(let errno): "a worker thread did not start (errno \(errno))"
    case .noPreprocessing: "the model stores no preprocessing for 8-bit images; give it its own real-valued input"
    case .noSelfTest: "the model stores no self-test"
    }
  }
}
