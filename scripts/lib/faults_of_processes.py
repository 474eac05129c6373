"""Faults of processes: killed, short of memory, in each other's way."""

import os
import random
import resource
import subprocess
import time

from faults_setting import check_refusal, run

MIB = 1 << 20


def killed_while_writing(setting, problems):
    """SIGKILL at any moment, half of the time close to the end, when the file is written."""
    whole = [model.read_bytes() for model in setting.models]
    counts = {"old": 0, "new": 0, "temporary": 0}
    for force in (False, True):
        duration = run(setting.nnconv(setting.folder / f"timed{force}")).milliseconds / 1000
        for round in range(setting.rounds):
            folder = setting.output_folder()
            path = folder / ("out.npy" if force else "new")
            moment = random.uniform(0.8, 1.3) if round % 2 else random.random()
            kill_after(duration * moment, setting.nnconv(path, *["--force"] * force))
            names = set(os.listdir(folder)) - {"out.npy", "new"}
            counts["temporary"] += len(names)
            contents = path.read_bytes() if path.exists() else b"old"
            counts["old" if contents == b"old" else "new"] += 1
            if contents != b"old" and contents not in whole:
                problems.append(f"{path.name} holds {len(contents)} bytes, a part")
            if names and not force:
                problems.append(f"left behind: {names}")
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def kill_after(seconds, command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    process.kill()
    process.wait()


def two_writers_to_one_path(setting, problems):
    whole = [model.read_bytes() for model in setting.models]
    for round in range(setting.rounds):
        force = round % 2 == 1
        folder = setting.output_folder()
        path = folder / ("out.npy" if force else "new")
        writers = [
            subprocess.Popen(setting.nnconv(path, *["--force"] * force, bits=bits), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for bits in (8, 4)
        ]
        codes = sorted(writer.wait() for writer in writers)
        if codes != ([0, 0] if force else [0, 73]):
            problems.append(f"exit codes {codes}")
        if path.read_bytes() not in whole:
            problems.append("the file is none of both models")
        if set(os.listdir(folder)) != {"out.npy", path.name}:
            problems.append(f"the folder holds {os.listdir(folder)}")
    return "one of them wins, the other says so; with --force the last"


def address_space_limit(setting, problems):
    """From what lets no program start to what is enough."""
    counts = {}
    commands = [
        setting.nnrun("--info", setting.models[0]), setting.nnrun(setting.models[0], setting.samples),
        setting.nnconv(setting.folder / "limited", "--dry-run"),
    ]
    for command in commands:
        for mib in range(40, 400, 12):
            limit = mib * MIB
            outcome = run(command, prepare=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
            counts[outcome.code] = counts.get(outcome.code, 0) + 1
            if outcome.code == 127 or "error while loading shared libraries" in outcome.errors:
                continue  # the system could not start it
            if outcome.code != 0:
                check_refusal(outcome, [1], problems)
    return "exit codes " + ", ".join(f"{code}: {count}" for code, count in sorted(counts.items()))


faults = [killed_while_writing, two_writers_to_one_path, address_space_limit]
