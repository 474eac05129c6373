import CommandLineSupport
import NNQFormat

/// What a command line says about 8-bit pictures; it goes before what a model stores.
package struct PreprocessingOptions: Equatable, Sendable {
  package var mean: [Float]?
  package var std: [Float]?
  package var colorOrder: Preprocessing.ColorOrder?
  package var resize: Preprocessing.Resize?
  package var layout: Port.Layout?

  /// The lines of both commands' argument tables.
  package static let options: [Option] = [
    .value("mean", "R,G,B", "subtracted from pixels, on the 0...255 scale; one value or one per channel"),
    .value("std", "R,G,B", "pixels are divided by this after the subtraction"),
    .value("layout", "nchw|nhwc", "axis order of the net's picture input"),
    .value("color", "rgb|bgr|gray", "order of the net's channels"),
    .value("resize", "stretch|crop:S", "fit pictures by stretching, or scale the shorter side to S and cut out the centre"),
  ]

  package init(_ arguments: ParsedArguments) throws(UsageError) {
    mean = try arguments.numbers("mean")
    std = try arguments.numbers("std")
    if let std, !std.allSatisfy({ $0 >= Float.leastNormalMagnitude }) { throw UsageError("--std: got \(std), expected positive numbers") }
    colorOrder = try arguments.choice("color", as: ColorName.self)?.colorOrder
    layout = try arguments.choice("layout", as: LayoutName.self)?.layout
    if let text = arguments.value("resize") {
      guard let resize = Preprocessing.Resize(text) else {
        throw UsageError("--resize: got \"\(text)\", expected stretch or crop:S with S = 1...65536")
      }
      self.resize = resize
    }
  }

  private enum ColorName: String, CaseIterable {
    case rgb, bgr, gray

    var colorOrder: Preprocessing.ColorOrder {
      switch self {
      case .rgb: .rgb
      case .bgr: .bgr
      case .gray: .gray
      }
    }
  }

  private enum LayoutName: String, CaseIterable {
    case nchw, nhwc

    var layout: Port.Layout { self == .nchw ? .channelsFirst : .asStored }
  }

  /// - Parameters:
  ///   - stored: what the model says; without it, pixels are taken as 0...255 and stretched.
  ///   - channels: those of the net's first input.
  /// - Throws: if mean or std has neither one value nor one for each channel.
  package func applied(to stored: Preprocessing?, channels: Int) throws(UsageError) -> Preprocessing {
    var result = stored ?? .identity(channels: channels)
    if let mean { result.mean = try perChannel(mean, "mean", channels) }
    if let std { result.std = try perChannel(std, "std", channels) }
    if let colorOrder {
      guard (colorOrder == .gray) == (channels == 1) else { throw UsageError("--color \(colorOrder) does not fit \(channels) channels") }
      result.colorOrder = colorOrder
    }
    if let resize { result.resize = resize }
    return result
  }

  private func perChannel(_ values: [Float], _ option: String, _ channels: Int) throws(UsageError) -> [Float] {
    if values.count == channels { return values }
    guard values.count == 1 else {
      throw UsageError("--\(option): got \(values.count) values, expected \(channels == 1 ? "1" : "1 or \(channels)")")
    }
    return [Float](repeating: values[0], count: channels)
  }
}

extension Preprocessing.Resize {
  /// "stretch" or "crop:256".
  fileprivate init?(_ text: String) {
    if text == "stretch" {
      self = .stretch
    } else if text.hasPrefix("crop:"), let shorter = Int(text.dropFirst(5)), (1...65536).contains(shorter) {
      self = .shorterSideThenCrop(shorter)
    } else {
      return nil
    }
  }
}

extension Preprocessing {
  /// Pixels taken as 0...255, stretched to the net's size: what holds when a model and a command line say nothing.
  package static func identity(channels: Int) -> Preprocessing {
    Preprocessing(
      colorOrder: channels == 1 ? .gray : .rgb, resize: .stretch, mean: Array(repeating: 0, count: channels),
      std: Array(repeating: 1, count: channels))
  }
}
