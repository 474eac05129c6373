"""Labelled samples of a data folder, split so that no net is calibrated on what it is scored on.

Each function takes the data folder and a working folder and gives a `Samples`.
"""

import ast
import gzip
import math
import pathlib
import struct
from dataclasses import dataclass

FASHION = pathlib.Path("/usr/share/datasets/fashion-mnist")  # Debian's dataset-fashion-mnist
CALIBRATION_COUNT = 200


@dataclass(frozen=True)
class Samples:
    calibration: pathlib.Path
    scored: pathlib.Path
    labels: pathlib.Path  # equal to `scored` where the names of the images hold their class


def imagenet(data, work):
    """Images whose number is a multiple of 10 calibrate, the others are scored."""
    folders = work / "imagenet-calibration", work / "imagenet-scored"
    for folder in folders:
        folder.mkdir(exist_ok=True)
    for image in sorted((data / "imagenet").glob("*.jpg")):
        link = folders[0 if int(image.stem) % 10 == 0 else 1] / image.name
        link.exists() or link.symlink_to(image.resolve())
    return Samples(folders[0], folders[1], folders[1])


def cifar10(data, work):
    folder = data / "cifar10"
    calibration = npy_rows(folder / "train_images.npy", 0, CALIBRATION_COUNT, work / "cifar10-calibration.npy")
    return Samples(calibration, folder / "test_images.npy", folder / "test_labels.npy")


def kws(data, work):
    """The first 100 features calibrate, the other 500 are scored."""
    folder = data / "kws"
    return Samples(
        npy_rows(folder / "features.npy", 0, 100, work / "kws-calibration.npy"),
        npy_rows(folder / "features.npy", 100, None, work / "kws-scored.npy"),
        npy_rows(folder / "labels.npy", 100, None, work / "kws-labels.npy"),
    )


def mnist(data, work):
    return idx_samples(data / "mnist", work / "mnist-calibration.idx3.gz")


def fashion(data, work):
    return idx_samples(FASHION, work / "fashion-calibration.idx3.gz")


def idx_samples(folder, calibration):
    idx_rows(folder / "train-images-idx3-ubyte.gz", CALIBRATION_COUNT, calibration)
    return Samples(calibration, folder / "t10k-images-idx3-ubyte.gz", folder / "t10k-labels-idx1-ubyte.gz")


def npy_rows(source, start, end, target):
    """Writes rows start..<end of an .npy file as another."""
    raw = source.read_bytes()
    length_format, length_size = ("<H", 2) if raw[6] == 1 else ("<I", 4)
    body = 8 + length_size + struct.unpack_from(length_format, raw, 8)[0]
    header = ast.literal_eval(raw[8 + length_size : body].decode())
    row_bytes = (len(raw) - body) // header["shape"][0]
    rows = range(header["shape"][0])[start:end]
    header["shape"] = (len(rows), *header["shape"][1:])
    text = repr(header).encode()
    text += b" " * (math.ceil((10 + len(text) + 1) / 64) * 64 - 10 - len(text) - 1) + b"\n"
    slice_bytes = raw[body + rows.start * row_bytes : body + rows.stop * row_bytes]
    target.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + slice_bytes)
    return target


def idx_rows(source, count, target):
    """Writes the first `count` rows of a gzipped IDX file of bytes as another."""
    raw = gzip.decompress(source.read_bytes())
    shape = struct.unpack_from(f">{raw[3]}I", raw, 4)
    body = 4 + 4 * len(shape)
    header = raw[:4] + struct.pack(f">{len(shape)}I", count, *shape[1:])
    target.write_bytes(gzip.compress(header + raw[body : body + count * math.prod(shape[1:])], mtime=0))
    return target


def first(path, count, work):
    """The first `count` samples of a folder of images, an .npy or an IDX file, as a path of the same kind."""
    if path.is_dir():
        folder = work / f"{path.name}-first-{count}"
        folder.mkdir(exist_ok=True)
        for image in sorted(path.iterdir())[:count]:
            link = folder / image.name
            link.exists() or link.symlink_to(image.resolve())
        return folder
    target = work / f"first-{count}-{path.name}"
    return npy_rows(path, 0, count, target) if path.suffix == ".npy" else idx_rows(path, count, target)
