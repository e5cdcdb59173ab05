"""One layout: what is on the drive, what is typed, and with what around it."""

import base64
import os
import shutil
import subprocess

DIRECTORY = "C:\\w"
ENVIRONMENTS = "C:\\venvs"
# Where the program for Windows is.
PROGRAM = "C:\\program\\venv-doctor.exe"
# What startup never asks for, so that descriptions of machines stay small.
UNASKED = {"__pycache__", "test", "idlelib", "lib2to3", "ensurepip", "tkinter", "turtledemo", "distutils", "asyncio"}


class Release:
    """A real Python at `C:\\PyXY`."""

    def __init__(self, version):
        self.version = version
        self.winver = ".".join(version.split(".")[:2])
        self.minor = int(version.split(".")[1])
        self.tag = self.winver.replace(".", "")
        self.base = "C:\\Py" + self.tag
        self.library = "python%s.dll" % self.tag
        self.platlibdir = "lib" if self.minor < 11 else "DLLs"
        self.environment = ENVIRONMENTS + "\\" + self.tag


class Drive:
    """`C:` as Linux sees it."""

    def __init__(self, directory):
        self.directory = directory

    def path(self, path):
        assert path[:3].upper() == "C:\\", path
        return os.path.join(self.directory, *path[3:].split("\\"))

    def identity(self, path):
        try:
            status = os.stat(self.path(path))
        except OSError:
            return None
        return status.st_dev, status.st_ino


class Layout:
    """A layout. `mutate` functions of `kinds.py` change it before it is built."""

    def __init__(self, rng, release, number):
        self.rng = rng
        self.release = release
        self.id = "%s-%03d" % (release.tag, number)
        self.kinds = []
        self.dir = DIRECTORY + "\\" + self.id
        self.base = release.base
        self.trees = []
        self.files = {}
        self.copies = {}
        self.directories = [self.dir]
        self.removed = []
        self.cfg = None
        self.cfg_paths = []
        self.cfg_form = "\r\n".join
        self.site_packages = None
        self.exe = self.base + "\\python.exe"
        self.library = self.base + "\\" + release.library
        self.typed = None
        self.program = None
        self.cwd = self.dir
        self.environment = {
            "APPDATA": self.dir + "\\user\\AppData\\Roaming",
            "PATH": "C:\\windows\\system32",
            "SYSTEMROOT": "C:\\windows",
            "USERPROFILE": self.dir + "\\user",
        }
        self.flags = []
        self.options = []
        self.launch = ("command", None)
        self.registry = {}
        self.reports_file = False
        self.root = None

    def own_base(self):
        """A base of its own, which may be changed."""
        if self.base == self.release.base:
            old, self.base = self.base, self.dir + "\\base"
            self.trees.insert(0, (old, self.base))
            self.library = self.library.replace(old, self.base)
            self.exe = self.exe.replace(old + "\\", self.base + "\\")
            if self.site_packages:
                self.site_packages = self.site_packages.replace(old + "\\", self.base + "\\")
            if self.cfg:
                self.cfg = [line.replace(old, self.base) for line in self.cfg]
            for path, content in self.files.items():
                self.files[path] = content.replace(old.encode(), self.base.encode())

    def copy(self, path, source):
        """The same file under another name."""
        self.copies[path] = source

    def write(self, path, content):
        self.files[path] = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")

    def build(self, drive):
        """Makes the files, without what an interrupted run has left."""
        self.remove(drive)
        for source, target in self.trees:
            os.makedirs(os.path.dirname(drive.path(target)), exist_ok=True)
            subprocess.run(["cp", "-al", drive.path(source), drive.path(target)], check=True)
        for path in self.removed:
            real = drive.path(path)
            if os.path.isdir(real):
                shutil.rmtree(real)
            elif os.path.exists(real):
                os.unlink(real)
        for path, source in self.copies.items():
            os.link(drive.path(source), drive.path(path))
        for path in self.directories:
            os.makedirs(drive.path(path), exist_ok=True)
        if self.cfg is not None:
            content = self.cfg_form(self.cfg)
            for path in self.cfg_paths:
                self.write(path, content)
        for path, content in self.files.items():
            real = drive.path(path)
            os.makedirs(os.path.dirname(real), exist_ok=True)
            if os.path.isdir(real):
                continue
            # What is there may be another name of a file of the base.
            if os.path.exists(real):
                os.unlink(real)
            with open(real, "wb") as file:
                file.write(content)

    def remove(self, drive):
        """Removes the files."""
        shutil.rmtree(drive.path(self.dir), ignore_errors=True)

    def what_is_typed(self):
        return self.exe if self.typed is None else self.typed

    def flag_words(self):
        """The flags and options, as they are typed."""
        words = list(self.flags)
        for option in self.options:
            words += ["-X", option]
        return words

    def started(self, name, command):
        """What `judge.py` needs to start a command with what is around this layout."""
        return {
            "id": name,
            "command": command,
            "program": None,
            "cwd": self.cwd,
            "environment": self.environment,
            "registry": self.registry,
            "winver": self.release.winver,
            "input": "",
        }

    def job(self, probe):
        """The start of the Python that is typed."""
        kind, target = self.launch
        words = self.flag_words()
        # The words of the probe survive the quotes of every launcher.
        code = "exec(bytes.fromhex('%s'))" % probe.encode().hex()
        if kind == "command":
            words += ["-c", code]
        elif kind == "module":
            words += ["-m", target, "-n1", "-r1", code]
        elif kind == "script":
            words += [target]
        command = '"%s" %s' % (self.what_is_typed(), subprocess.list2cmdline(words))
        standard_input = code + "\n" if kind == "interactive" else ""
        return {**self.started(self.id, command), "program": self.program, "input": standard_input}

    def live_jobs(self):
        """The same for the program: what it explains, in both forms, and what it records."""
        words = self.flag_words()
        kind, target = self.launch
        words += ["--launch", kind if target is None else "%s=%s" % (kind, target), "--", self.what_is_typed()]
        for form, command in (
            ("json", ["explain", "--format", "json"]),
            ("text", ["explain", "--format", "text"]),
            ("snapshot", ["snapshot"]),
        ):
            yield self.started("%s %s" % (self.id, form), subprocess.list2cmdline([PROGRAM, *command, *words]))

    def snapshot(self, drive):
        """The document that `explain --snapshot` reads."""
        release = self.release
        names = {"-I": "isolated", "-E": "ignore_environment", "-s": "no_user_site", "-S": "no_site", "-P": "safe_path"}
        return {
            "schema": "venv-doctor/snapshot/1",
            "platform": "windows",
            "cwd": self.cwd,
            "executable": self.what_is_typed(),
            "flags": {name: flag in self.flags for flag, name in names.items()},
            **({"options": self.options} if self.options else {}),
            "launch": {"kind": self.launch[0], "target": self.launch[1]},
            "environment": self.environment,
            "process": {"uid": 0, "euid": 0, "gid": 0, "egid": 0, "home": None, "locale_encoding": "cp1252"},
            "interpreter": {
                "implementation": "cpython",
                "version": release.version,
                "vendor": "upstream",
                "compiled": {
                    "prefix": None,
                    "exec_prefix": None,
                    "platlibdir": release.platlibdir,
                    "pythonpath": None,
                    "vpath": "..\\..",
                    "abi_thread": "",
                    "framework": None,
                    "winver": release.winver,
                },
                "library": self.library,
                "real_executable": self.exe if self.reports_file else None,
            },
            "registry": {hive: dict(self.described_key(key)) for hive, key in self.registry.items()},
            "files": list(self.described(drive)),
        }

    @staticmethod
    def described_key(key):
        """A subkey without a default value is described as one with an empty value."""
        for name, value in key.items():
            if value is not None or name:
                yield name, value or ""

    def described(self, drive):
        """Every file, without content where it is one of the base."""
        launchers = {
            drive.identity(self.release.environment + "\\Scripts\\" + name) for name in ("python.exe", "pythonw.exe")
        }
        tops = [self.release.base, self.dir]
        if any(self.release.environment in value for value in self.environment.values()):
            tops.append(self.release.environment)
        for top in dict.fromkeys(tops):
            for path, names in walk(drive, top):
                if not names:
                    yield {"path": path, "type": "directory"}
                for name in names:
                    yield describe(drive, path + "\\" + name, launchers)


def walk(drive, top):
    """Directories with the names of their files."""
    real_top = drive.path(top)
    for real, dirs, names in os.walk(real_top):
        dirs[:] = sorted(name for name in dirs if name not in UNASKED)
        below = os.path.relpath(real, real_top)
        path = top if below == "." else top + "\\" + below.replace("/", "\\")
        yield path, sorted(names)


def describe(drive, path, launchers):
    real = drive.path(path)
    status = os.stat(real)
    entry = {"path": path, "type": "file"}
    if path.lower().endswith(".exe"):
        entry["executable"] = True
        if (status.st_dev, status.st_ino) in launchers:
            entry["program"] = "venvlauncher"
    elif (
        (status.st_nlink == 1 or path.endswith("\\pyvenv.cfg"))
        and status.st_size < 65536
        and not path.startswith("C:\\Py")
    ):
        with open(real, "rb") as file:
            content = file.read()
        try:
            entry["text"] = content.decode()
        except UnicodeDecodeError:
            entry["base64"] = base64.b64encode(content).decode()
    return entry
