"""format.md, chapter 6: optional sections."""
import re
import struct
from dataclasses import dataclass

from graph import SMALLEST_SCALE, read_text


@dataclass
class Preprocessing:
    color_order: int
    resize: int
    resize_shorter: int
    mean: list
    std: list


@dataclass
class SelfTest:
    seed: int
    digest: bytes


def read_lines(cursor, limits):
    text = read_text(cursor, cursor.left)
    lines = text.split("\n")
    cursor.require(len(lines) <= limits.lines, "limitExceeded")
    return lines


def read_labels(cursor, limits):
    """6.1, [F53]"""
    lines = read_lines(cursor, limits)
    cursor.require(lines[-1] != "", "invalidText")
    return lines


def read_preprocessing(cursor):
    """6.2"""
    color_order = cursor.unsigned(1)
    cursor.require(color_order <= 2, "valueOutOfRange")
    resize = cursor.unsigned(1)
    cursor.require(resize <= 1, "valueOutOfRange")
    channel_count = cursor.unsigned(2)
    cursor.require(1 <= channel_count <= 4, "valueOutOfRange")
    resize_shorter = cursor.unsigned(4)
    cursor.require(1 <= resize_shorter < 2**31 if resize else resize_shorter == 0, "valueOutOfRange")

    def reals(least):
        values = []
        for _ in range(channel_count):
            values.append(struct.unpack("<f", cursor.take(4))[0])
            cursor.require(least <= values[-1] < float("inf"), "valueOutOfRange")
        return values

    mean = reals(-3.5e38)
    std = reals(SMALLEST_SCALE)
    cursor.end()
    return Preprocessing(color_order, resize, resize_shorter, mean, std)


def read_provenance(cursor, limits):
    """6.3, [F57]"""
    lines = read_lines(cursor, limits)
    keys = []
    for line in lines:
        match = re.fullmatch(r"([A-Za-z0-9._-]+)=(.*)", line, re.DOTALL)
        cursor.require(match is not None and (not keys or match[1] > keys[-1]), "invalidText")
        keys.append(match[1])
    return lines


def read_self_test(cursor):
    """6.4, [F58]"""
    seed, digest = cursor.unsigned(8), bytes(cursor.take(32))
    cursor.end()
    return SelfTest(seed, digest)
