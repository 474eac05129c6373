import CommandLineSupport
import NNQInput

extension ArgumentTable {
  static let nnconv = ArgumentTable(
    tool: "nnconv", summary: "prunes and quantises a float net into an .nnq model",
    usages: ["[options] IN.onnx OUT.nnq", "[options] FLOAT.nnq OUT.nnq", "--compare [options] IN.onnx MODEL.nnq INPUT..."],
    options: [
      .value("prune", "S", "share of all weights to remove, 0...0.99 (default 0)"),
      .value(
        "max-drop", "P",
        "remove as much as changes the best answer of at most P % of the samples: weights, or bits with --bits auto; measured on every third sample, the others are fitted to"
      ),
      .value("size", "BYTES", "remove as little as makes a model of at most so many bytes: weights, or bits with --bits auto"),
      .value("prune-scope", "global|layer", "shares by what they do to the net's output, or one for all layers (default global)"),
      .value(
        "prune-pattern", "weights|block4|nm2:4|filters",
        "what is removed as a whole: single weights, four neighbouring input channels of an output, of such four at least two, or whole channels, which makes tensors smaller (default weights)"
      ),
      .value("saliency", "NAME", "how weights are chosen: magnitude, or obs, by what the others cannot make up for (default obs)"),
      .value(
        "bits", "B|auto", "weight bits, 1...8, 32 for a float model, or for each layer what --max-drop or --size asks for (default 8)"),
      .value("delicate-bits", "B", "weight bits of depthwise, grouped and first layers (default: 8 if they hold few of the weights)"),
      .value(
        "calib", "PATH", "samples to calibrate on: folder of images, .npy, .npz, IDX, name=PATH for one of several inputs",
        isRepeatable: true),
      .value(
        "expect", "FILE|DIR",
        "right classes of the samples: prints the accuracy of the float net and of the model; .npy, IDX, text, or a folder of files named by class"
      ),
      .value(
        "calibrator", "NAME", "how activation ranges are chosen: minmax, percentile, mse or entropy (default: what costs the outputs least)"
      ),
      .value("input-shape", "NAME=N,C,H,W", "shape of an input whose axes the net leaves open", isRepeatable: true),
      .value(
        "fold-limit", "N", "elements of constants that may be computed while the net is read (default: 4194304 and the bytes of the file)"),
      .value("labels", "FILE", "one name a line for each class; stored in the model"),
      .value("plan", "FILE.json", "what is fixed for single layers, in the form that --write-plan writes"),
      .value(
        "write-plan", "FILE.json",
        "write what was done with each layer (bits, share of weights removed, calibrator, output type), to be edited and given to --plan"),
      .value("exclude", "REGEX", "layers, by name, that are not pruned and keep 8 bits"),
      .flag("best", "compress every section in more ways, zopfli among them: the same model up to a few per cent smaller"),
      .flag("compare", "measure a model layer by layer against its float net on samples: what each layer loses, worst first, and by what"),
      .value("report", "FILE.json", "write the report of the conversion"),
      .flag("explain", "print the net as it was read, what was folded and fused, each layer's type and range, and the integer operators"),
      .flag("dry-run", "do everything but write the model"),
      .flag("force", "replace OUT.nnq and the report if they exist"),
      .value("seed", "N", "of synthetic samples and of the model's self-test (default 0)"),
      .value("threads", "N", "threads to work with; the result does not depend on it (default: all)"),
      .value("isa", "NAME", "instruction set to work with; the result does not depend on it (default: the best of this machine)"),
      .flag("json", "print the report as JSON"),
    ] + PreprocessingOptions.options,
    notes: [
      """
      8-bit samples (pictures, IDX, u8 arrays) go through --mean, --std, --color and --resize, which the model stores; a float \
      .npy or .npz is taken as the net's own input.
      """,
      "Without --calib, synthetic samples in the input's range are used: give real ones wherever accuracy counts.",
    ],
    examples: [
      Example(
        "nnconv --prune 0.5 --bits 8 --calib images/ --mean 123.675,116.28,103.53 --std 58.395,57.12,57.375 net.onnx net.nnq",
        "half of the weights removed, the rest at 8 bits, calibrated on a folder of pictures"),
      Example("nnconv --compare net.onnx net.nnq images/", "where the model loses accuracy: SQNR of each layer, and why"),
      Example("nnconv --bits 32 net.onnx net-float.nnq", "a float model, to be converted further: nnconv net-float.nnq net.nnq"),
    ])
}
