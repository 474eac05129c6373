import Testing

@testable import NNQConvert

@Suite struct WeightGroupsTests {
  /// 6 input channels under a window of two positions, whose weights lie channel by channel.
  private func groups(_ pattern: PrunePattern) -> WeightGroups {
    WeightGroups(pattern, order: (0..<2).flatMap { position in (0..<6).map { $0 * 2 + position } }, channelCount: 6)
  }

  @Test func neighboursAreChannelsAtOnePosition() {
    #expect(groups(.block4).columns == [[0, 2, 4, 6], [8, 10], [1, 3, 5, 7], [9, 11]])
    #expect(groups(.weights).columns.allSatisfy { $0.count == 1 })
    #expect(groups(.weights).columns.flatMap(\.self).sorted() == Array(0..<12))
  }

  @Test func cutsLeaveGroupsWhole() {
    #expect(groups(.block4).cuts == [0, 8, 12])
    #expect(groups(.weights).cuts == Array(0...12))
    #expect(groups(.block4)[8..<12].columns == [[0, 2], [1, 3]])
  }

  @Test func piecesEndAtCuts() {
    let pieces = WeightPiece.list(channelCount: 6, groupCount: 2, cuts: [0, 4, 8, 12], depthLimit: 6)
    #expect(pieces.map(\.rows) == [0..<3, 0..<3, 3..<6, 3..<6])
    #expect(pieces.map(\.columns) == [0..<4, 4..<12, 0..<4, 4..<12])
  }

  @Test func blocksShareTheirMean() {
    let scores = groups(.block4).leveled([1, 0, 2, 0, 3, 0, 6, 0, 5, 4, 9, 4])
    #expect(scores == [3, 0, 3, 0, 3, 0, 3, 0, 7, 4, 7, 4])
  }

  @Test func ofFourNeighboursTheTwoOfLeastScoreAlwaysGo() {
    let scores = groups(.nm2of4).leveled([1, 0, 2, 0, 3, 0, 1, 5, 5, 4, 9, 4])
    let gone = -Float.infinity
    #expect(scores == [gone, gone, 2, gone, 3, 0, gone, 5, 5, 4, 9, 4])
    #expect(groups(.nm2of4).leastShare == 1.0 / 3)
    #expect(groups(.block4).leastShare == 0)
  }

  /// Two output channels.
  @Test(arguments: PrunePattern.allCases, [1, 3, 4, 11, 24])
  func asManyGoAsAreAskedForAndWhatGoesWithThem(pattern: PrunePattern, count: Int) {
    let groups = groups(pattern)
    let scores = (0..<24).map { Float($0 * 7 % 12) }
    let isKept = groups.kept(groups.leveled(scores), removing: count)
    let removed = isKept.count { !$0 }
    switch pattern {
    case .weights, .filters: #expect(removed == count)
    case .block4:
      #expect(removed >= count && removed < count + 4)
      for row in 0..<2 { for group in groups.columns { #expect(Set(group.map { isKept[row * 12 + $0] }).count == 1) } }
    case .nm2of4:
      #expect(removed == max(count, 8))
      for row in 0..<2 { for group in groups.columns { #expect(group.count { isKept[row * 12 + $0] } <= 2) } }
    }
    #expect(groups.kept(scores, removing: 0).allSatisfy { $0 })
  }
}
