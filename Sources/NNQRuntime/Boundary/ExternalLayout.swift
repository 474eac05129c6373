import NNQFormat

/// How the elements of an activation lie in a caller's array: distances in elements.
struct ExternalLayout {
  let imageStride: Int
  let rowStride: Int
  let columnStride: Int
  let channelStride: Int

  init(_ layout: ActivationLayout, order: Port.Layout) {
    imageStride = layout.height * layout.width * layout.channels
    switch order {
    case .asStored: (rowStride, columnStride, channelStride) = (layout.width * layout.channels, layout.channels, 1)
    case .channelsFirst: (rowStride, columnStride, channelStride) = (layout.width, 1, layout.height * layout.width)
    }
  }
}

extension ActivationLayout {
  var elementCount: Int { pixelCount * channels }

  /// Calls `body` with the place of each element in the arena (bytes from the activation's start) and in a caller's array
  /// (elements).
  func forEachElement(order: Port.Layout, _ body: (_ byteOffset: Int, _ index: Int) -> Void) {
    let external = ExternalLayout(self, order: order)
    var pixelOffset = 0
    for image in 0..<imageCount {
      for row in 0..<height {
        for column in 0..<width {
          let pixelIndex = image * external.imageStride + row * external.rowStride + column * external.columnStride
          for channel in 0..<channels {
            body(pixelOffset + channel * elementByteCount, pixelIndex + channel * external.channelStride)
          }
          pixelOffset += pixelStride
        }
      }
    }
  }
}
