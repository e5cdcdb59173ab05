#!/usr/bin/env python3
"""Compares `explain` with real Pythons for Windows under Wine, over generated layouts.

Usage: differential.py --bin PROGRAM --root ROOT [--live EXE] [--count N] [--seed S] [--only RELEASE] [--layout ID]

ROOT is what `prepare.sh` made: a Debian root directory with Wine, and the Pythons on the drive of a Wine prefix in it.
Each layout is described in a snapshot, which PROGRAM explains here. With `--live`, EXE, the program for Windows, explains
what is on the drive instead, next to the Python that it is compared with; PROGRAM then explains what EXE records, and must
print the same.
"""

import argparse
import ast
import collections
import hashlib
import json
import os
import random
import subprocess
import sys

import kinds
import replays
from compare import compare
from layout import Release
from wine import PREFIX, VERSIONS, Wine, errors, output


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


def explained(results, layout):
    """The report that the program for Windows printed."""
    result = results[layout.id + " json"]
    if not result["out"]:
        sys.exit("%s: explain failed: %s %s" % (layout.id, result["status"], result["err"]))
    return json.loads(output(result))


def replayed(program, results, layout):
    """How reports of what was recorded differ from those that were printed there."""
    recording = results[layout.id + " snapshot"]
    differences = [("snapshot", "status 0", errors(recording).decode())] if recording["status"] else []
    for form in ("json", "text"):
        ended = replays.replay(program, recording, "explain", "--format", form)
        there = results["%s %s" % (layout.id, form)]
        if (ended.stdout, ended.returncode) != (output(there), there["status"]):
            differences.append(("replayed " + form, *replays.first_difference(ended.stdout + ended.stderr, output(there))))
    return differences


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


def run(wine, release, layouts, options):
    """One release; whether all layouts are equal."""
    program, work = options.bin, options.work
    for layout in layouts:
        layout.build(wine.drive)
    snapshots = [layout.snapshot(wine.drive) for layout in layouts]
    jobs = [layout.job(kinds.PROBE) for layout in layouts]
    results = recorded(work, jobs, snapshots, wine.judge)
    live = wine.judge([job for layout in layouts for job in layout.live_jobs()]) if options.live else None
    equal = 0
    fields = collections.Counter()
    for layout, snapshot in zip(layouts, snapshots):
        report = explained(live, layout) if live else predict(program, snapshot, work)
        differences = compare(report, observe(results[layout.id]))
        if live:
            differences += replayed(program, live, layout)
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
    parser.add_argument("--live")
    parser.add_argument("--prefix", default=PREFIX)
    parser.add_argument("--work", default="/tmp")
    parser.add_argument("--count", type=int, default=160)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only")
    parser.add_argument("--layout")
    options = parser.parse_args()
    wine = Wine(options.root, options.prefix)
    if options.live:
        wine.install(options.live)
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
        good &= run(wine, release, layouts, options)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
