import NNQFormat
import TestSupport
import Testing

@testable import NNQInput

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct SampleSourceTests {
  let folder: TemporaryFolder
  let photo = NetInput(name: "x", shape: [3, 2, 2], layout: .channelsFirst)
  let digit = NetInput(name: "x", shape: [1, 2, 2], layout: .channelsFirst)

  init() throws { folder = try TemporaryFolder() }

  func read(_ operands: [String], _ inputs: [NetInput]) throws(InputError) -> [Sample] {
    let source = try SampleSource(operands, inputs: inputs, preprocessing: nil)
    var reader = source.makeReader()
    var samples: [Sample] = []
    while let sample = try reader.next() { samples.append(sample) }
    return samples
  }

  func pixels(_ samples: [UInt8], channels: Int) -> SampleValue {
    .pixels(Pixels(extent: ImageExtent(height: 2, width: 2, channels: channels), samples: samples))
  }

  @Test func splitsABatchIntoSamples() throws {
    let bytes = InputArray(shape: [2, 2, 2], values: .uint8([1, 2, 3, 4, 5, 6, 7, 8]))
    let path = folder.write("a.npy", npyBytes(bytes))
    let samples = try read([path], [digit])
    #expect(samples.map(\.name) == ["\(path)[0]", "\(path)[1]"])
    #expect(samples.map(\.values) == [[pixels([1, 2, 3, 4], channels: 1)], [pixels([5, 6, 7, 8], channels: 1)]])
    let source = try SampleSource([path, path], inputs: [digit], preprocessing: nil)
    #expect(try source.countSamples() == 4)
  }

  @Test func takesRealArraysAsTheNetsOwnInput() throws {
    let values = (0..<12).map(Float.init)
    let one = folder.write("one.npy", npyBytes(InputArray(shape: [3, 2, 2], values: .float32(values))))
    let batch = folder.write("batch.npy", npyBytes(InputArray(shape: [1, 3, 2, 2], values: .float32(values))))
    #expect(try read([one, batch], [photo]).map(\.values) == [[.real(values)], [.real(values)]])
  }

  @Test func takesPixelsInEitherOrderOfAxes() throws {
    let interleaved = folder.write("hwc.npy", npyBytes(InputArray(shape: [2, 2, 3], values: .uint8(Array(0..<12)))))
    let planar = folder.write(
      "chw.npy", npyBytes(InputArray(shape: [3, 2, 2], values: .uint8([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]))))
    let expected = pixels(Array(0..<12), channels: 3)
    #expect(try read([interleaved, planar], [photo]).map(\.values) == [[expected], [expected]])
  }

  @Test func takesBytesOfANetWithoutPicturesAsNumbers() throws {
    let path = folder.write("v.npy", npyBytes(InputArray(shape: [2, 2], values: .uint8([1, 2, 3, 255]))))
    let samples = try read([path], [NetInput(name: "v", shape: [2], layout: .asStored)])
    #expect(samples.map(\.values) == [[.real([1, 2])], [.real([3, 255])]])
  }

  @Test func readsAFolderByName() throws {
    for (name, value) in [("2.pgm", 2), ("10.pgm", 10), ("notes.txt", 0), (".hidden.pgm", 9)] as [(String, UInt8)] {
      _ = folder.write(name, Array("P5 2 2 255\n".utf8) + [value, value, value, value])
    }
    let samples = try read([folder.path], [digit])
    #expect(samples.map(\.name) == ["\(folder.path)/10.pgm", "\(folder.path)/2.pgm"])
    #expect(try readLabels(folder.path) == [10, 2])
  }

  @Test(arguments: ["pipe", "device", "folder"]) func refusesAFolderWithSomethingElseThanFiles(kind: String) throws {
    let path = "\(folder.path)/2.pgm"
    _ = folder.write("1.pgm", Array("P5 2 2 255\n".utf8) + [1, 1, 1, 1])
    switch kind {
    case "pipe": try #require(mkfifo(path, 0o600) == 0)
    case "device": try #require(symlink("/dev/zero", path) == 0)
    default: try #require(mkdir(path, 0o700) == 0)
    }
    #expect(throws: InputError(.unsupported, path, "is not a regular file")) { _ = try read([folder.path], [digit]) }
    #expect(throws: InputError(.unsupported, path, "is not a regular file")) { _ = try readLabels(folder.path) }
  }

  @Test func followsLinksToFiles() throws {
    let target = folder.write("target", Array("P5 2 2 255\n".utf8) + [7, 7, 7, 7])
    try #require(symlink(target, "\(folder.path)/a.pgm") == 0)
    #expect(try read([folder.path], [digit]).map(\.values) == [[pixels([7, 7, 7, 7], channels: 1)]])
    try #require(symlink("b.pgm", "\(folder.path)/b.pgm") == 0)
    let loop = InputError(.missing, "\(folder.path)/b.pgm", "cannot open", got: String(cString: strerror(ELOOP)))
    #expect(throws: loop) { _ = try read([folder.path], [digit]) }
  }

  @Test func readsRawElementsByTheNameOfTheFile() throws {
    let real = folder.write("a.f32", [Float(1), 2, 3, 4].flatMap { littleEndian($0.bitPattern) })
    let bytes = folder.write("a.u8", [1, 2, 3, 4])
    #expect(try read([real, bytes], [digit]).map(\.values) == [[.real([1, 2, 3, 4])], [pixels([1, 2, 3, 4], channels: 1)]])
    let short = folder.write("b.raw", [0, 0, 0])
    let error = InputError(
      .mismatch, short, "raw elements", got: "3 bytes", expected: "a multiple of 16, the size of input \"x\" (1x2x2)")
    #expect(throws: error) { _ = try read([short], [digit]) }
  }

  @Test func readsSeveralInputsInStep() throws {
    let inputs = [NetInput(name: "a", shape: [1], layout: .asStored), NetInput(name: "b", shape: [2], layout: .asStored)]
    let a = InputArray(shape: [2, 1], values: .float32([1, 2]))
    let b = InputArray(shape: [2, 2], values: .float32([3, 4, 5, 6]))
    let all = folder.write("all.npz", npzBytes([("b", b), ("a", a)]))
    let expected: [[SampleValue]] = [[.real([1]), .real([3, 4])], [.real([2]), .real([5, 6])]]
    #expect(try read([all], inputs).map(\.values) == expected)
    let (pathA, pathB) = (folder.write("a.npy", npyBytes(a)), folder.write("b.npy", npyBytes(b)))
    #expect(try read(["b=\(pathB)", "a=\(pathA)"], inputs).map(\.values) == expected)
    #expect(throws: InputError(.mismatch, "\(pathA)[0]", "input \"b\" has fewer samples than \"a\"")) {
      _ = try read(["a=\(pathA)"], inputs)
    }
    let shared = InputError(.mismatch, pathA, "the net has several inputs", remedy: "give each as NAME=PATH, or all in one .npz")
    #expect(throws: shared) { _ = try read([pathA], inputs) }
  }

  @Test func refusesWhatDoesNotFit() throws {
    let path = folder.write("a.npy", npyBytes(InputArray(shape: [4, 4], values: .float32([Float](repeating: 0, count: 16)))))
    let shape = InputError(
      .mismatch, path, "shape", got: "4x4", expected: "3x2x2 or Nx3x2x2, as input \"x\" of the net",
      remedy: "for pixels to be normalised, save them as uint8")
    #expect(throws: shape) { _ = try read([path], [photo]) }
    let gray = folder.write("g.npy", npyBytes(InputArray(shape: [2, 3, 3], values: .uint8([UInt8](repeating: 0, count: 18)))))
    let size = InputError(.mismatch, gray, "shape", got: "2x3x3", expected: "pixels HxWx1 or NxHxWx1 for input \"x\" (1x2x2)")
    #expect(throws: size) { _ = try read([gray], [digit]) }
    #expect(throws: InputError(.missing, "/nowhere.png", "cannot open", got: "No such file or directory")) {
      _ = try read(["/nowhere.png"], [digit])
    }
    let empty = folder.write("e.png", [])
    #expect(throws: InputError(.malformed, empty, "the file is empty")) { _ = try read([empty], [digit]) }
    let text = folder.write("t.png", Array("hello".utf8))
    #expect(throws: InputError.self) { _ = try read([text], [digit]) }
  }

  /// A compressed array says how many samples it has before they are read.
  @Test func refusesMoreSamplesThanCanBeCounted() throws {
    // gzip of a .npy of <f4, shape (2^58, 4).
    let path = folder.write(
      "a.npy.gz",
      base64(
        "H4sIAAAAAAACA5vsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkYWFkbGBsbm"
          + "ZoamhuaGhuYmJjoKJpo6CrUKxAIuBoYGewYGBgcgAuIGBwA4Z70xkAAAAA=="))
    let vector = NetInput(name: "v", shape: [4], layout: .asStored)
    let error = InputError(.tooLarge, path, "shape", got: "288230376151711744x4", expected: "at most 4294967296 samples")
    let source = try SampleSource([path, path], inputs: [vector], preprocessing: nil)
    #expect(throws: error) { _ = try source.countSamples() }
    #expect(throws: error) { _ = try read([path], [vector]) }
  }

  @Test func normalizesPixelsIntoTheNetsLayout() throws {
    let path = folder.write("p.ppm", Array("P6 2 2 255\n".utf8) + Array(0..<12))
    let rules = Preprocessing(colorOrder: .bgr, resize: .stretch, mean: [1, 2, 3], std: [2, 4, 8])
    let source = try SampleSource([path], inputs: [photo], preprocessing: rules)
    var reader = source.makeReader()
    let sample = try #require(try reader.next())
    let blue: [Float] = [2, 5, 8, 11].map { ($0 - 1) / 2 }
    let green: [Float] = [1, 4, 7, 10].map { ($0 - 2) / 4 }
    let red: [Float] = [0, 3, 6, 9].map { ($0 - 3) / 8 }
    #expect(source.realInputs(of: sample) == [blue + green + red])
    let error = InputError(.mismatch, "input \"x\"", "preprocessing", got: "3 channels", expected: "1")
    #expect(throws: error) { _ = try SampleSource([path], inputs: [digit], preprocessing: rules) }
  }
}
