"""Arrays, archives, pictures and texts that attack the commands. The net takes pictures of 8 x 8, RGB."""

import gzip
import os
import struct
import zipfile
import zlib

import onnx_wire as onnx
import tools
from hostile_case import Case

SHAPE = (1, 3, 8, 8)
ELEMENTS = bytes(4 * 3 * 8 * 8)
GIGABYTE = 1 << 30
PICTURE_KIB = 4 << 16  # a JPEG of 2^26 pixels, the limit, with three channels; how many bytes these need has no lower bound


def cases(folder, commands):
    model = folder / "net.nnq"
    source = folder / "net.onnx"
    pool = onnx.node("GlobalAveragePool", ["x"])
    source.write_bytes(onnx.net(pool, inputs=[onnx.value("x", SHAPE)], outputs=[onnx.value("y", (1, 3, 1, 1))]))
    tools.run(commands / "nnconv", "--quiet", "--mean", "0", "--std", "255", source, model)
    output = folder / "out.npy"
    for name, says, make in [*arrays(), *archives(), *streams(), *pictures()]:
        path = folder / name
        code = 65 if says else 0
        yield Case(
            "S26", name, "nnrun", ["--force", "--output", output, model, path], says, code, files=(path,), output=output,
            make=lambda path=path, make=make: path.write_bytes(make()), is_large="gigabyte" in name,
            allowed_kib=PICTURE_KIB if name.endswith(".jpg") else 0)
    yield from texts(folder, source, model)
    yield from places(folder, model)


# ---------------------------------------------------------------- .npy


def npy(header, data=ELEMENTS, version=1, length=None):
    text = header.encode("latin-1") + b"\n"
    size = len(text) if length is None else length
    return b"\x93NUMPY" + bytes([version, 0]) + size.to_bytes(2 if version == 1 else 4, "little") + text + data


def described(kind="<f4", shape=str(SHAPE), fortran=False):
    return f"{{'descr': '{kind}', 'fortran_order': {fortran}, 'shape': {shape}, }}"


def arrays():
    yield "header_2_32.npy", "header: got 4294967295 bytes", lambda: npy(described(), version=2, length=0xFFFFFFFF)
    yield "header_past_the_end.npy", "end early", lambda: npy(described(), b"", length=0xFFFF)
    yield "header_of_brackets.npy", "header: shape", lambda: npy(described(shape="(" * 60_000), version=2)
    yield "header_of_axes.npy", "more than 32 axes", lambda: npy(described(shape="(" + "1," * 30_000 + ")"), version=2)
    yield "header_of_keys.npy", "header: key", lambda: npy("{" + "'a': 1, " * 7_000 + "}", version=2)
    yield "header_of_digits.npy", "header: shape", lambda: npy(described(shape=f"({'9' * 60_000},)"), version=2)
    yield "header_of_spaces.npy", "is missing", lambda: npy(" " * 60_000, version=2)
    yield "header_of_code.npy", "header: ", lambda: npy("__import__('os').system('id')")
    yield "header_twice.npy", "text after", lambda: npy(described() + described())
    yield "version_9.npy", "version: got 9.0", lambda: npy(described(), version=9)
    yield "fortran.npy", "Fortran order is not read", lambda: npy(described(fortran=True))
    yield "big_endian.npy", "element type: got >f4", lambda: npy(described(">f4"))
    yield "objects.npy", "element type: got object", lambda: npy(described("|O"), b"\x80\x04cos\nsystem\n(S'id'\ntR.")
    yield "structured.npy", "structured", lambda: npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,), }")
    yield "text.npy", "element type", lambda: npy(described("<U16"))
    yield "shape_negative.npy", "header: shape", lambda: npy(described(shape="(-1, 3, 8, 8)"))
    yield "shape_wraps.npy", "too large", lambda: npy(described(shape="(4294967296, 4294967296, 3)"))
    yield "shape_wraps_in_bytes.npy", "too large", lambda: npy(described(shape="(4611686018427387904,)"))
    yield "shape_of_a_petabyte.npy", "elements: got 768 bytes", lambda: npy(described(shape="(1125899906842624, 3, 8, 8)"))
    yield "shape_of_nothing.npy", r"elements: got 768 bytes, expected 0", lambda: npy(described(shape="(0, 3, 8, 8)"))
    yield "shape_other.npy", "got .*3x9x9", lambda: npy(described(shape="(1, 3, 9, 9)"), bytes(4 * 3 * 81))
    yield "shape_scalar.npy", "got scalar", lambda: npy(described(shape="()"), bytes(4))
    yield "elements_fewer.npy", "elements: got 767 bytes", lambda: npy(described(), ELEMENTS[:-1])
    yield "elements_more.npy", "elements: got 769 bytes", lambda: npy(described(), ELEMENTS + b"\0")
    yield "empty.npy", "empty", lambda: b""
    yield "unknown.npy", "unknown kind", lambda: b"GIF89a, really"


# ---------------------------------------------------------------- .npz, gzip, IDX


def zipped(name, data, declared=None, stored=None, crc=None, flags=0, count=1, offset=0):
    """An archive of one deflated member, whose directory may lie."""
    packed = stored if stored is not None else deflated(data)
    size = len(data) if declared is None else declared
    crc = zlib.crc32(data) if crc is None else crc
    fields = struct.pack("<HHHHHIIIHH", 20, flags, 8, 0, 0, crc, len(packed), size, len(name), 0)
    local = b"PK\3\4" + fields + name + packed
    directory = (b"PK\1\2" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, offset) + name) * count
    return local + directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(local), 0)


def deflated(*pieces):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join(packer.compress(piece) for piece in pieces) + packer.flush()


def bomb(head):
    """A gigabyte of zeros behind a header."""
    block = bytes(1 << 20)
    return deflated(head, *(block for _ in range(GIGABYTE >> 20)))


def archives():
    good = npy(described())
    huge = npy(described(shape=f"({GIGABYTE // 768}, 3, 8, 8)"), b"")
    yield "bomb_gigabyte.npz", "x.npy", lambda: zipped(
        b"x.npy", b"", declared=len(huge) + GIGABYTE, stored=bomb(huge), crc=0)
    yield "bomb_in_disguise_gigabyte.npz", "x.npy", lambda: zipped(
        b"x.npy", b"", declared=len(good), stored=bomb(npy(described(), b"")), crc=0)
    yield "expands_2_32.npz", "x.npy", lambda: zipped(b"x.npy", good, declared=0xFFFFFFFE)
    yield "crc.npz", "checksum", lambda: zipped(b"x.npy", good, crc=1)
    yield "encrypted.npz", "x.npy", lambda: zipped(b"x.npy", good, flags=1)
    yield "zip64.npz", "above 4 GiB", lambda: zipped(b"x.npy", good, declared=0xFFFFFFFF)[:-6] + b"\xff\xff\xff\xff\0\0"
    yield "members_60000.npz", "got (z.npy, ){8}59992 others", lambda: zipped(b"z.npy", good, count=60_000)
    yield "member_past_the_end.npz", "x.npy", lambda: zipped(b"x.npy", good, offset=1 << 30)
    yield "path_of_parent.npz", "no array for input|x.npy", lambda: two_members(b"../../x.npy", b"/etc/x.npy")
    yield "nested.npz", "is no .npy", lambda: zipped(b"x.npy", zipped(b"x.npy", good))
    yield "directory_missing.npz", "directory is missing", lambda: zipped(b"x.npy", good)[:-22]
    yield "truncated.npz", "directory is missing", lambda: zipped(b"x.npy", good)[:60]


def two_members(*names):
    """Neither is the input's, and so neither is read."""
    import io

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name.decode(), npy(described()))
    return file.getvalue()


def idx(extents, data, kind=0x08):
    return bytes([0, 0, kind, len(extents)]) + b"".join(struct.pack(">I", extent) for extent in extents) + data


def streams():
    yield "idx_2_128.idx", "too large", lambda: idx([0xFFFFFFFF] * 4, b"")
    yield "idx_of_a_petabyte.idx", "elements: got 0 bytes", lambda: idx([0x7FFFFFFF, 0x3FFFF], b"")
    yield "idx_fewer.idx", "elements: got 10 bytes", lambda: idx([1, 8, 8, 3], bytes(10))
    yield "bomb_gigabyte.idx.gz", "bytes follow", lambda: gzipped(idx([1, 8, 8, 3], bytes(192)))
    yield "truncated.idx.gz", "end early", lambda: gzip.compress(idx([1, 8, 8, 3], os.urandom(192)))[:100]
    yield "checksum.idx.gz", "incorrect data check|damaged", lambda: gzip.compress(idx([1, 8, 8, 3], bytes(192)))[:-8] + bytes(8)
    yield "raw.f32", "raw elements: got 767 bytes", lambda: ELEMENTS[:-1]


def gzipped(head):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return b"".join([packer.compress(head), *(packer.compress(block) for _ in range(GIGABYTE >> 20)), packer.flush()])


# ---------------------------------------------------------------- pictures


def png(width, height, pixels=b"", before=b"", depth=8, color=2, interlace=0):
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + before + png_chunk(b"IDAT", pixels) + png_chunk(b"IEND", b"")


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def jpeg(width, height, scans=1, progressive=False):
    """Gray; each scan holds one byte of data."""
    table = b"\xff\xdb\0\x43\0" + b"\1" * 64
    frame = b"\xff" + (b"\xc2" if progressive else b"\xc0") + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    codes = b"\xff\xc4" + struct.pack(">H", 20) + b"\0" + b"\1" + bytes(15) + b"\0"
    scan = b"\xff\xda\0\x08\1\1\0\0" + (b"\0\0" if progressive else b"\x3f\0") + b"\0"
    return b"\xff\xd8" + table + frame + codes + scan * scans + b"\xff\xd9"


def pictures():
    """What is only read past, as texts and profiles are, is refused by nobody."""
    rows = zlib.compress(bytes(8 * 25))
    yield "size_2_31.png", "PNG|picture size", lambda: png(0x7FFFFFFF, 0x7FFFFFFF, rows)
    yield "size_100000.png", "picture size: got 100000x100000|PNG", lambda: png(100_000, 100_000, rows)
    yield "size_0.png", "PNG", lambda: png(0, 8, rows)
    yield "size_largest_without_pixels.png", "PNG: 8192x8192 pixels: got 69 bytes", lambda: png(8192, 8192, rows)
    yield "interlaced_without_pixels.png", "PNG: 8192x8192 pixels: got 69 bytes", lambda: png(8192, 8192, rows, interlace=1)
    yield "text_bomb_gigabyte.png", "", lambda: png(8, 8, rows, png_chunk(b"zTXt", b"a\0\0" + zlib_bomb()))
    yield "profile_bomb_gigabyte.png", "", lambda: png(8, 8, rows, png_chunk(b"iCCP", b"a\0\0" + zlib_bomb()))
    yield "checksum.png", "PNG: IDAT: incorrect data check", lambda: png(8, 8, rows[:-4] + bytes(4))
    yield "chunk_2_31.png", "PNG", lambda: png(8, 8, rows)[:33] + b"\x7f\xff\xff\xffIDAT"
    yield "truncated.png", "PNG", lambda: png(8, 8, rows)[:50]
    yield "palette_missing.png", "PNG", lambda: png(8, 8, zlib.compress(bytes(8 * 9)), color=3)
    yield "size_65500.jpg", "picture size|JPEG", lambda: jpeg(65_500, 65_500)
    yield "size_0.jpg", "JPEG", lambda: jpeg(0, 8)
    yield "scans_2000.jpg", "JPEG", lambda: jpeg(8192, 8192, 2000, progressive=True)
    yield "truncated.jpg", "JPEG", lambda: jpeg(64, 64)[:100]
    yield "size_wraps.ppm", "picture size", lambda: b"P6 9223372036854775807 9223372036854775807 255\n"
    yield "size_of_digits.ppm", "PNM header", lambda: b"P6 " + b"9" * 100_000 + b" 8 255\n"
    yield "comment_without_end.ppm", "PNM header", lambda: b"P6 #" + b"a" * 1_000_000
    yield "samples_fewer.pgm", "PNM samples: got 10 bytes", lambda: b"P5 8 8 255\n" + bytes(10)


def zlib_bomb():
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    return b"".join([*(packer.compress(block) for _ in range(GIGABYTE >> 20)), packer.flush()])


# ---------------------------------------------------------------- texts, and files that are none


def texts(folder, source, model):
    plan, labels, image = folder / "plan.json", folder / "labels.txt", folder / "image.npy"
    image.write_bytes(npy(described()))

    def written(path, text):
        return lambda: path.write_bytes(text())

    plans = {
        "nested": ("line 1, column", lambda: b"[" * 1_000_000), "not_utf8": ("plan.json", lambda: b'{"\xff": 1}'),
        "number": ("plan.json", lambda: b'{"schema": 1e999999, "layers": []}'),
        "bits": ("plan.json", lambda: b'{"schema": 1, "layers": [{"name": "n", "bits": 99999999999999999999}]}'),
        "unknown_layer": ("nowhere", lambda: b'{"schema": 1, "layers": [{"name": "nowhere", "bits": 4}]}'),
        "truncated": ("plan.json: line 1", lambda: b'{"schema": 1, "layers": [{"na'),
    }
    for name, (says, text) in plans.items():
        arguments = ["--quiet", "--plan", plan, source, folder / "planned.nnq"]
        yield Case("S26", f"plan_{name}", "nnconv", arguments, says, files=(plan,), make=written(plan, text), output=folder / "planned.nnq")
    classes = {
        "negative": ("line 1", lambda: b"-1\n"), "wraps": ("line 1", lambda: b"18446744073709551616\n"),
        "nul": ("no text", lambda: b"1\0\n"), "many": ("labels", lambda: b"0\n" * 1_000_000),
    }
    for name, (says, text) in classes.items():
        yield Case("S26", f"labels_{name}", "nnrun", ["--expect", labels, model, image], says, files=(labels,), make=written(labels, text))


def places(folder, model):
    """What stands where a file is expected."""
    pictures = folder / "pictures"

    def folder_with(name, make):
        def made():
            pictures.mkdir(exist_ok=True)
            make(pictures / name)

        return made

    yield Case("S16", "missing_input", "nnrun", [model, folder / "none.npy"], "cannot open", code=66)
    yield Case("S16", "folder_as_model", "nnrun", ["--info", folder], "net|model|directory", code=66)
    yield Case("S16", "empty_folder", "nnrun", [model, pictures], "holds no picture", code=66, make=lambda: pictures.mkdir(exist_ok=True))
    for name, make in {
        "fifo.png": os.mkfifo, "device.png": lambda path: path.symlink_to("/dev/zero"), "loop.png": lambda path: path.symlink_to("loop.png"),
        "text.png": lambda path: path.symlink_to("/etc/passwd"), "dangling.npy": lambda path: path.symlink_to("none"),
    }.items():
        code = 66 if name in ("loop.png", "dangling.npy") else 65
        yield Case(
            "S16", f"folder_with_{name}", "nnrun", [model, pictures], f"pictures/{name}: ", code, files=(pictures / name,),
            make=folder_with(name, make))
