"""The files of spec/threats.md that are to be refused, with the verdicts of spec/vectors.md."""

import re

from hostile_case import Case

def cases(root):
    verdicts = dict(re.findall(r"^\| (\S+\.nnq) \| [^|]* \| ([^|]*) \|$", (root / "spec/vectors.md").read_text(), re.M))
    for line in (root / "spec/threats.md").read_text().splitlines():
        row = re.match(r"\| (S\d+) ", line)
        for name in re.findall(r"`([a-z0-9_/]+\.nnq)`", line) if row else []:
            name = name if name.startswith("valid/") else f"invalid/{name}"
            path = root / "fixtures" / name
            if not verdicts[name].startswith("accept"):
                yield Case(row[1], name, "nnrun", ["--info", path], place_of(verdicts[name]), files=(path,))


def place_of(verdict):
    """How the line names the place of the error."""
    error, place = verdict.split(" at ")
    if not place[0].isdigit():
        return re.escape(f"{place}: {error}")
    offsets = [f"0x{int(number):X}" for number in re.findall(r"\d+", place)]
    return "at byte " + r" \+ ".join(offsets) + r"\b"
