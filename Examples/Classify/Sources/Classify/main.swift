// Says what a picture shows.
//
// usage: Classify MODEL.nnq PICTURE      PICTURE: binary PGM or PPM of the model's input size
import Foundation
import NNQRuntime

guard CommandLine.arguments.count == 3 else {
  print("usage: Classify MODEL.nnq PICTURE")
  exit(64)
}

let model = try Model(contentsOf: CommandLine.arguments[1])
let session = try Session(model)
let outputs = try session.run(pixels: try pixels(ofPNM: CommandLine.arguments[2]))

// One score for each class, in the order of the model's labels.
let scores = outputs[model.outputs[0].name]?.values ?? []
for (index, score) in scores.enumerated().sorted(by: { $0.element > $1.element }).prefix(3) {
  let labels = model.labels ?? []
  print(index < labels.count ? labels[index] : "class \(index)", score, separator: "\t")
}
