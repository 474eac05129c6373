import Testing

@testable import NNQInput

@Suite struct PixelPreparationTests {
  let source = Pixels(
    extent: ImageExtent(height: 5, width: 7, channels: 1),
    samples: [
      192, 83, 112, 60, 144, 128, 163, 23, 129, 80, 134, 101, 204, 191, 174, 47, 71, 30, 78, 99, 237, 170, 118, 88, 252, 121, 116, 171, 134,
      141, 146, 101, 25, 125, 127,
    ])

  /// Pillow's Image.resize((width, height), BILINEAR).
  @Test(
    arguments: [
      (3, 4, [116, 102, 152, 88, 92, 163, 117, 121, 140, 138, 115, 112]),
      (7, 2, [118, 95, 88, 92, 110, 152, 192, 153, 110, 102, 148, 80, 119, 173]),
      (3, 5, [128, 97, 144, 81, 117, 177, 98, 56, 144, 130, 167, 137, 140, 97, 104]),
      (
        10, 9,
        [
          192, 132, 90, 111, 78, 89, 143, 132, 144, 163, 136, 115, 99, 101, 90, 100, 131, 147, 162, 172, 42, 87, 114, 85, 111, 118, 110,
          173,
          192, 188, 90, 91, 89, 77, 83, 89, 94, 141, 182, 211, 174, 104, 53, 70, 44, 47, 79, 94, 161, 237, 172, 125, 85, 81, 128, 135, 102,
          107, 150, 200, 166, 141, 114, 95, 186, 191, 111, 115, 139, 166, 146, 139, 132, 127, 143, 118, 60, 106, 131, 142, 134, 138, 142,
          146,
          117, 74, 30, 100, 126, 127,
        ]
      ),
    ] as [(Int, Int, [UInt8])])
  func resamplesAsPillowDoes(width: Int, height: Int, samples: [UInt8]) throws {
    let target = ImageExtent(height: height, width: width, channels: 1)
    let preparation = PixelPreparation(target: target, colorOrder: .gray, resize: .stretch)
    #expect(try preparation.prepare(source, file: "a", limits: InputLimits()) == Pixels(extent: target, samples: samples))
  }

  /// Beyond 2^20 taps the share of one is less than the error of rounding all.
  @Test(arguments: [(7, 3), (2, 5), (1_060_000, 1), (1_040_000, 2)])
  func weightsAreNotNegativeAndSumToOne(source: Int, target: Int) {
    for taps in FilterTaps.bilinear(from: source, to: target, 0..<target) {
      #expect(taps.weights.allSatisfy { $0 >= 0 })
      #expect(taps.weights.reduce(0, +) == 1 << 22)
    }
  }

  @Test func cropsTheMiddleOfTheScaledPicture() throws {
    let target = ImageExtent(height: 4, width: 4, channels: 1)
    let cropped = PixelPreparation(target: target, colorOrder: .gray, resize: .shorterSideThenCrop(4))
    // 7x5 becomes 5x4, of which the columns 0...3 are kept.
    let scaled = source.resampled(ResampledWindow(scaledHeight: 4, scaledWidth: 5, keeping: 4, 5))
    let expected = (0..<4).flatMap { scaled.samples[$0 * 5..<$0 * 5 + 4] }
    #expect(try cropped.prepare(source, file: "a", limits: InputLimits()).samples == expected)
  }

  @Test func keepsAPictureThatFits() throws {
    let preparation = PixelPreparation(target: source.extent, colorOrder: .gray, resize: .shorterSideThenCrop(7))
    let square = Pixels(extent: ImageExtent(height: 7, width: 7, channels: 1), samples: Array(0..<49))
    #expect(try preparation.prepare(square, file: "a", limits: InputLimits()).samples == Array(square.samples[7..<42]))
  }

  @Test func convertsColors() throws {
    let rgb = Pixels(extent: ImageExtent(height: 2, width: 3, channels: 3), samples: ImageDecoderTests.rgb)
    func prepare(_ pixels: Pixels, channels: Int, bgr: Bool = false) throws -> [UInt8] {
      let target = ImageExtent(height: pixels.extent.height, width: pixels.extent.width, channels: channels)
      let preparation = PixelPreparation(target: target, colorOrder: bgr ? .bgr : .rgb, resize: .stretch)
      return try preparation.prepare(pixels, file: "a", limits: InputLimits()).samples
    }
    #expect(try prepare(rgb, channels: 1) == [176, 184, 187, 95, 55, 235])
    #expect(try prepare(rgb, channels: 3, bgr: true).prefix(3) == [193, 244, 37])
    #expect(try prepare(source, channels: 3).prefix(6) == [192, 192, 192, 83, 83, 83])
    #expect(throws: InputError(.mismatch, "a", "channels", got: "3", expected: "2")) { _ = try prepare(rgb, channels: 2) }
  }

  @Test func refusesPicturesTooSlimToResize() {
    let line = Pixels(extent: ImageExtent(height: 1, width: 4000, channels: 1), samples: [UInt8](repeating: 0, count: 4000))
    let target = ImageExtent(height: 8, width: 8, channels: 1)
    let preparation = PixelPreparation(target: target, colorOrder: .gray, resize: .shorterSideThenCrop(1 << 31))
    #expect(throws: InputError(.tooLarge, "a", "picture of 4000x1 is too slim to be resized")) {
      _ = try preparation.prepare(line, file: "a", limits: InputLimits())
    }
  }

  @Test func normalizesInSinglePrecision() {
    let pixels = Pixels(extent: ImageExtent(height: 1, width: 2, channels: 3), samples: [0, 1, 2, 253, 254, 255])
    let (mean, std): ([Float], [Float]) = ([123.675, 116.28, 103.53], [58.395, 57.12, 57.375])
    func real(_ value: Float, _ c: Int) -> Float { (value - mean[c]) / std[c] }
    let expected = [real(0, 0), real(1, 1), real(2, 2), real(253, 0), real(254, 1), real(255, 2)]
    #expect(pixels.normalized(mean: mean, std: std, layout: .asStored) == expected)
    #expect(pixels.normalized(mean: mean, std: std, layout: .channelsFirst) == [0, 3, 1, 4, 2, 5].map { expected[$0] })
  }
}
