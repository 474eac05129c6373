"""ONNX files made field by field, the broken ones too."""

import struct

FLOAT, INT64, BOOL = 1, 7, 9  # TensorProto.DataType
ATTRIBUTE_INT, ATTRIBUTE_TENSOR, ATTRIBUTE_GRAPH, ATTRIBUTE_INTS, ATTRIBUTE_SPARSE = 2, 4, 5, 7, 11


def varint(value):
    value &= (1 << 64) - 1
    result = bytearray()
    while value > 0x7F:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(result) + bytes([value])


def tag(field, wire_type):
    return varint(field << 3 | wire_type)


def integer(field, value):
    return tag(field, 0) + varint(value)


def chunk(field, content):
    """Text, bytes or a message."""
    content = content.encode() if isinstance(content, str) else content
    return tag(field, 2) + varint(len(content)) + content


def tensor(name, dims, data=None, kind=FLOAT, more=b""):
    """data: the raw bytes; none at all if None."""
    head = b"".join(integer(1, extent) for extent in dims) + integer(2, kind) + chunk(8, name)
    return head + (b"" if data is None else chunk(9, data)) + more


def floats(name, dims, values):
    return tensor(name, dims, struct.pack(f"<{len(values)}f", *values))


def integers(name, values, dims=None):
    return tensor(name, [len(values)] if dims is None else dims, struct.pack(f"<{len(values)}q", *values), INT64)


def value(name, dims=(1, 4), kind=FLOAT):
    """A graph's input or output."""
    axes = b"".join(chunk(1, integer(1, extent)) for extent in dims)
    return chunk(1, name) + chunk(2, chunk(1, integer(1, kind) + chunk(2, axes)))


def node(kind, inputs=(), outputs=("y",), *attributes, name="n", domain=""):
    body = b"".join(chunk(1, text) for text in inputs) + b"".join(chunk(2, text) for text in outputs)
    body += chunk(3, name) + chunk(4, kind) + b"".join(chunk(5, attribute) for attribute in attributes)
    return body + (chunk(7, domain) if domain else b"")


def attribute(name, kind, body):
    return chunk(1, name) + body + integer(20, kind)


def int_attribute(name, value):
    return attribute(name, 2, integer(3, value))


def ints_attribute(name, values):
    return attribute(name, 7, b"".join(integer(8, number) for number in values))


def tensor_attribute(name, body):
    return attribute(name, 4, chunk(5, body))


def graph_attribute(name, body):
    return attribute(name, 5, chunk(6, body))


def graph(nodes=(), constants=(), inputs=None, outputs=None, more=b""):
    """Input x and output y of 4 elements unless others are given."""
    inputs = [value("x")] if inputs is None else inputs
    outputs = [value("y")] if outputs is None else outputs
    parts = [chunk(1, body) for body in nodes] + [chunk(2, "g")] + [chunk(5, body) for body in constants]
    return b"".join(parts) + more + b"".join(chunk(11, body) for body in inputs) + b"".join(chunk(12, body) for body in outputs)


def model(body, opset=17, more=b""):
    """body: the graph."""
    return integer(1, 8) + chunk(7, body) + chunk(8, integer(2, opset)) + more


def net(*nodes, **others):
    return model(graph(nodes, **others))
