import CommandLineSupport
import NNQFormat
import NNQInput

extension ModelInfo {
  var text: String {
    [summary, ports, operatorText, rules, constantTable, sectionTable].filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var summary: String {
    let header = listing.header
    let (all, kept) = elementCounts
    let zeros = all == 0 ? 0 : 100 * Double(all - kept) / Double(all)
    var lines = [
      "\(file.graph.kind) model, version 1.\(header.minor), \(header.fileByteCount) bytes (\(header.rawByteCount) inflated)",
      "\(file.graph.nodes.count) nodes, \(file.graph.tensors.count) tensors, \(all) constant elements, \(fixed(zeros, 1)) % of them left out as zeros",
      "digest \(digest)",
    ]
    if file.graph.kind == .integer {
      lines.append("\(file.cost.macCount) multiply-accumulates, \(file.cost.activationByteCount) bytes of live activations")
    }
    return lines.joined(separator: "\n")
  }

  private var ports: String {
    let rows = file.graph.inputs.map { portRow("input", $0) } + file.graph.outputs.map { portRow("output", $0) }
    return table(rows, right: [])
  }

  private func portRow(_ role: String, _ port: Port) -> [String] {
    let tensor = file.graph.tensors[port.tensor]
    var row = [role, tensor.name, "\(tensor.elementType)", shapeText(tensor.shape), port.layout == .channelsFirst ? "as N,C,..." : ""]
    if case .activation(let quantization?) = tensor.role { row.append("scale \(quantization.scale), zero point \(quantization.zeroPoint)") }
    return row
  }

  private var operatorText: String {
    "operators: " + operatorCounts.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
  }

  private var rules: String {
    var lines: [String] = []
    if let rules = file.preprocessing {
      lines.append("preprocessing: \(rules.colorOrder), \(rules.resize.text), mean \(rules.mean), std \(rules.std)")
    }
    if let labels = file.labels { lines.append("labels: \(labels.count)") }
    if file.selfTest != nil { lines.append("self-test: stored") }
    for (key, value) in (file.provenance ?? [:]).sorted(by: { $0.key < $1.key }) { lines.append("\(key): \(value)") }
    return lines.joined(separator: "\n")
  }

  private var constantTable: String {
    let rows = constants.map { constant in
      let (tensor, storage) = (constant.tensor, constant.storage)
      return [
        constant.name, "\(tensor.elementType)", shapeText(tensor.shape), storage.text, "\(storage.keptCount) of \(tensor.elementCount)",
      ]
    }
    return rows.isEmpty ? "" : table([["constant", "type", "shape", "stored as", "elements"]] + rows, right: [4])
  }

  private var sectionTable: String {
    let rows = zip(listing.sections, statistics).map { section, statistics in
      let bound = statistics.entropyByteCount
      let excess = 100 * (Double(section.storedByteCount) / Double(max(bound, 1)) - 1)
      return [
        section.name, "\(section.codec)", "\(section.fileOffset)", "\(section.storedByteCount)", "\(section.rawByteCount)", "\(bound)",
        fixed(excess, 1) + " %",
      ]
    }
    return table([["section", "codec", "offset", "bytes", "inflated", "entropy", "above it"]] + rows, right: [2, 3, 4, 5, 6])
  }
}

extension Preprocessing.Resize {
  /// In the words of `--resize`.
  var text: String {
    switch self {
    case .stretch: "stretch"
    case .shorterSideThenCrop(let shorter): "crop:\(shorter)"
    }
  }
}
