"""What users of a net look at: classes, texts, boxes, masks. Each check compares the float net's outputs with ours.

A check takes two dictionaries of output arrays and gives (what it found, whether that is right).
"""

import numpy


def cosines(expected, got):
    """The mean and the least cosine over the samples."""
    expected, got = (array.reshape(len(array), -1).astype(numpy.float64) for array in (expected, got))
    products = (expected * got).sum(1)
    sizes = numpy.linalg.norm(expected, axis=1) * numpy.linalg.norm(got, axis=1)
    values = numpy.where(sizes > 0, products / numpy.where(sizes > 0, sizes, 1), (expected == got).all(1))
    return float(values.mean()), float(values.min())


def share(equal, total, word, wanted=0.9):
    return f"{equal} of {total} {word}", equal >= wanted * total


def same_class(expected, got):
    name = next(iter(expected))
    pairs = [array[name].reshape(len(array[name]), -1).argmax(1) for array in (expected, got)]
    return share(int((pairs[0] == pairs[1]).sum()), len(pairs[0]), "classes equal")


def same_text(expected, got):
    """Greedy CTC: the best sign of each column, without repetitions and blanks (class 0)."""

    def texts(outputs):
        best = next(iter(outputs.values())).argmax(-1)
        return [tuple(sign for i, sign in enumerate(row) if sign and (i == 0 or row[i - 1] != sign)) for row in best]

    pairs = list(zip(texts(expected), texts(got)))
    return share(sum(a == b for a, b in pairs), len(pairs), "texts equal")


def same_mask(threshold):
    """Intersection over union of what lies above a threshold."""

    def check(expected, got):
        name = next(iter(expected))
        a, b = expected[name] > threshold, got[name] > threshold
        overlap = (a & b).sum() / max((a | b).sum(), 1)
        return f"masks overlap {overlap:.3f}", overlap >= 0.95

    return check


def overlap(box, boxes):
    low, high = numpy.maximum(box[:2], boxes[:, :2]), numpy.minimum(box[2:], boxes[:, 2:])
    shared = (high - low).clip(0).prod(1)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    return shared / numpy.maximum(area + (box[2:] - box[:2]).prod() - shared, 1e-12)


def best_boxes(boxes, scores, threshold):
    """Non-maximum suppression: boxes above the threshold, best first, none overlapping a better one by half."""
    order = numpy.argsort(-scores, kind="stable")
    order = order[scores[order] > threshold]
    kept = []
    while len(order):
        kept.append(boxes[order[0]])
        order = order[1:][overlap(boxes[order[0]], boxes[order[1:]]) < 0.5]
    return numpy.array(kept).reshape(-1, 4)


def same_boxes(decode, threshold, size, tolerance=0.01):
    """Each of the float net's boxes is found by ours within a share of the image, and no other.

    `decode` (outputs, sample) gives corners and scores. A box whose score lies next to the threshold may be missing.
    """

    def check(expected, got):
        worst, missing, total = 0.0, 0, 0
        for sample in range(len(next(iter(expected.values())))):
            sure, ours = best_boxes(*decode(expected, sample), threshold + 0.05), best_boxes(*decode(got, sample), threshold - 0.05)
            total += len(sure)
            for box in sure:
                distances = abs(ours - box).max(1) / size if len(ours) else numpy.array([numpy.inf])
                if distances.min() > 5 * tolerance:
                    missing += 1
                else:
                    worst = max(worst, float(distances.min()))
        return f"{total - missing} of {total} boxes, off by {100 * worst:.2f} % at most", missing == 0 and worst <= tolerance

    return check


def ultraface(outputs, sample):
    boxes, scores = outputs["boxes"][sample], outputs["scores"][sample]
    return boxes, scores[:, 1]


def yolov8(outputs, sample):
    rows = outputs["output0"][sample].T
    return corners(rows[:, :4]), rows[:, 4:].max(1)


def yolox(size):
    """Centres relative to cells, extents as logarithms."""
    cells = [(x, y, stride) for stride in (8, 16, 32) for y in range(size // stride) for x in range(size // stride)]
    grid = numpy.array(cells, numpy.float32)

    def decode(outputs, sample):
        rows = outputs["output"][sample]
        centre = (rows[:, :2] + grid[:, :2]) * grid[:, 2:]
        return corners(numpy.concatenate([centre, numpy.exp(rows[:, 2:4]) * grid[:, 2:]], 1)), rows[:, 4] * rows[:, 5]

    return decode


def corners(rows):
    return numpy.concatenate([rows[:, :2] - rows[:, 2:4] / 2, rows[:, :2] + rows[:, 2:4] / 2], 1)
