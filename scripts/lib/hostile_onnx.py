"""ONNX files that attack the importer: their encoding, constants, references to other files."""

import os

import hostile_graphs
import onnx_wire as onnx
from hostile_case import Case
from onnx_wire import chunk, graph, integer, model, net, node, tensor, value

RELU = node("Relu", ["x"])
WIDE = 1 << 62
FOLDING_KIB = 4 * 16 << 10  # constants of 2^22 elements, the limit, and those that they are made from


def cases(folder, _):
    for threat, name, says, make in [*structure(), *tensors(), *external(folder), *hostile_graphs.cases()]:
        path = folder / f"{name}.onnx"
        yield Case(
            threat, path.name, "nnconv", ["--quiet", "--threads", "1", path, folder / "out.nnq"], says, files=(path,), output=folder / "out.nnq",
            allowed_kib=FOLDING_KIB if threat == "S6" else 0, is_large=threat == "S25" or "000000" in name or "64_mib" in name,
            make=lambda path=path, make=make: path.write_bytes(make()))


# ---------------------------------------------------------------- protobuf


def nested(depth, wrap, inner=b""):
    for _ in range(depth):
        inner = wrap(inner)
    return inner


def subgraph(inner):
    """A graph that holds an If whose branches are `inner`."""
    condition = node("Constant", [], ["c"], onnx.tensor_attribute("value", tensor("", [], b"\1", onnx.BOOL)), name="condition")
    branch = node("If", ["c"], ["y"], onnx.graph_attribute("then_branch", inner), onnx.graph_attribute("else_branch", b""))
    return chunk(1, condition) + chunk(1, branch) + chunk(12, value("y"))


def structure():
    relu = net(RELU)
    yield "S14", "varint_of_11_bytes", "byte 1: a varint is longer", lambda: b"\x08" + b"\x80" * 10 + b"\1" + relu
    yield "S14", "varint_of_65_bits", "byte 1: a varint is longer", lambda: b"\x08" + b"\xff" * 9 + b"\2" + relu
    yield "S14", "group", "byte 0: field 1 is a group", lambda: onnx.tag(1, 3) + onnx.tag(1, 4) + relu
    yield "S14", "groups_10000", "byte 0: field 100 is a group", lambda: onnx.tag(100, 3) * 10_000 + onnx.tag(100, 4) * 10_000
    yield "S14", "unknown_messages_10000", "no graph", lambda: nested(10_000, lambda inner: chunk(100, inner))
    yield "S14", "sub_graphs_10000", "sub-graphs are nested more than 32 deep", lambda: model(
        nested(10_000, subgraph, chunk(1, RELU) + chunk(12, value("y"))) + chunk(11, value("x")))
    yield "S14", "sub_graphs_unread_10000", "condition is computed by the net", lambda: model(
        chunk(1, node("If", ["x"], ["y"], onnx.graph_attribute("then_branch", nested(10_000, subgraph))))
        + chunk(11, value("x")) + chunk(12, value("y")))
    yield "S12", "length_2_63", "byte 11: 9223372036854775808 bytes are declared where 0 remain", lambda: (
        onnx.tag(7, 2) + onnx.varint(1 << 63))
    yield "S12", "length_past_the_end", "bytes are declared where", lambda: relu[:-3]
    yield "S20", "truncated_in_the_graph", "bytes are declared where", lambda: relu[: len(relu) // 2]
    yield "S20", "empty", "no graph", lambda: b""
    yield "S20", "field_0", "byte 0: field number 0", lambda: b"\0" + relu
    yield "S20", "wire_type_7", "undefined wire type 7", lambda: b"\x0f" + relu
    yield "S20", "two_graphs", "occurs again", lambda: relu + relu
    yield "S21", "opset_999", "operator set 999", lambda: model(graph([RELU]), 999)
    yield "S21", "opset_negative", "operator set -1", lambda: model(graph([RELU]), -1)


# ---------------------------------------------------------------- constants


def added(constant):
    """The net x + w."""
    return net(node("Add", ["x", "w"]), constants=[constant])


def tensors():
    place = "initializer 'w': "
    for name, dims in {
        "dims_wrap_to_0": [1 << 32, 1 << 32], "dims_wrap_to_4": [WIDE, 2, 2, 4], "dims_2_63": [(1 << 63) - 1, 2],
        "dims_of_8_wrap": [1 << 16] * 8, "dims_negative": [-4], "dims_negative_twice": [-2, -2], "dims_least": [-(1 << 63)],
    }.items():
        yield "S1", name, place + "its dims are negative, too large or too many", lambda dims=dims: added(tensor("w", dims, bytes(16)))
    yield "S4", "dims_1000", place + "its dims are", lambda: added(tensor("w", [1] * 1000, bytes(4)))
    yield "S5", "raw_data_missing", place + r"dims \[4\] ask for 4 elements, the data holds 0", lambda: added(tensor("w", [4]))
    yield "S5", "raw_data_shorter", place + "15 bytes are no whole number", lambda: added(tensor("w", [4], bytes(15)))
    yield "S5", "raw_data_of_3", place + "dims .* the data holds 3", lambda: added(tensor("w", [4], bytes(12)))
    yield "S5", "raw_data_longer", place + "dims .* the data holds 5", lambda: added(tensor("w", [4], bytes(20)))
    yield "S6", "dims_of_a_petabyte", place + "(dims|its dims)", lambda: added(tensor("w", [1 << 50], bytes(4)))
    yield "S12", "packed_3_bytes", "packs 3 bytes", lambda: added(tensor("w", [1], None, more=chunk(4, b"abc")))
    yield "S26", "type_string", place + "element type 8 .* not supported", lambda: added(tensor("w", [4], bytes(16), 8))
    yield "S26", "type_999", place + "element type 999 .* not supported", lambda: added(tensor("w", [4], bytes(16), 999))
    yield "S22", "weight_nan", "not finite|NaN|nan", lambda: added(onnx.floats("w", [4], [1, 2, float("nan"), 3]))
    yield "S22", "weight_infinite", "not finite|infinite|inf", lambda: added(onnx.floats("w", [4], [1, 2, float("inf"), 3]))


def external(folder):
    """Data in other files: refused before the path is looked at. A FIFO that were opened would never return."""
    for name, make in tricks(folder).items():
        location = lambda more=b"", make=make: reference(make(), more)
        place = "'w': its data is in another file, which is not read"
        yield "S16", f"external_{name}", "initializer " + place, lambda location=location: added(tensor("w", [4], more=location()))
        yield "S16", f"sparse_{name}", "initializer 'w': sparse tensors are not supported", lambda location=location: net(
            node("Add", ["x", "w"]), more=chunk(15, chunk(1, tensor("w", [4], more=location())) + integer(3, 4)))
        yield "S16", f"constant_{name}", "Constant 'n', attribute value: its data is in another file", lambda location=location: net(
            constant("value", 4, chunk(5, tensor("", [4], more=location()))), node("Add", ["x", "w"]))
        yield "S16", f"sparse_value_{name}", "Constant 'n', attribute sparse_value", lambda location=location: net(
            constant("sparse_value", 11, chunk(22, chunk(1, tensor("", [4], more=location())))), node("Add", ["x", "w"]))
    for name, entries in {
        "offset_negative": ["offset", "-1"], "length_2_60": ["length", str(1 << 60)], "offset_no_number": ["offset", "0x10"],
        "key_unknown": ["checksum", "0"], "key_twice": ["location", "other"],
    }.items():
        more = entry(*entries)
        yield "S17", f"external_{name}", "initializer 'w': its data is in another file", lambda more=more: added(
            tensor("w", [4], more=reference("weights.bin", more)))
    yield "S17", "external_without_location", "its data is in another file", lambda: added(tensor("w", [4], more=integer(14, 1)))
    yield "S17", "external_unmarked", "its data is in another file", lambda: added(
        tensor("w", [4], bytes(16), more=entry("location", "/etc/passwd")))


def tricks(folder):
    """Name of a trick -> what makes its file and gives its location."""
    weights = folder / "weights.bin"

    def link(name, make):
        def make_and_name():
            weights.write_bytes(bytes(16))
            if not (folder / name).is_symlink() and not (folder / name).exists():
                make(folder / name)
            return name

        return make_and_name

    return {
        "plain": lambda: "weights.bin", "parent": lambda: "../weights.bin", "parent_inside": lambda: "a/../../weights.bin",
        "absolute": lambda: str(weights), "password_file": lambda: "/etc/passwd", "device": lambda: "/dev/zero",
        "symlink": link("link.bin", lambda path: path.symlink_to("/etc/passwd")),
        "symlinked_parent": link("linked", lambda path: path.symlink_to("/etc")),
        "hard_link": link("hard.bin", lambda path: path.hardlink_to(weights)),
        "fifo": link("fifo.bin", os.mkfifo), "empty": lambda: "", "nul": lambda: "weights\0.bin",
        "backslash": lambda: "..\\weights.bin", "url": lambda: "file:///etc/passwd",
    }


def entry(key, text):
    return chunk(13, chunk(1, key) + chunk(2, text))


def reference(location, more=b""):
    return entry("location", location) + more + integer(14, 1)


def constant(name, kind, body):
    return node("Constant", [], ["w"], onnx.attribute(name, kind, body))
