import NNQFormat

/// An input of a net, as the outside sees it: the axes of one sample, without the batch axis.
package struct NetInput: Equatable, Sendable {
  package var name: String
  package var shape: [Int]
  /// channelsFirst: the axes are C,H,W; asStored: H,W,C. Of no meaning for other ranks than 3.
  package var layout: Port.Layout

  package init(name: String, shape: [Int], layout: Port.Layout) {
    self.name = name
    self.shape = shape
    self.layout = layout
  }

  package var elementCount: Int { shape.reduce(1, *) }

  /// The picture that fits this input; nil if the input is no picture (other ranks than 3).
  package var extent: ImageExtent? {
    guard shape.count == 3 else { return nil }
    return switch layout {
    case .channelsFirst: ImageExtent(height: shape[1], width: shape[2], channels: shape[0])
    case .asStored: ImageExtent(height: shape[0], width: shape[1], channels: shape[2])
    }
  }
}

extension Port.Layout {
  /// What an axis order usually is that nobody declared: channels last if only the last axis can be channels (1, 3 or 4).
  package static func guess(shape: [Int]) -> Port.Layout {
    guard shape.count == 3, [1, 3, 4].contains(shape[2]), ![1, 3, 4].contains(shape[0]) else { return .channelsFirst }
    return .asStored
  }
}

/// One input's part of a sample.
package enum SampleValue: Equatable, Sendable {
  /// 8-bit pixels of the input's extent, still to be normalised.
  case pixels(Pixels)
  /// The net's own real input, in the axis order of `NetInput.shape`.
  case real([Float])
}

/// What a net takes for one inference.
package struct Sample: Equatable, Sendable {
  /// For messages and results: "cat.jpg", "images.npy[12]".
  package var name: String
  /// One for each input of the net, in its order.
  package var values: [SampleValue]
}
