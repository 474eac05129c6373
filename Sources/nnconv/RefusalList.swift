import NNQConvert
import NNQFloat
import NNQONNX

/// All that keeps a net from being converted, as one message: a line for each when there are several.
struct RefusalList {
  var reasons: [String]

  /// - Parameter part: what is left of the net without what is refused; integer graphs may be unable to express that too.
  init(_ error: ImportError, part: @autoclosure () -> FloatGraph?) {
    guard case .refused(let refusals) = error else {
      reasons = ["\(error)"]
      return
    }
    reasons = refusals.map(\.description) + (part().map { Converter.refusals(of: $0) } ?? []).map(\.description)
  }

  init(_ errors: [ConvertError]) { reasons = errors.map(\.description) }

  private static let mostShown = 40

  func message(file: String) -> String {
    guard reasons.count != 1 else { return "\(file): \(reasons[0])" }
    let hidden = reasons.count - Self.mostShown
    let shown = reasons.prefix(Self.mostShown) + (hidden > 0 ? ["and \(hidden) more"] : [])
    return (["\(file): \(reasons.count) things are not supported"] + shown).joined(separator: "\n  ")
  }
}
