import CommandLineSupport
import NNQConvert
import NNQFormat
import NNQInput
import NNQONNX
import NNQRuntime

extension ConvertOptions {
  init(_ arguments: ParsedArguments) throws {
    self.init()
    sparsity = try arguments.number("prune", in: 0...0.99) ?? 0
    pruneScope = try arguments.choice("prune-scope") ?? .global
    prunePattern = try arguments.choice("prune-pattern") ?? .weights
    saliency = try arguments.choice("saliency") ?? .obs
    choosesBits = arguments.value("bits") == "auto"
    bits = try choosesBits ? 8 : arguments.value("bits").map(ConvertOptions.bits) ?? 8
    goal = try ConvertOptions.goal(arguments, choosesBits: choosesBits, bits: bits)
    delicateBits = try arguments.integer("delicate-bits", in: 1...8)
    calibrator = try arguments.choice("calibrator")
    seed = try arguments.integer("seed", in: 0...UInt64.max) ?? 0
    threads = try arguments.integer("threads", in: 1...64) ?? Workers.availableCount
    isa = try arguments.value("isa").map { (name) throws(UsageError) in
      do { return try ISA(named: name) } catch { throw UsageError("--isa: \(error)") }
    }
    if let path = arguments.value("plan") { plan = try ConversionPlan(contentsOf: path) }
    if let pattern = arguments.value("exclude") { isExcluded = try ConvertOptions.matcher(pattern) }
  }

  var needsSamples: Bool { bits != 32 || prunes }

  /// What the model says about its making. Threads are left out: they do not matter.
  func provenance(source: SourceNet, _ arguments: ParsedArguments) -> [String: String] {
    var lines = [
      "converter": "nnconv \(productVersion)", "source.sha256": source.digest, "bits": choosesBits ? "auto" : "\(bits)",
      "prune": "\(sparsity)",
      "prune-scope": pruneScope.rawValue, "prune-pattern": prunePattern.rawValue, "saliency": saliency.rawValue,
      "calibrator": calibrator?.rawValue ?? "measured", "seed": "\(seed)",
    ]
    if let pattern = arguments.value("exclude") { lines["exclude"] = pattern }
    switch goal {
    case .drop(let percent): lines["max-drop"] = "\(percent)"
    case .size(let byteCount): lines["size"] = "\(byteCount)"
    case nil: break
    }
    if let delicateBits { lines["delicate-bits"] = "\(delicateBits)" }
    if plan != ConversionPlan() { lines["plan.sha256"] = SHA256.digest(Array(plan.json.line.utf8)).hexString }
    return lines
  }

  private static func bits(_ text: String) throws(UsageError) -> Int {
    guard let bits = Int(text), (1...8).contains(bits) || bits == 32 else {
      throw UsageError("--bits: got \(text), expected 1...8, 32 or auto")
    }
    return bits
  }

  private static func goal(_ arguments: ParsedArguments, choosesBits: Bool, bits: Int) throws(UsageError) -> ConversionGoal? {
    let drop = try arguments.number("max-drop", in: 0...100)
    let size = try arguments.integer("size", in: 1...1 << 40)
    if drop != nil, size != nil { throw UsageError("--max-drop and --size are two goals, give one") }
    guard drop != nil || size != nil else {
      if choosesBits { throw UsageError("--bits auto needs --max-drop or --size") }
      return nil
    }
    if bits == 32 { throw UsageError("--max-drop and --size are for integer models, not for --bits 32") }
    if !choosesBits, arguments.value("prune") != nil {
      throw UsageError("--max-drop and --size choose the share that --prune gives; with --bits auto they choose bits")
    }
    return drop.map { .drop(percent: $0) } ?? size.map { .size(byteCount: $0) }
  }

  /// Whether a name holds a match of a regular expression.
  private static func matcher(_ pattern: String) throws(UsageError) -> @Sendable (String) -> Bool {
    // A Regex is not Sendable: each call makes its own from a pattern known to be good.
    guard (try? Regex(pattern)) != nil else { throw UsageError("--exclude: \"\(pattern)\" is not a regular expression") }
    return { name in (try? Regex(pattern).firstMatch(in: name)) != nil }
  }
}

extension ParsedArguments {
  /// How the net is read.
  func importOptions() throws(UsageError) -> ImportOptions {
    ImportOptions(
      inputShapes: try inputShapes(), maximumFoldedElementCount: try integer("fold-limit", in: 0...1 << 40))
  }

  /// "input=1,3,224,224", repeated.
  private func inputShapes() throws(UsageError) -> [String: [Int]] {
    var shapes: [String: [Int]] = [:]
    for text in values("input-shape") {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      let shape = parts.count == 2 ? parts[1].split(separator: ",").map { Int($0) ?? 0 } : []
      guard !shape.isEmpty, shape.allSatisfy({ $0 > 0 }) else {
        throw UsageError("--input-shape: got \"\(text)\", expected NAME=1,3,224,224")
      }
      shapes[parts[0]] = shape
    }
    return shapes
  }
}
