import NNQFormat

/// A file that holds samples of one input, and what its first bytes say it is.
struct SourceFile: Sendable {
  let path: String
  /// Whether it stands for several inputs, as only an .npz can.
  let isShared: Bool
  /// For what can be read only once: the standard input.
  private let kept: InputFile?

  init(path: String, isShared: Bool, limits: InputLimits) throws(InputError) {
    self.path = path
    self.isShared = isShared
    kept = path == "-" ? try InputFile(path: path, limits: limits) : nil
  }

  enum Contents {
    case picture(ImageFormat, InputFile)
    case array(ArrayReader)
  }

  func open(for input: NetInput, limits: InputLimits) throws(InputError) -> Contents {
    let file = if let kept { kept } else { try InputFile(path: path, limits: limits) }
    let start = try file.prefix(8)
    guard !start.isEmpty else { throw InputError(.malformed, file.name, "the file is empty") }
    if start.starts(with: ZipDirectory.magic) { return .array(try member(of: file, for: input, limits: limits)) }
    guard !isShared else {
      throw InputError(.mismatch, file.name, "the net has several inputs", remedy: "give each as NAME=PATH, or all in one .npz")
    }
    if let type = rawType { return .array(try raw(file, type, input, limits)) }
    if let format = ImageFormat(magic: start) { return .picture(format, file) }
    if let array = try arrayReader(file, limits: limits) { return .array(array) }
    let real = WireType(number: .float, byteCount: 4)
    if kept != nil, file.byteCount % max(1, input.elementCount * real.byteCount) == 0 { return .array(try raw(file, real, input, limits)) }
    throw InputError(
      .unsupported, file.name, "unknown kind of file",
      expected: ".npy, .npz, IDX, PNG, JPEG, PGM, PPM, or little-endian elements named .f32, .raw, .bin (float32) or .u8")
  }

  /// Elements without a header are known by their file's name alone.
  private var rawType: WireType? {
    switch fileExtension(path) {
    case "f32", "raw", "bin": WireType(number: .float, byteCount: 4)
    case "u8": WireType(number: .unsigned, byteCount: 1)
    default: nil
    }
  }

  private func raw(_ file: InputFile, _ type: WireType, _ input: NetInput, _ limits: InputLimits) throws(InputError) -> ArrayReader {
    let sampleByteCount = input.elementCount * type.byteCount
    guard file.byteCount % sampleByteCount == 0 else {
      throw InputError(
        .mismatch, file.name, "raw elements", got: "\(file.byteCount) bytes",
        expected: "a multiple of \(sampleByteCount), the size of input \"\(input.name)\" (\(shapeText(input.shape)))")
    }
    let shape = type.number == .unsigned ? input.extent.map { [$0.height, $0.width, $0.channels] } ?? input.shape : input.shape
    return try ArrayReader(ByteStream(file, coding: .stored), type: type, shape: [file.byteCount / sampleByteCount] + shape, limits: limits)
  }

  private static let mostNamesShown = 8

  /// The array of an .npz archive that is named as the input; of a file for this input alone also its only array.
  private func member(of file: InputFile, for input: NetInput, limits: InputLimits) throws(InputError) -> ArrayReader {
    let archive = try ZipDirectory(file)
    let named = archive.members.first { $0.name == "\(input.name).npy" || $0.name == input.name }
    guard let member = named ?? (archive.members.count == 1 && !isShared ? archive.members[0] : nil) else {
      let others = archive.members.count - Self.mostNamesShown
      let names = (archive.members.prefix(Self.mostNamesShown).map(\.name) + (others > 0 ? ["\(others) others"] : [])).joined(
        separator: ", ")
      throw InputError(.mismatch, file.name, "no array for input \"\(input.name)\"", got: names, expected: "\(input.name).npy")
    }
    return try ArrayReader.npy(member, in: archive, limits: limits)
  }
}

/// An array of a .npy or IDX file, plain or as gzip; nil if the file is neither.
func arrayReader(_ file: InputFile, limits: InputLimits) throws(InputError) -> ArrayReader? {
  let isGzip = try file.prefix(2) == [0x1F, 0x8B]
  let coding: ByteStream.Coding = isGzip ? .gzip : .stored
  let start = isGzip ? try ByteStream(file, coding: coding).read(4) : try file.prefix(4)
  if NpyHeader.magic.starts(with: start) && start.count == 4 {
    return try ArrayReader.npy(ByteStream(file, coding: coding), limits: limits)
  }
  if IDXHeader.matches(start) { return try ArrayReader.idx(ByteStream(file, coding: coding), limits: limits) }
  return nil
}

/// The part of a path after its last dot, in lower case.
func fileExtension(_ path: String) -> String {
  guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return "" }
  return path[path.index(after: dot)...].lowercased()
}
