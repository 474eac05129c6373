import NNQFormat

/// Turns a picture of any size and colours into the pixels of a net's input. Spec: format.md 6.2.
struct PixelPreparation: Equatable, Sendable {
  var target: ImageExtent
  var colorOrder: Preprocessing.ColorOrder
  var resize: Preprocessing.Resize

  /// - Throws: `mismatch` if the colours or the crop cannot give the net's channels and size; `tooLarge` for a picture so
  ///   slim that enlarging it exceeds `limits.pixelCount`.
  func prepare(_ pixels: Pixels, file: String, limits: InputLimits) throws(InputError) -> Pixels {
    let colored = try withNetColors(pixels, file: file)
    let window = try window(of: colored.extent, file: file)
    guard max(window.scaledHeight, window.scaledWidth) <= 1 << 30,
      colored.extent.height <= limits.pixelCount / max(1, window.columns.count)
    else { throw InputError(.tooLarge, file, "picture of \(pixels.extent.width)x\(pixels.extent.height) is too slim to be resized") }
    return colored.resampled(window)
  }

  private func window(of extent: ImageExtent, file: String) throws(InputError) -> ResampledWindow {
    guard case .shorterSideThenCrop(let shorter) = resize else {
      return ResampledWindow(scaledHeight: target.height, scaledWidth: target.width, keeping: target.height, target.width)
    }
    guard shorter >= target.height, shorter >= target.width else {
      throw InputError(
        .mismatch, file, "resize", got: "shorter side \(shorter)", expected: "at least the net's \(target.width)x\(target.height)")
    }
    // The shorter side becomes exactly `shorter`, the longer one is rounded down. `shorter` is a u32 of the format.
    let side = min(extent.height, extent.width)
    return ResampledWindow(
      scaledHeight: extent.height * shorter / side, scaledWidth: extent.width * shorter / side, keeping: target.height, target.width)
  }

  /// Pictures are gray or RGB; arrays of other channel counts pass if they have the net's.
  private func withNetColors(_ pixels: Pixels, file: String) throws(InputError) -> Pixels {
    switch (pixels.extent.channels, target.channels) {
    case (1, 3): return pixels.repeated(3)
    case (3, 1): return pixels.gray
    case (3, 3): return colorOrder == .bgr ? pixels.reversedChannels : pixels
    case (let own, let net) where own == net: return pixels
    default: throw InputError(.mismatch, file, "channels", got: "\(pixels.extent.channels)", expected: "\(target.channels)")
    }
  }
}

extension Pixels {
  /// ITU-R BT.601 luma in 16-bit fixed point.
  var gray: Pixels {
    let luma = stride(from: 0, to: samples.count, by: 3).map { i -> UInt8 in
      let red = 19595 * Int(samples[i])
      let green = 38470 * Int(samples[i + 1])
      let blue = 7471 * Int(samples[i + 2])
      return UInt8((red + green + blue + 0x8000) >> 16)
    }
    return Pixels(extent: ImageExtent(height: extent.height, width: extent.width, channels: 1), samples: luma)
  }

  func repeated(_ channels: Int) -> Pixels {
    Pixels(
      extent: ImageExtent(height: extent.height, width: extent.width, channels: channels),
      samples: samples.flatMap { repeatElement($0, count: channels) })
  }

  /// RGB to BGR and back.
  var reversedChannels: Pixels {
    var result = self
    for i in stride(from: 0, to: samples.count, by: 3) { result.samples.swapAt(i, i + 2) }
    return result
  }
}
