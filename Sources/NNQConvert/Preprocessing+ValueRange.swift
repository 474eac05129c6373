import NNQFormat

extension Preprocessing {
  /// What 0...255 becomes, over all channels; holds zero.
  public var valueRange: ClosedRange<Float> {
    let dark = zip(mean, std).map { (0 - $0) / $1 }
    let bright = zip(mean, std).map { (255 - $0) / $1 }
    let ends = dark + bright + [0]
    return (ends.min() ?? 0)...(ends.max() ?? 0)
  }
}
