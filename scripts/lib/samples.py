"""Labelled samples of a data folder, split so that no net is calibrated on what it is scored on.

Each function takes the data folder and a working folder and gives a `Samples`. What is scored is in two halves: the one
that options may be tuned on, and one held back, which shows whether the tuning holds elsewhere.
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
    scored: dict  # name of the half -> (samples, labels), the same path where the names of the images hold their class


HALVES = "scored", "held back"


def imagenet(data, work):
    """Images whose number is a multiple of 10 calibrate; of the others every second is held back."""
    images = sorted((data / "imagenet").glob("*.jpg"))
    scored = [image for image in images if int(image.stem) % 10]
    calibration = linked(work / "imagenet-calibration", (image for image in images if int(image.stem) % 10 == 0))
    halves = (linked(work / f"imagenet-{half.replace(' ', '-')}", scored[place::2]) for place, half in enumerate(HALVES))
    return Samples(calibration, {half: (folder, folder) for half, folder in zip(HALVES, halves)})


def cifar10(data, work):
    folder = data / "cifar10"
    calibration = npy_rows(folder / "train_images.npy", 0, CALIBRATION_COUNT, work / "cifar10-calibration.npy")
    return Samples(calibration, npy_halves(folder / "test_images.npy", folder / "test_labels.npy", 0, 5000, work))


def kws(data, work):
    """The first 100 features calibrate, the other 500 are scored."""
    folder = data / "kws"
    calibration = npy_rows(folder / "features.npy", 0, 100, work / "kws-calibration.npy")
    return Samples(calibration, npy_halves(folder / "features.npy", folder / "labels.npy", 100, 600, work))


def mnist(data, work):
    return idx_samples(data / "mnist", work)


def fashion(data, work):
    return idx_samples(FASHION, work)


def idx_samples(folder, work):
    calibration = idx_rows(folder / "train-images-idx3-ubyte.gz", 0, CALIBRATION_COUNT, work / f"{folder.name}-calibration.idx3.gz")
    files = [folder / name for name in ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")]
    return Samples(calibration, {
        half: tuple(idx_rows(file, start, start + 5000, work / f"{folder.name}-{start}-{file.name}") for file in files)
        for half, start in zip(HALVES, (0, 5000))
    })  # fmt: skip


def npy_halves(samples, labels, start, end, work):
    """The halves of rows start..<end."""
    middle = (start + end) // 2
    return {
        half: tuple(npy_rows(file, *rows, work / f"{file.parent.name}-{rows[0]}-{file.name}") for file in (samples, labels))
        for half, rows in zip(HALVES, ((start, middle), (middle, end)))
    }


def linked(folder, images):
    """A folder of links to these images."""
    folder.mkdir(exist_ok=True)
    for image in images:
        link = folder / image.name
        link.exists() or link.symlink_to(image.resolve())
    return folder


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


def idx_rows(source, start, end, target):
    """Writes rows start..<end of a gzipped IDX file of bytes as another."""
    raw = gzip.decompress(source.read_bytes())
    shape = struct.unpack_from(f">{raw[3]}I", raw, 4)
    body = 4 + 4 * len(shape)
    row_bytes = math.prod(shape[1:])
    header = raw[:4] + struct.pack(f">{len(shape)}I", end - start, *shape[1:])
    target.write_bytes(gzip.compress(header + raw[body + start * row_bytes : body + end * row_bytes], mtime=0))
    return target


def first(path, count, work):
    """The first `count` samples of a folder of images, an .npy or an IDX file, as a path of the same kind."""
    if path.is_dir():
        return linked(work / f"{path.name}-first-{count}", sorted(path.iterdir())[:count])
    target = work / f"first-{count}-{path.name}"
    return npy_rows(path, 0, count, target) if path.suffix == ".npy" else idx_rows(path, 0, count, target)
