"""The tables of scripts/accuracy, and the verdict on each conversion."""

import tools
from nets import CONVERSIONS

SHARES = 0, 0.3, 0.5, 0.7
BITS = 8, 6, 4, 3, 2


def judge(net, result):
    """Adds to each conversion of a result what it lost, its bars, and those that it missed."""
    for kind, conversion in result["conversions"].items():
        allowed, wanted = net.drops.get(kind), net.ratios.get(kind)
        missed = conversion["missed"] = []
        conversion["ratio"] = round(result["onnx_bytes"] / conversion["bytes"], 3)
        if "float" in result:
            for score, lost in (("accuracy", "lost"), ("held_back", "held_back_lost")):
                conversion[lost] = round(result["float"][score] - conversion[score], 3)
        if allowed is not None:
            conversion["allowed"] = float(allowed)
            if conversion["lost"] > allowed:
                missed.append(f"lost {conversion['lost']:.2f} points, {float(allowed)} allowed")
        if wanted is not None:
            conversion["wanted"] = float(wanted)
            if conversion["ratio"] < wanted:
                missed.append(f"{conversion['ratio']:.2f} times smaller, {float(wanted)} wanted")


def bars(results):
    """A line for each net and conversion, with bars and verdict."""
    heading = ["net", "conversion", "float", "top-1", "lost", "allowed", "lost, held back", "KiB", "ONNX / model", "wanted", "verdict"]
    rows = []
    for result in results:
        for kind, conversion in result["conversions"].items():
            number = lambda key, form: form.format(conversion[key]) if key in conversion else "-"
            percent = f"{result['float']['accuracy']:.2f} %" if "float" in result else "-"
            has_bar = "allowed" in conversion or "wanted" in conversion
            verdict = "missed" if conversion["missed"] else "met" if has_bar else "-"
            rows.append([
                result["net"], kind, percent, number("accuracy", "{:.2f} %"), number("lost", "{:.2f}"), number("allowed", "{}"),
                number("held_back_lost", "{:.2f}"), kib(conversion), number("ratio", "{:.2f}"), number("wanted", "{}"), verdict,
            ])  # fmt: skip
    return tools.table(heading, rows)


def overview(results):
    """A line for each net."""
    heading = ["net", "float", *CONVERSIONS, "ONNX KiB", *(f"{kind}, KiB" for kind in CONVERSIONS)]
    rows = []
    for result in results:
        conversions = [result["conversions"][kind] for kind in CONVERSIONS]
        scored = [result.get("float", {}), *conversions]
        percents = [f"{score['accuracy']:.2f} %" if "accuracy" in score else "-" for score in scored]
        rows.append([result["net"], *percents, f"{result['onnx_bytes'] / 1024:.0f}", *map(kib, conversions)])
    return tools.table(heading, rows)


def frontier(results):
    """Accuracy and size for each share and number of bits, a table for each net."""
    texts = []
    for result in results:
        rows = []
        for share in SHARES:
            cells = [result["conversions"][f"{share} {bits}"] for bits in BITS]
            rows.append([f"{share:.0%} removed", *(cell(conversion) for conversion in cells)])
        percent = f", float {result['float']['accuracy']:.2f} %" if "float" in result else ""
        texts.append(f"{result['net']}: {result['onnx_bytes'] / 1024:.0f} KiB{percent}\n\n")
        texts.append(tools.table(["", *(f"{bits} bits" for bits in BITS)], rows) + "\n")
    return "".join(texts)


def cell(conversion):
    if "accuracy" not in conversion:
        return f"{kib(conversion)} KiB"
    return f"{conversion['accuracy']:.2f} % ({conversion['held_back']:.2f}), {kib(conversion)} KiB"


def kib(conversion):
    return f"{conversion['bytes'] / 1024:.1f}" if conversion["bytes"] < 102400 else f"{conversion['bytes'] / 1024:.0f}"
