import CommandLineSupport
import NNQONNX

/// What came of one way to run a case.
enum Verdict {
  case equal
  /// Which output is how far from what is expected.
  case different(String)
  /// Not supported: for each reason the place and what is the matter.
  case refused([String])
  /// There is nothing to run: all is computed while the model is imported.
  case folded

  var json: JSON {
    switch self {
    case .equal: ["verdict": "equal"]
    case .different(let reason): ["verdict": "different", "reasons": [.string(reason)]]
    case .refused(let reasons): ["verdict": "refused", "reasons": .array(reasons.map { .string($0) })]
    case .folded: ["verdict": "folded"]
    }
  }
}

extension ImportError {
  var reasons: [String] {
    switch self {
    case .malformed: [description]
    case .refused(let refusals): refusals.map(\.description)
    }
  }
}
