"""Faults of disks and of files."""

import contextlib
import os
import random
import resource
import shutil
import subprocess
import threading

import measured
from faults_setting import WIDTH, array, check_refusal, check_untouched, run

NOBODY = 65534


def disk_full(setting, problems):
    """On a file system of 128 KiB."""
    folder = setting.folder / "disk"
    folder.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "none", folder], capture_output=True)
    if mount.returncode != 0:
        return "skipped, for mount needs root"
    try:
        (folder / "out.npy").write_bytes(b"old")
        for command in writers(setting, folder):
            check_refusal(run(command), [73], problems)
            check_untouched(folder, problems)
    finally:
        subprocess.run(["umount", folder], check=True)
    return "the old files are whole"


def file_size_limit(setting, problems):
    folder = setting.output_folder()
    for command in writers(setting, folder):
        for limit in (0, 1, 4096, 100_000):
            check_refusal(run(command, prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))), [73], problems)
            check_untouched(folder, problems)
    return "the old files are whole"


def writers(setting, folder):
    """Commands that write to `out.npy`, or to another file beside it, megabytes or at least a page."""
    yield setting.nnconv(folder / "out.npy", "--force")
    yield setting.nnconv(folder / "new")
    yield setting.nnrun("--force", "--output", folder / "out.npy", setting.models[0], setting.samples)
    yield setting.nnrun("--output", folder / "new.npy", setting.models[0], setting.samples)
    yield setting.nnrun("--dump-layer", f"y={folder / 'out.npy'}", "--force", setting.models[0], setting.samples)


def standard_output_full(setting, problems):
    for arguments in (["--info", setting.models[0]], [setting.models[0], setting.samples], ["--list-isa"], ["--help"]):
        with open("/dev/full", "wb") as full:
            result = subprocess.run(setting.nnrun(*arguments), stdout=full, stderr=subprocess.PIPE)
        outcome = measured.Outcome(result.returncode, result.stderr.decode(), len(result.stderr), 0, 0)
        check_refusal(outcome, [1], problems)
    return "is said"


def folder_without_permission(setting, problems):
    if os.geteuid() != 0:
        return "skipped, for changing the user needs root"
    folder = setting.output_folder()
    folder.chmod(0o555)
    for command in writers(setting, folder):
        check_refusal(run(command, prepare=lambda: os.setuid(NOBODY)), [73], problems)
        check_untouched(folder, problems)
    secret = setting.folder / "secret.nnq"
    shutil.copy(setting.models[0], secret)
    secret.chmod(0)
    check_refusal(run(setting.nnrun("--info", secret), prepare=lambda: os.setuid(NOBODY)), [66], problems)
    return "the old files are whole"


def model_that_changes(setting, problems):
    """What was read is what was checked: the output is that of one of both models, or an error."""
    path = setting.folder / "changing.nnq"
    outputs = [output_of(setting, model) for model in setting.models]
    contents = [model.read_bytes() for model in setting.models]

    def change():
        kind = random.randrange(4)
        with open(path, "r+b" if path.exists() and kind else "wb") as file:
            if kind == 1:
                file.truncate(random.randrange(len(contents[0])))
            elif kind == 2:
                file.seek(random.randrange(len(contents[0])))
                file.write(random.randbytes(8))
            else:
                file.write(random.choice(contents))

    counts = [0, 0]
    with changing(change):
        for _ in range(setting.rounds):
            path.write_bytes(contents[0])
            out = setting.folder / "changing.npy"
            outcome = run(setting.nnrun("--force", "--output", out, path, setting.samples))
            counts[outcome.code != 0] += 1
            if outcome.code:
                check_refusal(outcome, [65], problems)
            elif out.read_bytes() not in outputs:
                problems.append("another output than that of either model")
    return f"{counts[0]} runs right, {counts[1]} errors"


def samples_that_shrink(setting, problems):
    path, whole = setting.folder / "shrinking.npy", array(64, WIDTH)
    counts = [0, 0]

    def change():
        with contextlib.suppress(FileNotFoundError):
            os.truncate(path, random.randrange(len(whole)))

    for command in (setting.nnrun(setting.models[0], path), setting.nnconv(setting.folder / "calibrated", "--dry-run", "--calib", path)):
        with changing(change):
            for _ in range(setting.rounds // 2):
                path.write_bytes(whole)
                outcome = run(command)
                counts[outcome.code != 0] += 1
                if outcome.code:
                    check_refusal(outcome, [65], problems)
    return f"{counts[0]} runs right, {counts[1]} errors"


def files_that_vanish(setting, problems):
    """A file that is open stays whole when its name goes; one that is not yet open is missing."""
    counts = [0, 0]
    for source, command in (
        (setting.models[0], lambda path: setting.nnrun(path, setting.samples)),
        (setting.samples, lambda path: setting.nnrun(setting.models[0], path)),
        (setting.net, lambda path: [setting.commands / "nnconv", "--quiet", "--dry-run", path, setting.folder / "vanished"]),
    ):
        path = setting.folder / f"vanishing{source.suffix}"
        with changing(lambda: path.unlink(missing_ok=True)):
            for _ in range(setting.rounds // 4):
                path.write_bytes(source.read_bytes())
                outcome = run(command(path))
                counts[outcome.code != 0] += 1
                if outcome.code:
                    check_refusal(outcome, [66], problems)
    return f"{counts[0]} runs right, {counts[1]} errors"


def pipe_that_ends_early(setting, problems):
    data = setting.models[0].read_bytes()
    for byte_count in (0, 1, 63, 64, 1000, len(data) // 2, len(data) - 1):
        feed = subprocess.Popen(["head", "-c", str(byte_count), setting.models[0]], stdout=subprocess.PIPE)
        check_refusal(run(setting.nnrun("--verify", "/dev/stdin"), stdin=feed.stdout), [65], problems)
        feed.stdout.close()
        feed.wait()
    return "is refused"


def output_of(setting, model):
    path = model.with_suffix(".npy")
    outcome = run(setting.nnrun("--output", path, model, setting.samples))
    assert outcome.code == 0, outcome.errors
    return path.read_bytes()


@contextlib.contextmanager
def changing(change):
    """Calls `change` at random moments, from a thread."""
    stop = threading.Event()

    def work():
        while not stop.wait(random.uniform(0, 0.03)):
            with contextlib.suppress(FileNotFoundError):
                change()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


faults = [
    disk_full, file_size_limit, standard_output_full, folder_without_permission, model_that_changes, samples_that_shrink,
    files_that_vanish, pipe_that_ends_early,
]
