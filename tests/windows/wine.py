"""Wine in its root directory, and what is run in it."""

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile

from layout import PROGRAM, Drive

HERE = os.path.dirname(os.path.abspath(__file__))
PREFIX = "srv/venv-doctor/prefix"
VERSIONS = ["3.8.10", "3.9.10", "3.10.11", "3.11.9", "3.12.9", "3.13.2"]
# A Python that is in no layout runs `judge.py`.
JUDGE = "C:\\Py312\\python.exe"


class Wine:
    """Wine, which has a `/proc` of its own while a program runs."""

    def __init__(self, root, prefix=PREFIX):
        self.root = os.path.abspath(root)
        self.prefix = prefix
        self.drive = Drive(os.path.join(self.root, prefix, "drive_c"))
        # One comparison at a time: they use the same directories. The lock is held until this process ends.
        self.lock = open(os.path.join(self.root, prefix, "lock"), "w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)

    def command(self, *words):
        """The command of Linux that runs a program of Windows."""
        inside = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'
        variables = [
            "HOME=/" + self.prefix,
            "WINEPREFIX=/" + self.prefix,
            "WINEDEBUG=-all",
            "LC_ALL=C.UTF-8",
            "PATH=/usr/bin:/bin",
        ]
        entered = ["unshare", "--mount", "sh", "-c", inside, self.root, "/usr/bin/env", "-i", *variables]
        return [*entered, "/usr/lib/wine/wine64", *words]

    def run(self, *words):
        """Runs a program; what it printed. The services of Wine, which it starts, would keep a pipe open."""
        with tempfile.TemporaryFile() as printed:
            subprocess.run(self.command(*words), stdout=printed, stderr=subprocess.STDOUT)
            printed.seek(0)
            return printed.read()

    @contextlib.contextmanager
    def kept_running(self):
        """Keeps the services of Wine running, which take seconds to start for each program that comes alone."""
        waiting = subprocess.Popen(
            self.command(JUDGE, "-c", "import sys; sys.stdin.read()"),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            waiting.communicate()

    def run_here(self, *words):
        """Runs a program on this terminal; its exit code."""
        return subprocess.run(self.command(*words)).returncode

    def judge(self, jobs):
        """Starts what the jobs say; the results by their names."""
        directory = self.drive.path("C:\\judge")
        os.makedirs(directory, exist_ok=True)
        shutil.copy(os.path.join(HERE, "judge.py"), directory)
        names = ["jobs.json", "results.json"]
        asked, answered = (os.path.join(directory, name) for name in names)
        with open(asked, "w", encoding="utf-8") as file:
            json.dump(jobs, file)
        printed = self.run(JUDGE, "C:\\judge\\judge.py", *("C:\\judge\\" + name for name in names))
        os.unlink(asked)
        if not os.path.exists(answered):
            sys.exit("the judge failed: " + printed.decode("utf-8", "replace"))
        with open(answered, encoding="utf-8") as file:
            results = {result["id"]: result for result in json.load(file)}
        os.unlink(answered)
        return results

    def install(self, program):
        """Puts the program for Windows on the drive."""
        os.makedirs(os.path.dirname(self.drive.path(PROGRAM)), exist_ok=True)
        shutil.copy(program, self.drive.path(PROGRAM))

    def make_environment(self, release):
        """The environment that layouts copy."""
        if not os.path.exists(self.drive.path(release.environment + "\\pyvenv.cfg")):
            self.run(release.base + "\\python.exe", "-m", "venv", "--without-pip", release.environment)
        if not os.path.exists(self.drive.path(release.environment + "\\pyvenv.cfg")):
            sys.exit("venv of %s failed" % release.version)


def prepared(parser):
    """Parses the options, with those that say where Wine is and what runs in it: the options, and Wine with the program."""
    parser.add_argument("--root", required=True)
    parser.add_argument("--exe", required=True)
    parser.add_argument("--prefix", default=PREFIX)
    options = parser.parse_args()
    wine = Wine(options.root, options.prefix)
    wine.install(options.exe)
    return options, wine


def job(name, words, cwd, variables=None):
    """Something to run with the usual variables, for `judge`."""
    home = "C:\\users\\somebody"
    usual = {
        "APPDATA": home + "\\AppData\\Roaming",
        "LOCALAPPDATA": home + "\\AppData\\Local",
        "PATH": "C:\\windows\\system32;C:\\windows",
        "SYSTEMROOT": "C:\\windows",
        "TEMP": "C:\\windows\\temp",
        "TMP": "C:\\windows\\temp",
        "USERPROFILE": home,
    }
    return {
        "id": name,
        "command": subprocess.list2cmdline(words),
        "program": None,
        "cwd": cwd,
        "environment": {**usual, **(variables or {})},
        "registry": {},
        "winver": None,
        "input": "",
    }


def output(result):
    """What a program printed, as bytes."""
    return result["out"].encode("latin-1")


def errors(result):
    """What a program printed on standard error, as bytes."""
    return result["err"].encode("latin-1")
