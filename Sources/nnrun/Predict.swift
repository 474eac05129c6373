import CommandLineSupport
import NNQInput
import NNQRuntime

/// Runs all samples and prints what the net says about each, the accuracy, or both.
func predict(_ options: RunOptions, _ log: Log) throws {
  let loaded = try LoadedModel(options)
  let inputs = try loaded.inputs(options)
  var arrays = try OutputArrays(options, loaded.model)
  var report = try PredictionReport(options, loaded.model)
  log.detail(
    "loaded in \(fixed(loaded.loadMilliseconds, 2)) ms; \(options.isa), \(options.threads) thread(s), up to \(inputs.batch) at a time")
  if loaded.model.preprocessing == nil, options.preprocessing.mean == nil, options.preprocessing.std == nil, try inputs.startsWithPixels() {
    log.warning("the model stores no preprocessing: pixels are taken as 0...255; give --mean and --std")
  }
  let sampleCount = try inputs.source.countSamples()
  try report.expect(sampleCount: sampleCount)

  var reader = inputs.makeReader()
  var progress = Progress("running", total: sampleCount, log: log)
  while let batch = try reader.next() {
    try loaded.session.setInputs(batch.tensors)
    loaded.session.runInPlace()
    try arrays.collect(loaded.session)
    try report.add(batch.names, loaded.session)
    progress.advance(by: batch.names.count)
  }
  progress.finish()
  try arrays.write()
  print(report.output.printable)
}
