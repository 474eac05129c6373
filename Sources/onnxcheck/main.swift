// onnxcheck runs test cases in the layout of onnx.backend.test, each a folder of a model with inputs and the outputs that another
// implementation gives, through the float executor and through an integer model, and prints a line of JSON for each. It is the
// engine of scripts/onnx-conformance, not a product.

import CommandLineSupport

for folder in CommandLine.arguments.dropFirst() {
  do {
    print(try TestCase(folder: folder).report.line)
  } catch {
    print((["case": .string(folder), "error": .string("\(error)")] as JSON).line)
  }
}
