import NNQFloat

/// A ratio of powers in decibels; -infinity for 0.
func decibels(_ ratio: Double) -> Double { 10 * DeterministicMath.log2(ratio) * 0.30102999566398120 }
