import CommandLineSupport
import NNQFormat
import NNQInput

extension PreprocessingOptions {
  /// The model's, changed as the command line says; nil when neither speaks of pictures.
  func preprocessing(of input: NetInput, stored: Preprocessing?) throws(UsageError) -> Preprocessing? {
    guard mean != nil || std != nil || colorOrder != nil || resize != nil else { return stored }
    guard let channels = input.extent?.channels, channels <= 4 else {
      throw UsageError("--mean, --std, --color and --resize are for nets whose first input is a picture of 1 to 4 channels")
    }
    return try applied(to: stored, channels: channels)
  }
}
