public struct Extent2D: Equatable, Sendable {
  public var height: Int
  public var width: Int

  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }
}

extension Extent2D {
  var attributes: [Int32] { [height, width].map { Int32(clamping: $0) } }
}

public struct Padding2D: Equatable, Sendable {
  public var top: Int
  public var left: Int
  public var bottom: Int
  public var right: Int

  public init(top: Int, left: Int, bottom: Int, right: Int) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  public static let none = Padding2D(top: 0, left: 0, bottom: 0, right: 0)
}

extension Padding2D {
  var attributes: [Int32] { [top, left, bottom, right].map { Int32(clamping: $0) } }
}
