"""Gives every file of spec/vectors.md its verdict, and compares. usage: spec/reference/check_vectors.py"""
import re
import sys
from pathlib import Path

import execute
from model import read_model
from refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]


def container_verdict(path):
    try:
        return "accept " + read_model(path.read_bytes()).digest
    except Refusal as refusal:
        return refusal.verdict


def operators_verdict(path):
    """Of a refusal the error alone: how its place is worded is not in the text."""
    model = read_model(path.read_bytes())
    try:
        execute.check(model)
    except Refusal as refusal:
        return refusal.code
    return f"accept {model.digest} {execute.self_test_digest(model.graph, 0).hex()}"


def unknown_files_of_threats(vectors):
    """Files that spec/threats.md names and that no row of the tables has."""
    named = re.findall(r"`([a-z0-9_/]+\.nnq)`", (ROOT / "spec/threats.md").read_text())
    return [name for name in named if f"| {name} |" not in vectors and f"| invalid/{name} |" not in vectors]


def main():
    failures = count = 0
    vectors = (ROOT / "spec/vectors.md").read_text()
    for name in unknown_files_of_threats(vectors):
        failures += 1
        count += 1
        print(f"{name}: in threats.md, not in vectors.md")
    for line in vectors.splitlines():
        row = re.fullmatch(r"\| ((?:in)?valid/\S+) \| ([^|]*) \| ([^|]*) \|", line)
        if not row:
            continue
        count += 1
        path, wanted = ROOT / "fixtures" / row[1], row[3]
        if "/operators/" not in row[1]:
            got = container_verdict(path)
        else:
            got = operators_verdict(path)
            wanted = wanted.split(" at ")[0]
        if got != wanted:
            failures += 1
            print(f"{row[1]}: {wanted} in vectors.md, {got} by the reference reader")
    print(f"{count - failures} passed, {failures} failed")
    return 1 if failures or not count else 0


if __name__ == "__main__":
    sys.exit(main())
