#!/usr/bin/env python3
"""Damaged environments under Wine: every command ends with a documented exit code, in a report that can be read.

Usage: hostile.py --bin PROGRAM --root ROOT --exe EXE [--count N] [--seed S] [--layout NUMBER] [--verify]

ROOT is what `prepare.sh` made, EXE the program for Windows, and PROGRAM the same program for this system, which must print
the same about what EXE records. `--verify` also shows where the Pythons do something else than what is predicted, which they
may: some of the damage is of a kind that decides nothing on Windows itself.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys

import replays
from damage import Damaged, damage
from environments import disagreements
from layout import PROGRAM, Release
from wine import VERSIONS, errors, job, output, prepared

PLACE = "C:\\hostile"
# The commands of which each layout is asked; where it has a document, its schema decides what can be read.
COMMANDS = {
    "check files": ["check", "--files", "--format", "json"],
    "scan": ["scan", "--format", "json"],
    "scan text": ["scan", "--check", "--format", "text"],
    "which": ["which", "--format", "json", "os", "pip", "x.y", "pkg", "--python"],
    "shadowed": ["which", "--shadowed"],
    "fix": ["fix", "--dry-run", "--format", "json"],
    "fix text": ["fix", "--dry-run", "--unsafe"],
    "check text": ["check"],
}
DOCUMENTED = {0, 1, 2}


class Hostile:
    """One damaged environment, and what is typed to name it."""

    def __init__(self, seed, number):
        self.rng = random.Random("%s %s" % (seed, number))
        self.number = number
        self.release = Release(self.rng.choice(VERSIONS))
        self.path = "%s\\%d" % (PLACE, number)
        scripts = self.path + "\\v\\Scripts\\"
        forms = [self.path + "\\v", scripts + "python.exe", scripts + "python", ".\\v", "v/Scripts/python.exe", ".venv"]
        self.typed = self.rng.choice(forms)
        self.damages = []
        self.is_beyond = False

    def build(self, drive):
        real = drive.path(self.path)
        shutil.rmtree(real, ignore_errors=True)
        os.makedirs(real)
        for source, name in ((self.release.base, "base"), (self.release.environment, "v")):
            subprocess.run(["cp", "-al", drive.path(source), os.path.join(real, name)], check=True)
        damaged = Damaged(self.rng, self.release, self.path, real)
        damaged.write(os.path.join(real, "v", "pyvenv.cfg"), "home = %s\\base\r\n" % self.path)
        self.damages = damage(damaged)
        self.is_beyond = damaged.is_beyond

    def jobs(self):
        for name, words in COMMANDS.items():
            typed = "." if name.startswith("scan") else self.typed
            yield job("%d %s" % (self.number, name), [PROGRAM, *words, typed], self.path)
        yield from replays.jobs(str(self.number), self.typed, self.path)


def wrong(name, result):
    """What is wrong with how a command ended, if anything."""
    status, out, err = result["status"], output(result), errors(result)
    if status not in DOCUMENTED:
        return "exit code %s: %s" % (status, err[-300:])
    if b"panicked" in err:
        return "a panic: %s" % err[-300:]
    if not out and not (status == 2 and err):
        return "nothing is printed"
    try:
        text = out.decode()
    except UnicodeDecodeError as error:
        return "no text: %s" % error
    if text.startswith("{"):
        try:
            # `scan` prints a document a line.
            for line in text.splitlines() if " scan" in name else [text]:
                json.loads(line)
        except ValueError as error:
            return "no document: %s" % error
    elif any(ord(c) < 32 and c != "\n" or 127 <= ord(c) < 160 for c in text + err.decode("utf-8", "replace")):
        return "control characters: %s" % ascii(text + err.decode("utf-8", "replace"))
    return None


def complaints(layout, results, program):
    """What is wrong with how the commands ended, and with what is said about records."""
    for it in layout.jobs():
        complaint = wrong(it["id"], results[it["id"]])
        if complaint:
            yield "%s: %s" % (it["id"], complaint)
    # Wine follows the symlinks of Linux and does not show them, so that they cannot be recorded.
    if not layout.is_beyond:
        for form, here, there in replays.differences(program, results, str(layout.number)):
            yield "%d %s\n      here  %s\n      there %s" % (layout.number, form, here, there)


def run(wine, layouts, options):
    """Builds some layouts and asks the program about all of them; how often it ran, and what is wrong."""
    for layout in layouts:
        layout.build(wine.drive)
    results = wine.judge([it for layout in layouts for it in layout.jobs()])
    found = 0
    for layout in layouts:
        complained = list(complaints(layout, results, options.bin))
        found += len(complained)
        if complained:
            print("%d: Python %s, %r, %s" % (layout.number, layout.release.version, layout.typed, layout.damages))
            print("\n".join("  " + complaint for complaint in complained), flush=True)
        for difference in disagreements(results["%d verify" % layout.number]) if options.verify else ():
            print("%d: verify: %s %s" % (layout.number, layout.damages, json.dumps(difference)))
        if options.layout is None:
            shutil.rmtree(wine.drive.path(layout.path))
    return len(results), found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--layout", type=int)
    parser.add_argument("--verify", action="store_true")
    options, wine = prepared(parser)
    if options.verify:
        COMMANDS["verify"] = ["verify", "--format", "json"]
    for version in VERSIONS:
        wine.make_environment(Release(version))
    numbers = range(options.count) if options.layout is None else [options.layout]
    runs, found = 0, 0
    for start in range(0, len(numbers), 20):
        layouts = [Hostile(options.seed, number) for number in numbers[start : start + 20]]
        done = run(wine, layouts, options)
        runs, found = runs + done[0], found + done[1]
    print("== hostile: %d layouts, %d runs, %d complaints" % (len(numbers), runs, found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
