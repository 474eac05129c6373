import CommandLineSupport
import NNQConvert
import NNQFloat
import NNQFormat
import NNQInput
import NNQONNX
import NNQRuntime

/// What the tool says about a library's error, and its exit code.
func describe(_ error: any Error) -> CommandError {
  switch error {
  case let error as InputError: error.commandError
  case let error as ConvertError: CommandError(error.exitCode, "\(error)")
  case let error as ImportError: CommandError(.badData, "\(error)")
  case let error as FormatError: CommandError(.badData, "\(error)")
  case let error as FloatGraphError: CommandError(.badData, "\(error)")
  case let error as RuntimeError: CommandError(.internalError, "the converted model does not run: \(error)")
  default: CommandError(.internalError, "\(error)")
  }
}

extension ConvertError {
  fileprivate var exitCode: ExitCode {
    switch code {
    case .badOption: .usage
    case .scratch: .cannotCreate
    case .unsupported, .badSample, .badPlan, .badModel: .badData
    }
  }
}
