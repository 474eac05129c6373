import NNQFormat

/// The elements of a picture in another order of axes.
package func reordered(_ values: [Float], _ extent: ImageExtent, from source: Port.Layout, to target: Port.Layout) -> [Float] {
  let plane = extent.height * extent.width
  switch (source, target) {
  case (.asStored, .channelsFirst):
    return (0..<extent.channels).flatMap { c in (0..<plane).map { values[$0 * extent.channels + c] } }
  case (.channelsFirst, .asStored):
    return (0..<plane).flatMap { i in (0..<extent.channels).map { values[$0 * plane + i] } }
  case (.asStored, .asStored), (.channelsFirst, .channelsFirst):
    return values
  }
}
