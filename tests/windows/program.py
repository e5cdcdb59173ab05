#!/usr/bin/env python3
"""The program for Windows as a program, under Wine: names, launchers, exit codes, a console, repairs.

Usage: program.py --root ROOT --exe EXE

ROOT is what `prepare.sh` made, and EXE the program for Windows. What is said about launchers and names is compared with what
happens when they are started.
"""

import argparse
import fcntl
import json
import os
import pty
import re
import select
import shutil
import struct
import sys
import termios
import time
import zipfile

from layout import PROGRAM
from wine import errors, job, output, prepared

PLACE = "C:\\program tests"
PYTHON = "C:\\Py312\\python.exe"
UV = ["C:\\creators\\uv.exe"]
OFFLINE = ["--offline", "--no-config"]
COLUMNS = 80


class Tests:
    def __init__(self, wine):
        self.wine = wine
        self.count = 0
        self.wrong = 0
        shutil.rmtree(self.real(), ignore_errors=True)
        os.makedirs(self.real())

    def real(self, *names):
        """A path in the directory of the tests as Linux sees it."""
        return os.path.join(self.wine.drive.path(PLACE), *names)

    def run(self, words, cwd=PLACE, **variables):
        return self.wine.judge([job("it", words, cwd, variables)])["it"]

    def must(self, words, **variables):
        result = self.run(words, **variables)
        if result["status"] != 0:
            sys.exit("%s failed: %r" % (words, result))

    def check(self, what, found, wanted):
        self.count += 1
        if found != wanted:
            self.wrong += 1
            print("%s\n      is        %r\n      should be %r" % (what, found, wanted))

    def explained(self, words, **variables):
        result = self.run([PROGRAM, "explain", "--format", "json", "--", *words], **variables)
        return json.loads(output(result)) if result["out"] else {"outcome": {"status": "refused"}}


def make_environments(tests):
    """Three environments with a tool in each: of pip, of uv, and of uv for directories that are moved."""
    wheel = tests.real("tool-1.0-py3-none-any.whl")
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tool.py", "def main():\n    print('the tool')\n")
        archive.writestr("tool-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tool\nVersion: 1.0\n")
        archive.writestr(
            "tool-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr("tool-1.0.dist-info/entry_points.txt", "[console_scripts]\ntool = tool:main\n")
        archive.writestr("tool-1.0.dist-info/RECORD", "")
    wheel = PLACE + "\\tool-1.0-py3-none-any.whl"
    tests.must([PYTHON, "-m", "venv", "pip"])
    tests.must(["pip\\Scripts\\python.exe", "-m", "pip", "install", "--no-index", wheel])
    for name, options in (("uv", []), ("movable", ["--relocatable"])):
        tests.must([*UV, "venv", *OFFLINE, *options, "--python", PYTHON, name])
        tests.must([*UV, "pip", "install", *OFFLINE, "--no-index", "--python", name, wheel])


def launched(tests, what, program):
    """What is said about a program, and what it does: whether it starts a Python, and what it prints."""
    said, real = tests.explained([program]), tests.run([program])
    starts = said["outcome"]["status"] == "starts"
    tests.check("%s: %s starts" % (what, program), starts, real["status"] == 0)
    printed = errors(real).decode("cp1252").split("\r\n")
    for message in said["messages"]:
        tests.check("%s: %s prints" % (what, program), message in printed, True)


def launchers(tests):
    """Redirectors and launchers whose Python is there, is gone, or was moved."""
    for name in ("pip", "uv", "movable"):
        python, tool = "%s\\%s\\Scripts\\python.exe" % (PLACE, name), "%s\\%s\\Scripts\\tool.exe" % (PLACE, name)
        for program in (python, tool):
            launched(tests, "whole", program)
        os.rename(tests.real(name, "Scripts", "python.exe"), tests.real("away.exe"))
        launched(tests, "without redirector", tool)
        os.rename(tests.real("away.exe"), tests.real(name, "Scripts", "python.exe"))
        cfg = tests.real(name, "pyvenv.cfg")
        with open(cfg, encoding="utf-8") as file:
            text = file.read()
        os.unlink(cfg)
        launched(tests, "no pyvenv.cfg", python)
        for what, changed in (
            ("no home", ""),
            ("home is gone", text.replace("C:\\Py312", "C:\\gone")),
            ("another home", text.replace("C:\\Py312", "C:\\Py313")),
        ):
            with open(cfg, "w", encoding="utf-8") as file:
                file.write(changed)
            for program in (python, tool):
                launched(tests, what, program)
        with open(cfg, "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(tests.real(name), tests.real("moved"))
        for program in ("python.exe", "tool.exe"):
            launched(tests, "moved", PLACE + "\\moved\\Scripts\\" + program)
        os.rename(tests.real("moved"), tests.real(name))
        shutil.copy(tests.real(name, "Scripts", "tool.exe"), tests.real(name + "-tool.exe"))
        launched(tests, "copied", PLACE + "\\" + name + "-tool.exe")


def names(tests):
    """A bare name is what a shell finds: the directories of PATH, and in each the endings of PATHEXT."""
    for name, content in (("bat", "@echo batch\r\n"), ("exe", None), ("none", "#!/bin/sh\n")):
        os.makedirs(tests.real("on path", name))
        file = tests.real("on path", name, "python" if name == "none" else "python." + name)
        if content is None:
            shutil.copytree(tests.real("pip"), tests.real("on path", name), dirs_exist_ok=True)
            shutil.copy(tests.real("pip", "Scripts", "python.exe"), file)
        else:
            with open(file, "w", encoding="utf-8") as written:
                written.write(content)
    usual = ".COM;.EXE;.BAT;.CMD"
    for order, endings, status in (
        (["exe", "bat"], usual, "starts"),
        (["bat", "exe"], usual, "not-simulated"),
        (["bat", "exe"], ".EXE", "starts"),
        (["bat", "exe"], ".exe;.com", "starts"),
        (["none", "exe"], usual, "starts"),
        (["gone", "", "exe"], None, "starts"),
        (["bat"], ".EXE", "not found"),
    ):
        path = ";".join(PLACE + "\\on path\\" + name for name in order) + ";C:\\windows\\system32"
        variables = {"PATH": path, **({"PATHEXT": endings} if endings else {})}
        said = tests.explained(["python"], **variables)
        outcome = said["outcome"]["status"]
        if status == "not found":
            status = "fails-to-execute"
        tests.check("python on %s with %s" % (order, endings), outcome, status)
        real = tests.run(["C:\\windows\\system32\\cmd.exe", "/c", "python", "-c", "print('Python')"], **variables)
        ran = real["out"].strip()
        expected = {"starts": "Python", "not-simulated": "batch", "fails-to-execute": ""}[outcome]
        tests.check("cmd: python on %s with %s" % (order, endings), ran, expected)


def exit_codes(tests):
    for words, status in (
        (["explain", "pip"], 0),
        (["check", "pip"], 0),
        (["explain", "no such name"], 2),
        (["explain", "C:\\no\\such\\python.exe"], 1),
        (["explain", "--no-such-option"], 2),
        (["verify", "pip"], 0),
        (["scan", "."], 0),
        (["which", "--python", "pip", "tool"], 0),
        (["which", "--python", "pip", "no_such_module"], 1),
        (["--version"], 0),
    ):
        tests.check(" ".join(words), tests.run([PROGRAM, *words])["status"], status)


def typed(tests, words):
    """What a program shows in a console of 80 columns."""
    child, terminal = pty.fork()
    if child == 0:
        sys.stdout.flush()
        result = tests.wine.run_here(*words)
        os._exit(result)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    shown, end = b"", time.time() + 60
    while time.time() < end and select.select([terminal], [], [], 20)[0]:
        try:
            more = os.read(terminal, 1 << 16)
        except OSError:
            break
        shown += more
    os.waitpid(child, 0)
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode()).replace("\r", "")


def console(tests):
    """The console of Wine counts colors as letters, so that they are off."""
    for words in (
        ["explain", "--color", "never", PLACE + "\\pip"],
        ["explain", "--verbose", "--color", "never", PLACE + "\\pip"],
        ["check", "--color", "never", PLACE + "\\uv"],
        ["verify", "--color", "never", PLACE + "\\pip"],
        ["which", "--color", "never", "--python", PLACE + "\\pip", "tool", "pip", "nothing"],
        ["explain", "--help"],
    ):
        lines = typed(tests, [PROGRAM, *words]).split("\n")
        # Wine says so where its console ends before the program does.
        lines = [line for line in lines if not line.startswith("wine: ")]
        tests.check("%s is shown" % words, len(lines) > 4, True)
        tests.check("%s: wide lines" % words, [line for line in lines if len(line) > COLUMNS], [])
        if words[0] == "explain" and words[-1] != "--help":
            tests.check("%s is UTF-8" % words, any("CPython 3.12.9 \u00b7" in line for line in lines), True)


def content(top):
    """Every file below a directory."""
    found = {}
    for directory, _, files in os.walk(top):
        for name in files:
            with open(os.path.join(directory, name), "rb") as file:
                found[os.path.join(directory, name)] = file.read()
    return found


def repairs(tests):
    """A fix is applied, the Python starts, and the fix is taken back."""
    cfg = tests.real("pip", "pyvenv.cfg")
    with open(cfg, encoding="utf-8") as file:
        text = file.read()
    with open(cfg, "w", encoding="utf-8") as file:
        file.write(text.replace("home = C:\\Py312", 'home = "C:\\Py312"'))
    before = content(tests.real("pip"))
    tests.check("check of a quoted home", tests.run([PROGRAM, "check", "pip"])["status"], 1)
    dry = tests.run([PROGRAM, "fix", "--dry-run", "--unsafe", "--select", "VD208", "pip"])
    tests.check("fix --dry-run", (dry["status"], content(tests.real("pip")) == before), (1, True))
    fixed = tests.run([PROGRAM, "fix", "--yes", "--unsafe", "--select", "VD208", "pip"])
    tests.check("fix", (fixed["status"], errors(fixed)), (0, b""))
    tests.check("verify after fix", tests.run([PROGRAM, "verify", "pip"])["status"], 0)
    tests.check("the tool after fix", tests.run(["pip\\Scripts\\tool.exe"])["out"], "the tool\r\n")
    undone = tests.run([PROGRAM, "undo"])
    tests.check("undo", (undone["status"], errors(undone)), (0, b""))
    tests.check("files after undo", content(tests.real("pip")) == before, True)


def main():
    _, wine = prepared(argparse.ArgumentParser())
    tests = Tests(wine)
    with wine.kept_running():
        make_environments(tests)
        for part in (launchers, names, exit_codes, console, repairs):
            before = tests.count, tests.wrong
            part(tests)
            done = tests.count - before[0], tests.wrong - before[1]
            print("== %s: %d tests, %d wrong" % (part.__name__, *done), flush=True)
    shutil.rmtree(tests.real(), ignore_errors=True)
    sys.exit(1 if tests.wrong else 0)


if __name__ == "__main__":
    main()
