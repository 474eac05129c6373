import CommandLineSupport
import NNQInput
import NNQRuntime

/// The arrays that `--output` and `--dump-layer` ask for: collected run by run, written at the end.
struct OutputArrays {
  private let isRaw: Bool
  private let outputFile: OutputFile?
  private let isArchive: Bool
  private let outputNames: [String]
  private let dumps: [(tensor: String, file: OutputFile)]
  private var outputs: [ArrayCollector]
  private var layers: [ArrayCollector]

  /// Checks all places before the first run.
  init(_ options: RunOptions, _ model: Model) throws {
    isRaw = options.isRaw
    outputNames = model.outputs.map(\.name)
    isArchive = options.outputPath?.hasSuffix(".npz") ?? false
    if let path = options.outputPath {
      guard isArchive || path.hasSuffix(".npy") else {
        throw UsageError("--output: got \"\(path)\", expected a name ending in .npy or .npz")
      }
      guard isArchive || outputNames.count == 1 else {
        throw UsageError("--output: the model has \(outputNames.count) outputs, which need an .npz")
      }
      outputFile = try OutputFile(path, replacing: options.isForced)
    } else {
      outputFile = nil
    }
    dumps = try options.dumps.map { ($0.tensor, try OutputFile($0.path, replacing: options.isForced)) }
    try Self.requireApart([outputFile].compactMap { $0 } + dumps.map(\.file))
    outputs = Array(repeating: ArrayCollector(), count: outputNames.count)
    layers = Array(repeating: ArrayCollector(), count: dumps.count)
  }

  /// Each array needs a file of its own.
  private static func requireApart(_ files: [OutputFile]) throws(UsageError) {
    for (index, file) in files.enumerated() {
      guard let earlier = files[..<index].first(where: { file.isSamePlace(as: $0.path) }) else { continue }
      throw UsageError("--dump-layer: got \(file.path), which is to hold another array already (\(earlier.path))")
    }
  }

  /// Takes the tensors of the session's last run.
  mutating func collect(_ session: Session) throws(RuntimeError) {
    for (index, dump) in dumps.enumerated() {
      if isRaw {
        layers[index].add(try session.rawTensor(named: dump.tensor))
      } else {
        layers[index].add(try session.floatTensor(named: dump.tensor))
      }
    }
    guard outputFile != nil else { return }
    let floats = isRaw ? [:] : try session.floatOutputs()
    let integers = isRaw ? session.rawOutputs() : [:]
    for (index, name) in outputNames.enumerated() {
      if let tensor = floats[name] { outputs[index].add(tensor) }
      if let tensor = integers[name] { outputs[index].add(tensor) }
    }
  }

  func write() throws(CommandError) {
    for (dump, layer) in zip(dumps, layers) { try dump.file.write(npyBytes(layer.array)) }
    guard let outputFile else { return }
    let arrays = zip(outputNames, outputs).map { (name: $0, array: $1.array) }
    try outputFile.write(isArchive ? npzBytes(arrays) : npyBytes(arrays[0].array))
  }
}
