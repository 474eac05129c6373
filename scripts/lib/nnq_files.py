"""Large `.nnq` files, written from spec/format.md."""

import struct
import zlib

SIGNATURE = bytes.fromhex("894E4E510D0A1A0A")
CRITICAL = 1
U8, F32 = 1, 7
RELU, ADD, RESHAPE = 32, 16, 10  # annex B; operators.md 3.8


def container(sections, constant_bytes=0, activation_bytes=0):
    """sections: type, flags, contents; all stored as they are."""
    table = b"".join(
        struct.pack("<HBBIQQ", kind, flags, 0, zlib.crc32(data), len(data), len(data)) for kind, flags, data in sections)
    body = bytearray()
    start = 64 + len(table)
    for _, _, data in sections:
        body += bytes(-(start + len(body)) % 64) + data
    raw = sum(len(data) for _, _, data in sections)
    header = SIGNATURE + struct.pack(
        "<HHIQQQQQI", 1, 0, len(sections), start + len(body), raw, constant_bytes, activation_bytes, 0, zlib.crc32(table))
    return header + struct.pack("<I", zlib.crc32(header)) + table + body


def model(kind, tensors, nodes, output, storage=b"\0\0\0\0", values=(), unknown=(), activation_bytes=0):
    """A model whose input is tensor 0. values: contents of sections of f32 elements."""
    graph = struct.pack("<B3xIIHH", kind, len(tensors), len(nodes), 1, 1) + b"".join(tensors) + b"".join(nodes)
    graph += struct.pack("<II", 0, 0) + struct.pack("<II", output, 0)
    sections = [(1, CRITICAL, graph), (2, CRITICAL, storage)]
    sections += [(4, CRITICAL, data) for data in values] + [(1000, 0, data) for data in unknown]
    return container(sections, sum(map(len, values)), activation_bytes)


def activation(name, kind=F32, extent=1):
    grid = b"" if kind == F32 else struct.pack("<fi", 1, 0)
    return struct.pack("<BBBxH", kind, 0, 2, len(name)) + name + struct.pack("<II", 1, extent) + grid


def constant(name, count=1):
    return struct.pack("<BBBxH", F32, 1, 1, len(name)) + name + struct.pack("<I", count)


def node(opcode, inputs, output):
    return struct.pack(f"<HBBBBH{len(inputs)}II", opcode, 1, len(inputs), 1, 0, 0, *inputs, output)


def stored_dense(counts):
    """The storage section of constants without codes."""
    return struct.pack("<I", len(counts)) + b"".join(struct.pack("<BBBBII", 0, 0, 0, 0, count, 0) for count in counts)


def chain(count, name_bytes=0):
    """`count` relus, one after the other; names as long as asked for."""
    tensors = [activation(b"%0*d" % (name_bytes, index)) for index in range(count + 1)]
    return model(1, tensors, [node(RELU, [index], index + 1) for index in range(count)], count)


def integer_chain(count):
    """`count` reshapes of one byte."""
    tensors = [activation(b"%d" % index, U8) for index in range(count + 1)]
    nodes = [node(RESHAPE, [index], index + 1) for index in range(count)]
    return model(0, tensors, nodes, count, activation_bytes=128)


def constants(count):
    """`count` additions of a constant of one element each."""
    tensors = [activation(b"%d" % index) for index in range(count + 1)] + [constant(b"")] * count
    nodes = [node(ADD, [index, count + 1 + index], index + 1) for index in range(count)]
    return model(1, tensors, nodes, count, stored_dense([1] * count), cut(struct.pack("<f", 1) * count, 1 << 18))


def unknown_sections(count):
    """A relu, and sections of one byte that a reader skips, so that there are `count` in all."""
    return model(1, [activation(b"x"), activation(b"y")], [node(RELU, [0], 1)], 1, unknown=[b"?"] * (count - 2))


def value_sections(count):
    """One constant, cut into sections of one element; `count` sections in all."""
    elements = count - 2
    data = struct.pack("<f", 1) * elements
    return model(
        1, [activation(b"x"), activation(b"y", extent=elements), constant(b"w", elements)], [node(ADD, [0, 2], 1)], 1, stored_dense([elements]),
        cut(data, 4))


def cut(data, byte_count):
    """Sections may end anywhere in a stream."""
    return [data[start:start + byte_count] for start in range(0, len(data), byte_count)]
