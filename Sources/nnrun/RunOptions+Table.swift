import CommandLineSupport
import NNQInput

extension RunOptions {
  static let table = ArgumentTable(
    tool: "nnrun", summary: "runs a compressed net on real inputs, with integers from input to output",
    usages: [
      "[options] MODEL.nnq INPUT...", "--bench|--profile [options] MODEL.nnq [INPUT...]", "--info|--verify [options] MODEL.nnq",
      "--list-isa [--json]",
    ],
    options: results + measurements + [
      .value("threads", "N", "threads of a run (default 1)"),
      .value("isa", "NAME", "instruction set of the kernels (default: the best of this machine)"),
      .flag("list-isa", "list the instruction sets this machine runs, best last"),
    ] + PreprocessingOptions.options,
    notes: [
      """
      INPUT is a .npy, .npz, IDX (also .gz), PNG, JPEG, PGM or PPM file, raw elements (.f32, .raw, .bin: float32; .u8: bytes), a \
      folder of pictures or .npy files, or - for the standard input. A net of several inputs takes NAME=PATH for each, or one .npz. \
      Pictures and uint8 arrays are pixels and pass through the model's preprocessing; other arrays are the net's own input. A \
      leading axis of an array is a batch.
      """
    ],
    examples: [
      .init("nnrun net.nnq cat.jpg", "the five best classes of a picture"),
      .init("nnrun net.nnq test.npy --expect labels.npy --json", "accuracy on labelled data, for machines"),
      .init("nnrun net.nnq batch.npy --output out.npy", "the net's outputs as real numbers"),
      .init("nnrun --bench --threads 2 net.nnq", "latency of one inference"),
    ])

  private static let results: [Option] = [
    .value("top-k", "K", "classes to print for each input (default 5)"),
    .value("labels", "FILE", "names of the classes, one a line (default: those in the model)"),
    .value("expect", "FILE|DIR", "right classes as .npy, IDX, text, or a folder of files named by class; prints the accuracy"),
    .value("output", "OUT.npy", "write the output of all inputs; .npz by output name if there are several"),
    .flag("raw", "give integers instead of real values"),
    .value("dump-layer", "NAME=OUT.npy", "write an inner tensor", isRepeatable: true),
    .flag("json", "print results as JSON"),
    .flag("force", "replace existing files"),
    .flag("info", "describe the model without running it"),
    .flag("verify", "run the model's self-test"),
    .flag("reference", "with --verify: by the specification's slow executor instead of the kernels"),
  ]

  private static let measurements: [Option] = [
    .flag("bench", "measure one inference: float input to float output"),
    .value("runs", "N", "runs to measure, at least (default 20)"),
    .value("warmup", "N", "runs before them (default 10)"),
    .value("min-seconds", "S", "time to measure, at least (default 1)"),
    .flag("profile", "time each step, on one thread"),
  ]
}
