/// Spec: operators.md 2 and 3.
enum Opcode: UInt16, CaseIterable {
  case conv2D = 1
  case dense = 2
  case add = 3
  case maxPool = 4
  case averagePool = 5
  case softmax = 6
  case table = 7
  case pad = 8
  case slice = 9
  case reshape = 10
  case concat = 11
  case multiply = 12
  case maximum = 13
  case minimum = 14
  case requantize = 15
  case transpose = 16
  case take = 17
  case resize = 18
  case gather = 19
  case reduce = 20
  case matMul = 21
  case layerNorm = 22
}
