"""Every environment below a directory, by the rules of the manual: a walk that leaves nothing to chance, and takes its time.

Reads a JSON object from standard input (directory as a list of bytes, options) and prints the directories of the environments that
it finds, each as a list of bytes, with their marks.
"""

import json
import os
import re
import sys

PRUNED = {
    (b".git", b"objects"), (b".git", b"refs"), (b".git", b"logs"), (b".git", b"lfs"), (b".hg", b"store"),
    (b".svn", b"pristine"), (b".bzr", b"repository"), (b".jj", b"repo"), (b"node_modules", b".cache"),
}
PRUNED_NAMES = {b"__pycache__", b".mypy_cache", b".ruff_cache", b".pytest_cache"}
OWN = {b"bin", b"Scripts", b"lib", b"lib64", b"Lib", b"include", b"Include", b"share"}
BINS = {b"bin", b"Scripts"}
INTERPRETER = re.compile(rb"(python|pypy)([0-9.]*|[0-9.]+t)(\.exe)?", re.DOTALL)


def own_mark(path):
    """By what a directory itself is an environment."""
    try:
        entries = {entry.name: entry for entry in os.scandir(path)}
    except OSError:
        return None
    dirs = {key for key, entry in entries.items() if entry.is_dir(follow_symlinks=False)}
    programs = [key for key in entries.keys() - dirs if INTERPRETER.fullmatch(key)]
    if b"pyvenv.cfg" in entries and not (os.path.basename(path) in BINS and programs):
        return "pyvenv.cfg"
    return "conda-meta" if b"conda-meta" in dirs else None


def in_place(path, follow):
    """What the file or symlink in the place of a project's environment is told as."""
    venv = os.path.join(path, b".venv")
    if os.path.islink(venv):
        if os.path.isdir(venv):
            return None if follow or own_mark(venv) is None else "symlink"
        try:
            os.stat(venv)
        except FileNotFoundError:
            return "symlink"
        except OSError:
            pass
        return None
    try:
        with open(venv, "rb") as file:
            line = file.readline().strip()
    except OSError:
        return None
    named = os.path.normpath(os.path.join(path, line))
    return "redirect" if line and (b"/" in line or own_mark(named)) else None


def main():
    asked = json.load(sys.stdin)
    found = {}
    places = {}
    entered = set()
    # A directory, its depth, and whether the one above is an environment.
    tasks = [(bytes(asked["directory"]), 0, False)]
    while tasks:
        path, depth, above = tasks.pop()
        if asked["follow"]:
            try:
                status = os.stat(path)
            except OSError:
                continue
            if (status.st_dev, status.st_ino) in entered or not os.path.isdir(path):
                continue
            entered.add((status.st_dev, status.st_ino))
        try:
            entries = {entry.name: entry for entry in os.scandir(path)}
        except OSError:
            continue
        if asked["follow"]:
            # The way that was taken to it decides nothing.
            path = os.path.realpath(path)
            above = own_mark(os.path.dirname(path)) is not None
        name = os.path.basename(path)
        dirs = {key for key, entry in entries.items() if entry.is_dir(follow_symlinks=False)}
        programs = [key for key in entries.keys() - dirs if INTERPRETER.fullmatch(key)]
        activate = entries.keys() & {b"activate", b"activate_this.py", b"activate.bat"}
        is_bin = name in BINS
        mark = None
        if b"pyvenv.cfg" in entries and not (is_bin and programs):
            mark = "pyvenv.cfg"
        elif b"conda-meta" in dirs:
            mark = "conda-meta"
        elif is_bin and programs and not above:
            kind = "pyvenv.cfg in bin" if b"pyvenv.cfg" in entries else "activate" if activate else None
            # Of two directories of programs, bin is the one that counts.
            if kind and (name == b"bin" or os.path.dirname(path) not in found):
                found[os.path.dirname(path)] = kind
        if mark:
            found[path] = mark
        if asked["depth"] is not None and depth >= asked["depth"]:
            continue
        told = in_place(path, asked["follow"]) if b".venv" in entries else None
        if told:
            places[os.path.join(path, b".venv")] = told
        for key, entry in entries.items():
            link = entry.is_symlink()
            if key not in dirs and not (asked["follow"] and link):
                continue
            if mark and key in OWN and not asked["nested"]:
                continue
            if asked["prune"] and (key in PRUNED_NAMES or (name, key) in PRUNED):
                continue
            tasks.append((os.path.join(path, key), depth + 1, mark is not None))
    if asked["follow"]:
        found = {os.path.realpath(path): mark for path, mark in found.items()}
    found.update(places)
    print(json.dumps(sorted([list(path), mark] for path, mark in found.items())))


main()
