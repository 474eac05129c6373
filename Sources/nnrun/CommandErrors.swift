import CommandLineSupport
import NNQFormat
import NNQGraph
import NNQInput
import NNQRuntime

/// An error while the model's file was read or planned; the libraries do not know its name.
struct ModelError: Error {
  var path: String
  var cause: RuntimeError
}

/// What nnrun says about an error of a library, and how it ends.
func commandError(_ error: any Error) -> CommandError {
  switch error {
  case let error as InputError: error.commandError
  case let error as ModelError: CommandError(error.cause.exitCode, "\(error.path): \(error.cause)")
  case let error as RuntimeError: CommandError(error.exitCode, "\(error)")
  default: CommandError(.internalError, "\(error)")
  }
}

extension RuntimeError {
  fileprivate var exitCode: ExitCode {
    switch self {
    case .format(let error): error.code == .ioError ? .noInput : .badData
    case .graph, .duplicatePortName, .wrongShape, .wrongElementCount, .wrongElementType, .indexOutOfRange, .mixedBatches,
      .noPreprocessing, .noSelfTest:
      .badData
    case .unknownISA, .unavailableISA, .invalidThreadCount, .unknownInput, .missingInput, .tensorNotKept: .usage
    case .limitExceeded, .outOfMemory, .threadNotStarted: .failure
    case .invalidBatch: .internalError
    }
  }
}
