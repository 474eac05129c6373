/// What becomes of the elements that a reduction brings together.
public enum FloatReduction: Int, Sendable {
  case mean = 0
  case sum
  case max
  case min
}
