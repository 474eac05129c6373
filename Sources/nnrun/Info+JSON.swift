import CommandLineSupport
import NNQFormat

extension ModelInfo {
  var json: JSON {
    let (all, kept) = elementCounts
    let graph = file.graph
    return [
      "schema": .integer(jsonSchema), "kind": .string("\(graph.kind)"), "digest": .string(digest),
      "file_bytes": .integer(Int(listing.header.fileByteCount)), "raw_bytes": .integer(Int(listing.header.rawByteCount)),
      "constant_bytes": .integer(Int(listing.header.constantByteCount)), "constant_elements": .integer(all),
      "kept_elements": .integer(kept),
      "activation_bytes": .integer(Int(clamping: file.cost.activationByteCount)), "macs": .integer(Int(clamping: file.cost.macCount)),
      "inputs": .array(graph.inputs.map(port)), "outputs": .array(graph.outputs.map(port)),
      "operators": .object(operatorCounts.map { JSON.Member($0.name, .integer($0.count)) }),
      "preprocessing": preprocessing, "labels": .array((file.labels ?? []).map(JSON.string)), "self_test": .bool(file.selfTest != nil),
      "provenance": .object((file.provenance ?? [:]).sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }),
      "constants": .array(constants.map(constant)), "sections": .array(zip(listing.sections, statistics).map { section($0, $1) }),
    ]
  }

  private func port(_ port: Port) -> JSON {
    let tensor = file.graph.tensors[port.tensor]
    var members = [
      JSON.Member("name", .string(tensor.name)), JSON.Member("type", .string("\(tensor.elementType)")),
      JSON.Member("shape", .array(tensor.shape.map(JSON.integer))), JSON.Member("layout", .string("\(port.layout)")),
    ]
    if case .activation(let quantization?) = tensor.role {
      members.append(JSON.Member("scale", .number(Double(quantization.scale))))
      members.append(JSON.Member("zero_point", .integer(Int(quantization.zeroPoint))))
    }
    return .object(members)
  }

  private var preprocessing: JSON {
    guard let rules = file.preprocessing else { return .null }
    return [
      "color": .string("\(rules.colorOrder)"), "resize": .string(rules.resize.text), "mean": .array(rules.mean.map { .number(Double($0)) }),
      "std": .array(rules.std.map { .number(Double($0)) }),
    ]
  }

  private func constant(_ constant: StoredConstant) -> JSON {
    let (tensor, storage) = (constant.tensor, constant.storage)
    return [
      "name": .string(constant.name), "type": .string("\(tensor.elementType)"), "shape": .array(tensor.shape.map(JSON.integer)),
      "positions": .string("\(storage.positions)"), "bits": .integer(storage.bits), "levels": .string("\(storage.levels)"),
      "kept": .integer(storage.keptCount),
    ]
  }

  private func section(_ section: SectionEntry, _ statistics: SectionStatistics) -> JSON {
    [
      "type": .integer(Int(section.type)), "name": .string(section.name), "codec": .string("\(section.codec)"),
      "offset": .integer(Int(clamping: section.fileOffset)), "stored_bytes": .integer(section.storedByteCount),
      "raw_bytes": .integer(section.rawByteCount), "entropy_bytes": .integer(statistics.entropyByteCount),
    ]
  }
}
