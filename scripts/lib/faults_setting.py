"""What scripts/faults works on: a net, models, samples, and what must hold after every fault."""

import os
import random
import re
import struct

import measured
import onnx_wire as onnx
import tools

WIDTH = 1024  # of a dense layer: a million weights, a model of a megabyte
ERROR = r"(nn(run|conv): error: [^\n]+|Fatal error: failed to allocate \d+ bytes[^\n]+)\n"  # the second is Swift's own


class Setting:
    def __init__(self, folder, commands, rounds):
        self.folder, self.commands, self.rounds = folder, commands, rounds
        folder.chmod(0o755)
        self.net = folder / "net.onnx"
        self.net.write_bytes(dense_net())
        self.samples = folder / "samples.npy"
        self.samples.write_bytes(array(64, WIDTH))
        self.models = [self.convert(folder / f"model{bits}.nnq", bits) for bits in (8, 4)]

    def nnconv(self, output, *options, bits=8):
        return [self.commands / "nnconv", "--quiet", "--threads", "1", "--bits", str(bits), *options, self.net, output]

    def nnrun(self, *arguments):
        return [self.commands / "nnrun", "--quiet", *arguments]

    def convert(self, output, bits):
        tools.run(*self.nnconv(output, bits=bits))
        return output

    def output_folder(self):
        """A new folder that holds one file, `out.npy`, with the old contents."""
        folder = self.folder / f"output{random.getrandbits(64):x}"
        folder.mkdir()
        (folder / "out.npy").write_bytes(b"old")
        return folder


def dense_net():
    small = [struct.pack("<f", (byte - 128) / 4096) for byte in range(256)]
    values = b"".join(small[byte] for byte in random.Random(1).randbytes(WIDTH * WIDTH))
    product = onnx.node("MatMul", ["x", "w"])
    return onnx.net(
        product, constants=[onnx.tensor("w", [WIDTH, WIDTH], values)], inputs=[onnx.value("x", (1, WIDTH))],
        outputs=[onnx.value("y", (1, WIDTH))])


def array(*shape):
    """A .npy file of bytes 0, 1, 2, ... as float32."""
    count = 1
    for extent in shape:
        count *= extent
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    values = b"".join(struct.pack("<f", byte / 256) for byte in range(256))
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header.encode() + values * (count // 256)


def check_refusal(outcome, codes, problems):
    """One line that says why, and the right exit code."""
    if outcome.code not in codes:
        problems.append(f"exit code {outcome.code}, expected {codes}: {outcome.line}")
    elif not re.fullmatch(ERROR, outcome.errors):
        problems.append(f"not one line: {outcome.errors[:300]!r}")


def check_untouched(folder, problems):
    """The old file is there, and nothing else."""
    names = sorted(os.listdir(folder))
    if names != ["out.npy"] or (folder / "out.npy").read_bytes() != b"old":
        problems.append(f"the folder holds {names}")


def run(command, **options):
    return measured.run(command, **options)
