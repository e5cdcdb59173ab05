#!/usr/bin/env python3
"""Writes THIRD-PARTY.md: the crates that the program is made of, and their licenses.

Usage: packaging/third_party.py [--check]

With --check, nothing is written, and the exit code is 1 where the file is not what it should be.
"""

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILE = ROOT / "THIRD-PARTY.md"
TEXTS = ("license", "licence", "copying", "unlicense", "notice")
HEAD = """# Third-party software

The program contains these crates. Their licenses follow the table; a text that several of them have is printed once.

| crate | version | license |
|---|---|---|
"""


def metadata():
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)


def shipped(data):
    """The packages that are linked into the program: no tools of the build, and none of the tests."""
    packages = {package["id"]: package for package in data["packages"]}
    nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
    root = data["resolve"]["root"]
    found, left = set(), [root]
    while left:
        for dependency in nodes[left.pop()]["deps"]:
            is_linked = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            is_macro = any("proc-macro" in target["kind"] for target in packages[dependency["pkg"]]["targets"])
            if is_linked and not is_macro and dependency["pkg"] not in found | {root}:
                found.add(dependency["pkg"])
                left.append(dependency["pkg"])
    return sorted((packages[id] for id in found), key=lambda package: (package["name"], package["version"]))


def texts(packages):
    """Every text of a license, with the packages that have it."""
    owners = {}
    for package in packages:
        directory = pathlib.Path(package["manifest_path"]).parent
        files = [path for path in directory.iterdir() if path.is_file() and path.name.lower().startswith(TEXTS)]
        for path in sorted(files):
            text = "\n".join(line.rstrip() for line in path.read_text("utf-8", "replace").strip().splitlines())
            owners.setdefault(text, []).append(package["name"])
    return owners


def render():
    packages = shipped(metadata())
    rows = ["| {name} | {version} | {license} |\n".format(**package) for package in packages]
    parts = [HEAD, *rows]
    for text, owners in texts(packages).items():
        parts.append("\n## {}\n\n```\n{}\n```\n".format(", ".join(sorted(set(owners))), text))
    return "".join(parts)


def main():
    text = render()
    if sys.argv[1:] != ["--check"]:
        FILE.write_text(text, "utf-8")
    elif not FILE.exists() or FILE.read_text("utf-8") != text:
        sys.exit("THIRD-PARTY.md is out of date: run packaging/third_party.py")


main()
