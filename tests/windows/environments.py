#!/usr/bin/env python3
"""Real environments under Wine: made by venv, virtualenv and uv, and examined by the program for Windows.

Usage: environments.py --bin PROGRAM --root ROOT --exe EXE [--only WORD]

ROOT is what `prepare.sh` made, EXE the program for Windows, and PROGRAM the same program for this system. For each of the
environments, `verify` must agree on every field in each of the ways in which the Python is called, and PROGRAM must print the
same reports about what EXE records.
"""

import argparse
import collections
import json
import os
import shutil
import sys

import replays
from layout import PROGRAM, Release
from wine import VERSIONS, errors, job, output, prepared

PLACE = "C:\\envs"
EMBEDDED = "C:\\Embed313"
# Each is made by a command for the release, in a directory of its own.
MADE = {
    "venv": ["{python}", "-m", "venv", "--without-pip", "{dir}"],
    "venv with pip": ["{python}", "-m", "venv", "{dir}"],
    "venv of packages": ["{python}", "-m", "venv", "--without-pip", "--system-site-packages", "{dir}"],
    "venv, prompt": ["{python}", "-m", "venv", "--without-pip", "--prompt", "my pr\u00f6mpt", "{dir}"],
    "venv \u00fc": ["{python}", "-m", "venv", "--without-pip", "{dir}"],
    "venv of venv": ["{venv}", "-m", "venv", "--without-pip", "{dir}"],
    "virtualenv": ["{python}", "-m", "virtualenv", "--no-download", "{dir}"],
    "virtualenv, bare": ["{python}", "-m", "virtualenv", "--no-seed", "{dir}"],
    "virtualenv of packages": ["{python}", "-m", "virtualenv", "--no-seed", "--system-site-packages", "{dir}"],
    "virtualenv of venv": ["{venv}", "-m", "virtualenv", "--no-seed", "{dir}"],
    "uv": ["{uv}", "venv", "--offline", "--no-config", "--python", "{python}", "{dir}"],
    "uv of packages": [
        *("{uv}", "venv", "--offline", "--no-config", "--system-site-packages", "--python", "{python}", "{dir}")
    ],
    "uv of venv": ["{uv}", "venv", "--offline", "--no-config", "--python", "{venv}", "{dir}"],
}
# How the Python is called: arguments, and variables.
CALLS = [
    ([], {}),
    (["-I"], {}),
    (["-E", "-s"], {"PYTHONPATH": "C:\\ignored"}),
    (["-S"], {}),
    ([], {"PYTHONPATH": "C:\\some where;rel;.."}),
    ([], {"PYTHONHOME": "C:\\missing"}),
    ([], {"PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1"}),
    (["--launch", "interactive"], {}),
    (["--launch", "module=timeit"], {}),
    (["-X", "utf8", "-X", "frozen_modules=off"], {}),
]


class Environment:
    """A real environment, or an installation."""

    def __init__(self, name, release, python, words=None):
        self.name = name
        self.release = release
        self.python = python
        self.words = words


def planned():
    """All of them; what others are made from comes first."""
    for version in VERSIONS:
        release = Release(version)
        python = release.base + "\\python.exe"
        yield Environment("installation " + release.winver, release, python)
        venv = "%s\\%s venv\\Scripts\\python.exe" % (PLACE, release.tag)
        for kind, words in MADE.items():
            # Wine takes half a minute to install pip.
            if kind == "venv with pip" and release.minor < 13:
                continue
            place = "%s\\%s %s" % (PLACE, release.tag, kind)
            values = {"python": python, "venv": venv, "uv": "C:\\creators\\uv.exe", "dir": place}
            words = [word.format(**values) for word in words]
            yield Environment("%s %s" % (kind, release.winver), release, place + "\\Scripts\\python.exe", words)
    release = Release("3.13.0")
    yield Environment("embeddable 3.13", release, EMBEDDED + "\\python.exe")
    yield Environment("embeddable with site 3.13", release, PLACE + "\\embedded\\python.exe")


def make(wine, environments):
    """Lets their creators make all environments."""
    shutil.rmtree(wine.drive.path(PLACE), ignore_errors=True)
    shutil.copytree(wine.drive.path(EMBEDDED), wine.drive.path(PLACE + "\\embedded"))
    with open(wine.drive.path(PLACE + "\\embedded\\python313._pth"), "a", encoding="utf-8") as file:
        file.write("import site\n")
    variables = {"PYTHONPATH": "C:\\creators\\virtualenv"}
    jobs = [job(it.name, it.words, PLACE, variables) for it in environments if it.words]
    made = wine.judge(jobs)
    for environment in environments:
        if not os.path.exists(wine.drive.path(environment.python)):
            result = made.get(environment.name, {})
            sys.exit("%s was not made: %r" % (environment.name, result))


def verified(environment, call):
    """The job that compares the prediction for one way to call the Python with what the Python shows."""
    arguments, variables = CALLS[call]
    words = [PROGRAM, "verify", "--format", "json", *arguments, "--", environment.python]
    return job("%s %d" % (environment.name, call), words, PLACE, variables)


def disagreements(result):
    """What a report of `verify` has that is not equal."""
    try:
        report = json.loads(output(result))
    except ValueError:
        return ["no report: status %s, %s" % (result["status"], errors(result).decode("utf-8", "replace"))]
    found = [field for field in report["fields"] if not field["agrees"]]
    if not found and result["status"] == 0:
        return []
    return found or [report]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--only", default="")
    options, wine = prepared(parser)
    environments = [it for it in planned() if options.only in it.name or it.name.startswith("venv 3")]
    make(wine, environments)
    results = wine.judge([verified(it, call) for it in environments for call in range(len(CALLS))])
    bad = collections.Counter()
    for name, result in results.items():
        for difference in disagreements(result):
            bad["verify"] += 1
            print("%s: verify: %s" % (name, json.dumps(difference)))
    print("== verify: %d environments, %d runs, %d differences" % (len(environments), len(results), bad["verify"]))
    subjects = [(it.name, it.python) for it in environments]
    good = replays.compare(wine, options.bin, subjects, PLACE)
    shutil.rmtree(wine.drive.path(PLACE), ignore_errors=True)
    sys.exit(0 if good and not bad else 1)


if __name__ == "__main__":
    main()
