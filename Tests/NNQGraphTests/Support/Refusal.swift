import NNQGraph
import Testing

/// What a graph is refused for. The words of `got` and `expected` are for people.
struct Refusal: Equatable {
  var code: GraphError.Code
  var location: String

  init(_ code: GraphError.Code, at location: String) {
    self.code = code
    self.location = location
  }
}

extension Graph {
  /// Nil for a legal graph.
  var refusal: Refusal? { Refusal { () throws(GraphError) in try validate() } }
}

extension Refusal {
  /// Nil when `body` throws nothing.
  init?(_ body: () throws(GraphError) -> Void) {
    do { try body() } catch {
      self.init(error.code, at: error.location)
      return
    }
    return nil
  }
}
