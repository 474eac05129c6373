"""Runs the self-test of integer models. usage: run_model.py FILE..."""
import sys
from pathlib import Path

import execute
from model import read_model


def main():
    failures = 0
    for path in sys.argv[1:]:
        model = read_model(Path(path).read_bytes())
        execute.check(model)
        if model.self_test is None:
            print(f"{path}: no self-test")
            continue
        equal = execute.self_test_digest(model.graph, model.self_test.seed) == model.self_test.digest
        failures += not equal
        print(f"{path}: {'equal' if equal else 'DIFFERENT'}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
