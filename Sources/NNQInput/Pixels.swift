/// An 8-bit picture: rows from the top, channels interleaved (HWC).
package struct Pixels: Equatable, Sendable {
  package var extent: ImageExtent
  package var samples: [UInt8]

  /// - Precondition: `samples.count` is that of the extent.
  package init(extent: ImageExtent, samples: [UInt8]) {
    precondition(samples.count == extent.sampleCount, "\(samples.count) samples for \(extent)")
    self.extent = extent
    self.samples = samples
  }
}

package struct ImageExtent: Equatable, Sendable {
  package var height: Int
  package var width: Int
  package var channels: Int

  package init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  var sampleCount: Int { height * width * channels }
}
