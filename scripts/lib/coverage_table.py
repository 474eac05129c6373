"""Prints the shares of lines in llvm-cov's JSON. usage: coverage_table.py FILE.json FOLDER..."""

import json
import pathlib
import sys

BAR = 0.95


def line(name, count, covered):
    return f"{covered / count:7.2%} {covered:6} of {count:6}  {name}"


def rows_of(folder, files):
    """Name, lines and lines run of each file below Sources/FOLDER."""
    for file in files:
        _, found, name = file["filename"].partition(f"/Sources/{folder}/")
        lines = file["summary"]["lines"]
        if found and lines["count"]:
            yield name, lines["count"], lines["covered"]


def main():
    files = json.loads(pathlib.Path(sys.argv[1]).read_text())["data"][0]["files"]
    failures = 0
    for folder in sys.argv[2:]:
        rows = list(rows_of(folder, files))
        count, covered = sum(row[1] for row in rows), sum(row[2] for row in rows)
        failures += covered < BAR * count
        print(line(folder, count, covered))
        for name, count, covered in sorted(rows, key=lambda row: row[2] / row[1]):
            if covered < BAR * count:
                print(line("  " + name, count, covered))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
