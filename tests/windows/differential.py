#!/usr/bin/env python3
"""Compares `explain --snapshot` with real Pythons for Windows under Wine, over generated layouts.

Usage: differential.py --bin PROGRAM --root ROOT [--count N] [--seed S] [--only RELEASE] [--layout ID]

ROOT is what `prepare.sh` made: a Debian root directory with Wine, and the Pythons on the drive of a Wine prefix in it.
"""

import argparse
import ast
import collections
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys

import kinds
from compare import compare
from layout import Drive, Release

HERE = os.path.dirname(os.path.abspath(__file__))
PREFIX = "srv/venv-doctor/prefix"
VERSIONS = ["3.8.10", "3.9.10", "3.10.11", "3.11.9", "3.12.9", "3.13.2"]
# A Python of another release than most: it runs `judge.py`.
JUDGE = "C:\\Py312\\python.exe"


class Wine:
    """Wine in its root directory, which has a `/proc` of its own while a program runs."""

    def __init__(self, root, prefix):
        self.root = os.path.abspath(root)
        self.prefix = prefix
        self.drive = Drive(os.path.join(self.root, prefix, "drive_c"))

    def run(self, *words):
        inside = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'
        variables = [
            "HOME=/" + self.prefix,
            "WINEPREFIX=/" + self.prefix,
            "WINEDEBUG=-all",
            "LC_ALL=C.UTF-8",
            "PATH=/usr/bin:/bin",
        ]
        command = ["unshare", "--mount", "sh", "-c", inside, self.root, "/usr/bin/env", "-i", *variables]
        return subprocess.run(
            command + ["/usr/lib/wine/wine64", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def judge(self, jobs):
        """Starts all layouts; the results by their names."""
        directory = self.drive.path("C:\\judge")
        os.makedirs(directory, exist_ok=True)
        shutil.copy(os.path.join(HERE, "judge.py"), directory)
        with open(os.path.join(directory, "jobs.json"), "w", encoding="utf-8") as file:
            json.dump(jobs, file)
        results = os.path.join(directory, "results.json")
        if os.path.exists(results):
            os.unlink(results)
        ended = self.run(JUDGE, "C:\\judge\\judge.py", "C:\\judge\\jobs.json", "C:\\judge\\results.json")
        if not os.path.exists(results):
            sys.exit("the judge failed: " + ended.stdout.decode("utf-8", "replace"))
        with open(results, encoding="utf-8") as file:
            return {result["id"]: result for result in json.load(file)}

    def make_environment(self, release):
        """The environment that layouts copy."""
        if not os.path.exists(self.drive.path(release.environment + "\\pyvenv.cfg")):
            self.run(release.base + "\\python.exe", "-m", "venv", "--without-pip", release.environment)
        if not os.path.exists(self.drive.path(release.environment + "\\pyvenv.cfg")):
            sys.exit("venv of %s failed" % release.version)


def predict(program, snapshot, directory):
    snapshot["files"].append({"path": "C:\\windows\\system32", "type": "directory"})
    path = os.path.join(directory, "snapshot-%d.json" % os.getpid())
    with open(path, "w", encoding="utf-8") as file:
        json.dump(snapshot, file)
    ended = subprocess.run(
        [program, "explain", "--snapshot", path, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    if not ended.stdout:
        sys.exit("explain failed: " + ended.stderr.decode("utf-8", "replace"))
    return json.loads(ended.stdout)


def recorded(work, jobs, snapshots, judge):
    """The results, of which those of the same layouts are kept from one run to the next."""
    path = os.path.join(work, "windows-results.json")
    known = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            known = json.load(file)
    keys = {}
    for job, snapshot in zip(jobs, snapshots):
        described = json.dumps([job, snapshot], sort_keys=True).encode()
        keys[job["id"]] = hashlib.sha256(described).hexdigest()
    new = [job for job in jobs if keys[job["id"]] not in known]
    if new:
        known.update((keys[name], result) for name, result in judge(new).items())
        with open(path, "w", encoding="utf-8") as file:
            json.dump(known, file)
    return {job["id"]: known[keys[job["id"]]] for job in jobs}


def observe(result):
    """What the probe wrote, if it came so far."""
    parts = result["out"].split("@@")
    found = ast.literal_eval(parts[1]) if len(parts) == 3 else None
    return {"found": found, "status": result["status"], "lines": result["err"].splitlines()}


def show(layout, differences):
    print("%s %s" % (layout.id, " ".join(layout.kinds)))
    print("    typed %r in %r, %s %r, flags %s" % (layout.what_is_typed(), layout.cwd, *layout.launch, layout.flags))
    if layout.cfg is not None:
        print("    pyvenv.cfg: %r at %s" % (layout.cfg, layout.cfg_paths))
    usual = ("APPDATA", "PATH", "SYSTEMROOT", "USERPROFILE")
    print(
        "    variables %r"
        % {
            name: value
            for name, value in layout.environment.items()
            if name not in usual or name == "PATH" and layout.program
        }
    )
    if layout.registry:
        print("    registry %r" % layout.registry)
    for path, content in layout.files.items():
        if not content.startswith(kinds.PROBE.encode()[:20]):
            print("    file %s %r" % (path, content[:200]))
    for field, predicted, real in differences:
        print("  %s\n      predicted %s\n      real      %s" % (field, predicted, real))


def run(wine, program, release, layouts, work):
    """One release; the names of the layouts that are equal, and the differences of the others."""
    for layout in layouts:
        layout.build(wine.drive)
    snapshots = [layout.snapshot(wine.drive) for layout in layouts]
    jobs = [layout.job(kinds.PROBE) for layout in layouts]
    results = recorded(work, jobs, snapshots, wine.judge)
    equal = 0
    fields = collections.Counter()
    for layout, snapshot in zip(layouts, snapshots):
        report = predict(program, snapshot, work)
        differences = compare(report, observe(results[layout.id]), layout)
        if differences:
            show(layout, differences)
            fields.update(field for field, _, _ in differences)
        else:
            equal += 1
        layout.remove(wine.drive)
    print("== %s: %d layouts, %d equal %s" % (release.version, len(layouts), equal, dict(fields)), flush=True)
    return equal == len(layouts)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--root", required=True)
    parser.add_argument("--prefix", default=PREFIX)
    parser.add_argument("--work", default="/tmp")
    parser.add_argument("--count", type=int, default=160)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only")
    parser.add_argument("--layout")
    options = parser.parse_args()
    wine = Wine(options.root, options.prefix)
    good = True
    for version in VERSIONS:
        release = Release(version)
        if options.only and options.only != release.winver:
            continue
        wine.make_environment(release)
        layouts = [
            kinds.draw(random.Random("%s %s" % (options.seed, number)), release, number)
            for number in range(options.count)
        ]
        if options.layout:
            layouts = [layout for layout in layouts if layout.id == options.layout]
        good &= run(wine, options.bin, release, layouts, options.work)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
