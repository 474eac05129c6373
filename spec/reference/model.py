"""format.md: a whole file, in the order of its chapters, and its digest (chapter 7)."""
import hashlib
import struct
from dataclasses import dataclass, field

import annotations
import constants
import container
import graph
from refusal import Cursor, Refusal


@dataclass
class Model:
    header: container.Header
    graph: graph.Graph
    digest: str = ""
    labels: list = field(default_factory=list)
    preprocessing: annotations.Preprocessing | None = None
    provenance: list = field(default_factory=list)
    self_test: annotations.SelfTest | None = None


class SectionsOfType:
    def __init__(self, sections):
        self.sections = sections

    def __call__(self, kind):
        return [s for s in self.sections if s.type == kind]

    def row(self, kind):
        """The first row of a type, or where it would be."""
        return 64 + 24 * sum(s.type < kind for s in self.sections)


def read_model(file, limits=container.Limits()):
    """file: all bytes. Raises Refusal."""
    header = container.read_header(file, limits)
    sections = container.read_table(file, header)
    of_type = SectionsOfType(sections)
    contents = {}

    def cursor(section):
        contents[section] = container.read_section(file, section)
        return Cursor(contents[section], section.origin)

    graph_section = of_type(container.GRAPH)[0]
    model = Model(header, graph.read_graph(cursor(graph_section), limits))
    records = constants.read_storage(cursor(of_type(container.STORAGE)[0]), model.graph.constants)
    check_header(header, model.graph)
    constants.check_stream_sizes(model.graph.constants, records, of_type)
    streams = []
    for kind in (container.POSITIONS, container.VALUES):
        parts = of_type(kind)
        streams.append(constants.Stream(parts, [container.read_section(file, s) for s in parts]))
    constants.decode_constants(model.graph.constants, records, *streams)
    for section in sections:
        if section.type > container.VALUES:
            read_annotation(model, section, cursor(section), limits)
    model.digest = digest(model, contents[graph_section], sections, contents)
    return model


def check_header(header, net):
    """[F9] [F10]"""
    if header.constant_byte_count != sum(t.byte_count for t in net.constants):
        raise Refusal("sizeMismatch", 32)
    if not net.is_integer and (header.activation_byte_count or header.mac_count):
        raise Refusal("valueOutOfRange", 40)


def read_annotation(model, section, cursor, limits):
    if section.type == container.LABELS:
        model.labels = annotations.read_labels(cursor, limits)
    elif section.type == container.PREPROCESSING:
        model.preprocessing = annotations.read_preprocessing(cursor)
    elif section.type == container.PROVENANCE:
        model.provenance = annotations.read_provenance(cursor, limits)
    elif section.type == container.SELF_TEST:
        model.self_test = annotations.read_self_test(cursor)


def digest(model, graph_bytes, sections, contents):
    """Chapter 7."""
    sha = hashlib.sha256(graph_bytes)
    for tensor in model.graph.constants:
        sha.update(tensor.elements.astype(tensor.elements.dtype.newbyteorder("<")).tobytes())
    for section in sections:
        is_known = section.type in container.KNOWN
        if section.type > container.VALUES and (is_known or section.safe_to_copy):
            sha.update(struct.pack("<HQ", section.type, section.raw_byte_count) + contents[section])
    return sha.hexdigest()
