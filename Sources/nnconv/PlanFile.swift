import CommandLineSupport
import NNQConvert
import NNQInput

/// A plan as JSON: `{"schema": 1, "layers": [{"name": "conv1", "bits": 8, ...}, ...]}`.
extension ConversionPlan {
  /// Keys that a layer lacks are left to the converter.
  ///
  /// - Throws: `CommandError` that names the file, the layer and its key, what it holds and what is expected.
  init(contentsOf path: String) throws {
    let text = String(decoding: try readFile(path), as: UTF8.self)
    do {
      self.init(layers: try PlanReader(JSON(parsing: text)).layers())
    } catch let error as JSONError {
      throw CommandError(.badData, "\(path): \(error)")
    } catch let error as PlanError {
      throw CommandError(.badData, "\(path): \(error.location): got \(error.got), expected \(error.expected)")
    }
  }

  var json: JSON { ["schema": 1, "layers": .array(layers.map(\.json))] }
}

extension ConversionPlan.LayerPlan {
  fileprivate var json: JSON {
    let members: [JSON.Member?] = [
      JSON.Member("name", .string(name)), bits.map { JSON.Member("bits", .integer($0)) }, share.map { JSON.Member("share", .number($0)) },
      calibrator.map { JSON.Member("calibrator", .string($0.rawValue)) }, output.map { JSON.Member("output", .string($0.rawValue)) },
      isExcluded.map { JSON.Member("excluded", .bool($0)) },
    ]
    return .object(members.compactMap(\.self))
  }
}

private struct PlanError: Error {
  var location: String
  var got: String
  var expected: String
}

/// The form of the file; whether it fits a net is the converter's business.
private struct PlanReader {
  private let document: JSON

  init(_ document: JSON) { self.document = document }

  func layers() throws(PlanError) -> [ConversionPlan.LayerPlan] {
    let members = try members(of: document, at: "plan", known: ["schema", "layers"])
    guard members["schema"] == 1 else { throw PlanError(location: "schema", got: members["schema"]?.line ?? "none", expected: "1") }
    guard case .array(let layers)? = members["layers"] else {
      throw PlanError(location: "layers", got: members["layers"]?.line ?? "none", expected: "an array")
    }
    var plans: [ConversionPlan.LayerPlan] = []
    for (index, layer) in layers.enumerated() { plans.append(try self.layer(layer, at: "layer \(index + 1)")) }
    return plans
  }

  private func layer(_ json: JSON, at place: String) throws(PlanError) -> ConversionPlan.LayerPlan {
    let members = try members(of: json, at: place, known: ["name", "bits", "share", "calibrator", "output", "excluded"])
    guard case .string(let name)? = members["name"] else {
      throw PlanError(location: "\(place), name", got: members["name"]?.line ?? "none", expected: "the name of a layer")
    }
    let fields = Fields(members: members, place: "layer '\(name)'")
    return ConversionPlan.LayerPlan(
      name: name, bits: try fields.integer("bits", "a whole number 1...8"), share: try fields.number("share", "a number 0...0.99"),
      calibrator: try fields.choice("calibrator"), output: try fields.choice("output"), isExcluded: try fields.flag("excluded"))
  }

  private func members(of json: JSON, at place: String, known: [String]) throws(PlanError) -> [String: JSON] {
    guard case .object(let members) = json else { throw PlanError(location: place, got: json.line, expected: "an object") }
    if let unknown = members.first(where: { !known.contains($0.name) }) {
      throw PlanError(location: place, got: "the key \"\(unknown.name)\"", expected: "one of " + known.joined(separator: ", "))
    }
    return Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value) })
  }
}

/// The members of one layer by key; an absent one is nil.
private struct Fields {
  let members: [String: JSON]
  let place: String

  private func mismatch(_ key: String, _ value: JSON, _ expected: String) -> PlanError {
    PlanError(location: "\(place), \(key)", got: value.line, expected: expected)
  }

  func integer(_ key: String, _ expected: String) throws(PlanError) -> Int? {
    guard let value = members[key] else { return nil }
    guard case .integer(let number) = value else { throw mismatch(key, value, expected) }
    return number
  }

  func number(_ key: String, _ expected: String) throws(PlanError) -> Double? {
    switch members[key] {
    case nil: return nil
    case .integer(let number)?: return Double(number)
    case .number(let number)?: return number
    case let value?: throw mismatch(key, value, expected)
    }
  }

  func flag(_ key: String) throws(PlanError) -> Bool? {
    guard let value = members[key] else { return nil }
    guard case .bool(let flag) = value else { throw mismatch(key, value, "true or false") }
    return flag
  }

  func choice<T: RawRepresentable<String> & CaseIterable>(_ key: String) throws(PlanError) -> T? {
    guard let value = members[key] else { return nil }
    guard case .string(let word) = value, let choice = T(rawValue: word) else {
      throw mismatch(key, value, "one of " + T.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }
}
