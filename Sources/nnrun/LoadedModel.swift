import CommandLineSupport
import NNQFormat
import NNQInput
import NNQRuntime

/// A model with a session to run it, and how long it took from file to ready.
struct LoadedModel {
  let model: Model
  let session: Session
  let loadMilliseconds: Double

  init(_ options: RunOptions) throws {
    let clock = Stopwatch()
    do {
      model = try Model(contentsOf: options.modelPath, threads: options.threads)
      session = try Session(model, threads: options.threads, isa: options.isa, keeping: options.dumps.map(\.tensor))
    } catch {
      throw ModelError(path: options.modelPath, cause: error)
    }
    loadMilliseconds = clock.milliseconds
  }

  /// The samples that the command line names, and how they become inputs of the model.
  func inputs(_ options: RunOptions) throws -> ModelInputs {
    let netInputs = model.inputs.map { NetInput($0, layout: options.preprocessing.layout) }
    let channels = netInputs.first?.extent?.channels
    let rules = try channels.map { try options.preprocessing.applied(to: model.preprocessing, channels: $0) }
    let source = try SampleSource(options.inputs, inputs: netInputs, preprocessing: rules)
    return ModelInputs(source: source, ports: model.inputs, batch: batch)
  }

  /// Samples to run at a time: as many as keep the activations within 64 MiB.
  private var batch: Int {
    let itemByteCount = max(1, Int(clamping: model.cost.activationByteCount))
    return max(1, min(64, (64 << 20) / itemByteCount))
  }
}

extension NetInput {
  /// - Parameter layout: of the caller's arrays; nil for the net's own.
  init(_ port: PortDescription, layout: Port.Layout?) {
    let shape = Array(port.shape.dropFirst())
    self.init(name: port.name, shape: shape, layout: port.layout)
    guard let layout, let extent else { return }
    self.layout = layout
    self.shape =
      switch layout {
      case .channelsFirst: [extent.channels, extent.height, extent.width]
      case .asStored: [extent.height, extent.width, extent.channels]
      }
  }
}
