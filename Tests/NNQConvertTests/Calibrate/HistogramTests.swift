import TestSupport
import Testing

@testable import NNQConvert

extension Histogram {
  init(_ values: [Float]) {
    self.init()
    values.withUnsafeBufferPointer { add($0) }
  }
}

@Suite struct HistogramTests {
  @Test func countsEveryFiniteValueOnce() {
    let histogram = Histogram([0.5, -0.25, .nan, 0, .infinity, 0.5, -.infinity])
    #expect(histogram.totalCount == 4)
    #expect([histogram.minimum, histogram.maximum] == [-0.25, 0.5])
    let occupied = histogram.counts.indices.filter { histogram.counts[$0] > 0 }
    #expect(occupied.map { histogram.counts[$0] } == [1, 1, 2])
    for (bin, value) in zip(occupied, [-0.25, 0, 0.5]) {
      #expect(abs(histogram.center(of: bin) - value) <= histogram.binWidth / 2)
    }
  }

  @Test(arguments: [(0.5, 1.0), (1.0, 2.0), (3.9, 4.0), (-8.0, 16.0)] as [(Float, Double)])
  func itsRadiusIsTheSmallestPowerOfTwoBeyondTheValues(value: Float, radius: Double) {
    #expect(Histogram([value]).radius == radius)
  }

  @Test func growingKeepsCountsInTheirPlaces() {
    var random = SeededRandom(seed: 5)
    let values = (0..<500).map { _ in Float.random(in: -1...1, using: &random) }
    var grown = Histogram(values)
    grown.merge(Histogram([100]))
    // Bins as they are when the radius was 128 from the start.
    let direct = Histogram(values + [100])
    #expect(grown.radius == 128)
    #expect(grown.counts == direct.counts)
  }

  @Test func mergingDoesNotDependOnTheOrder() {
    var random = SeededRandom(seed: 6)
    let parts = [1e-7, 1, 0.03, 4000, 1e-3].map { magnitude in
      Histogram((0..<50).map { _ in Float.random(in: -1...1, using: &random) * magnitude })
    }
    func merged(_ order: [Int]) -> Histogram {
      var sum = Histogram()
      for index in order { sum.merge(parts[index]) }
      return sum
    }
    let expected = merged([0, 1, 2, 3, 4])
    #expect(expected.totalCount == 250)
    for order in [[4, 3, 2, 1, 0], [3, 0, 4, 1, 2], [2, 4, 1, 0, 3]] {
      let histogram = merged(order)
      #expect(histogram.counts == expected.counts)
      #expect([histogram.minimum, histogram.maximum] == [expected.minimum, expected.maximum])
    }
  }

  @Test func anEmptyOneChangesNothing() {
    var histogram = Histogram([1, 2])
    histogram.merge(Histogram([.nan]))
    #expect(histogram.counts == Histogram([1, 2]).counts)
    #expect(histogram.radius == 4)
  }

  @Test func holdsTheSmallestAndLargestNumbers() {
    let histogram = Histogram([.greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, 0])
    #expect(histogram.totalCount == 4)
    #expect(histogram.radius == 0x1p128)
    #expect(histogram.counts[0] == 1)
    #expect(histogram.counts[Histogram.binCount - 1] == 1)
  }
}
