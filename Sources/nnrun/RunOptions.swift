import CommandLineSupport
import NNQInput
import NNQRuntime

/// The command line of nnrun, checked.
struct RunOptions {
  enum Mode: CaseIterable {
    case predict, listISA, info, verify, bench, profile
  }

  var mode: Mode
  /// Empty for `listISA`.
  var modelPath = ""
  var inputs: [String] = []

  var topK: Int?
  var labelsPath: String?
  var expectPath: String?
  var outputPath: String?
  var dumps: [Dump] = []
  var isRaw: Bool
  var isJSON: Bool
  var isForced: Bool
  /// Run the self-test by the reference executor.
  var isReference: Bool

  var runs: Int
  var warmup: Int
  var minSeconds: Double
  var threads: Int
  var isa: ISA
  var preprocessing: PreprocessingOptions

  /// `--dump-layer NAME=OUT.npy`
  struct Dump: Equatable {
    var tensor: String
    var path: String
  }

  init(_ arguments: ParsedArguments) throws {
    mode = try RunOptions.mode(arguments)
    topK = try arguments.integer("top-k", in: 1...1_000_000)
    labelsPath = arguments.value("labels")
    expectPath = arguments.value("expect")
    outputPath = arguments.value("output")
    isRaw = arguments.has("raw")
    isJSON = arguments.has("json")
    isForced = arguments.has("force")
    isReference = arguments.has("reference")
    runs = try arguments.integer("runs", in: 1...10_000_000) ?? 20
    warmup = try arguments.integer("warmup", in: 0...10_000_000) ?? 10
    minSeconds = try arguments.number("min-seconds", in: 0...86_400) ?? 1
    threads = try arguments.integer("threads", in: Session.allowedThreadCounts) ?? 1
    isa = try arguments.value("isa").map(ISA.init(named:)) ?? ISA.best
    preprocessing = try PreprocessingOptions(arguments)
    dumps = try arguments.values("dump-layer").map(RunOptions.dump)
    guard !isReference || mode == .verify else { throw UsageError("--reference goes with --verify only") }
    try takeOperands(arguments.operands)
  }

  private static func mode(_ arguments: ParsedArguments) throws(UsageError) -> Mode {
    let modes = Mode.allCases.filter { mode in mode.option.map(arguments.has) ?? false }
    guard modes.count < 2 else {
      throw UsageError(modes.compactMap(\.option).map { "--\($0)" }.joined(separator: " and ") + " exclude each other")
    }
    return modes.first ?? .predict
  }

  private static func dump(_ text: String) throws(UsageError) -> Dump {
    guard let equals = text.lastIndex(of: "="), equals != text.startIndex, text.hasSuffix(".npy") else {
      throw UsageError("--dump-layer: got \"\(text)\", expected NAME=OUT.npy")
    }
    return Dump(tensor: String(text[..<equals]), path: String(text[text.index(after: equals)...]))
  }

  private mutating func takeOperands(_ operands: [String]) throws(UsageError) {
    let allowed =
      switch mode {
      case .listISA: 0...0
      case .info, .verify: 1...1
      case .bench, .profile: 1...Int.max
      case .predict: 2...Int.max
      }
    guard operands.count >= allowed.lowerBound else { throw UsageError(operands.isEmpty ? "the model is missing" : "the input is missing") }
    guard operands.count <= allowed.upperBound else { throw UsageError("one operand too many: \(operands[allowed.upperBound])") }
    modelPath = operands.first ?? ""
    inputs = Array(operands.dropFirst())
  }
}

extension RunOptions.Mode {
  /// The option that asks for it; nil for what nnrun does without one.
  fileprivate var option: String? {
    switch self {
    case .predict: nil
    case .listISA: "list-isa"
    case .info: "info"
    case .verify: "verify"
    case .bench: "bench"
    case .profile: "profile"
    }
  }
}
