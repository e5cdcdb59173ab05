"""What may be wrong with an environment: each function damages one thing, below one directory and nowhere else."""

import os
import shutil


class Damaged:
    """A copy of an environment and its base, as Linux sees it; `path` is the same as Windows sees it."""

    def __init__(self, rng, release, path, real):
        self.rng = rng
        self.release = release
        self.path = path
        self.real = real
        # Whether there is something that Wine shows in another way than Windows would, so that it cannot be recorded.
        self.is_beyond = False

    def at(self, *names):
        return os.path.join(self.real, *names)

    def scripts(self, *names):
        return self.at("v", "Scripts", *names)

    def site(self, *names):
        return self.at("v", "Lib", "site-packages", *names)

    def base(self, *names):
        return self.at("base", *names)

    def remove(self, path):
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.unlink(path)

    def write(self, path, content):
        """Replaces what is there: it may be another name of a file of the real base."""
        self.remove(path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())

    def symlink(self, path, target):
        self.remove(path)
        os.symlink(target, path)
        self.is_beyond = True

    def read(self, path):
        with open(path, "rb") as file:
            return file.read()


def bits(damaged, path):
    """The file with some bytes changed, most of them in its headers."""
    content = bytearray(damaged.read(path))
    for _ in range(damaged.rng.choice([1, 3, 20, 200])):
        end = damaged.rng.choice([64, 1024, len(content)])
        content[damaged.rng.randrange(min(end, len(content)))] = damaged.rng.choice([0, 1, 0x7F, 0x80, 0xFF])
    damaged.write(path, bytes(content))


def cut(damaged, path):
    content = damaged.read(path)
    damaged.write(path, content[: damaged.rng.choice([0, 1, 2, 63, 64, 300, 1000, len(content) // 2])])


def replaced(damaged, path):
    """The file as something else."""
    kind = damaged.rng.choice(["nothing", "directory", "text", "itself", "nowhere", "elf", "zeros", "header alone"])
    if kind == "nothing":
        damaged.remove(path)
    elif kind == "directory":
        damaged.remove(path)
        os.makedirs(os.path.join(path, "inside"))
    elif kind == "itself":
        damaged.symlink(path, os.path.basename(path))
    elif kind == "nowhere":
        damaged.symlink(path, "nowhere")
    elif kind == "text":
        damaged.write(path, "#!/usr/bin/env python3\n\x00\x1b[31mtext\n")
    elif kind == "elf":
        damaged.write(path, b"\x7fELF\x02\x01\x01" + bytes(57))
    elif kind == "zeros":
        damaged.write(path, b"MZ" + bytes(5 << 20))
    else:
        damaged.write(path, b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0")


def cfg_home(damaged):
    path = damaged.path
    homes = [
        *("", ".", "..", "\\", "/", "C:", "C:\\", "c:\\", "CON", "NUL", "C:\\NUL", "\\\\.\\pipe\\x", "\\\\?\\", "\\\\"),
        *("\\\\server\\share", "\\\\?\\UNC\\s\\s", "\\??\\C:\\Py312", "\\\\?\\" + path + "\\base", "\\\\.\\C:\\Py312"),
        *("%PATH%", "~", "'", '"' + path, path + "\\v\\Scripts", path + "\\v\\..\\v\\Scripts\\", path + "\\base\\\\\\"),
        *(path + "\\base\\python.exe", path + "\\base:stream", path + "\\base.", path + "\\base ", path + "\\BASE"),
        *("x" * 300, "C:\\" + "d\\" * 200, "C:\\" + "y" * 40000, "\x1b[31mred", "C:\\a|b<c>d?e*", "\t\x0b\x0c", "\x7f"),
        *("\u202etxt", "\ufeff" + path, "\U0001f40d", "http://host/", "file:///C:/Py312", "C:Py312", "1:\\x", "\u00df:\\x"),
    ]
    damaged.write(damaged.at("v", "pyvenv.cfg"), "home = %s\r\nversion = 3.12.9\r\n" % damaged.rng.choice(homes))


def cfg_bytes(damaged):
    home = b"home = " + damaged.path.encode() + b"\\base\r\n"
    contents = [
        *(b"", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", home.decode().encode("utf-16"), home.decode().encode("utf-16-be")),
        *(home * 3000, home + b"\0" * 100, home + b"x = " + b"y" * (9 << 20), b"=" * 100000, b"\n" * 200000, home[:-2]),
        *(home + b"prompt = \xed\xa0\x80\xff\n", b"\xff" + home, home + b"\x1a" + home, home.replace(b"\r\n", b"\r")),
        *(home.replace(b" = ", b"="), home.replace(b"=", b"=="), home + b"version = 99999999999999999999.-1.x\n"),
        *(home + b"include-system-site-packages = \xc4\xb1\n", home + b"home\n" * 50, home + b"prompt = '\x1b]0;x\x07'\n"),
        home + b"executable = C:\\x\ncommand = C:\\y -m venv\nuv = \xff\nvirtualenv = 9\nversion_info = a.b\n",
    ]
    damaged.write(damaged.at("v", "pyvenv.cfg"), damaged.rng.choice(contents))


def cfg_itself(damaged):
    replaced(damaged, damaged.at("v", "pyvenv.cfg"))


def cfg_beside(damaged):
    damaged.write(damaged.scripts("pyvenv.cfg"), damaged.rng.choice(["", "home = .\n", "home = ..\\..\\base\n"]))


def redirectors_in_a_ring(damaged):
    shutil.copytree(damaged.at("v"), damaged.at("w"))
    for one, other in (("v", "w"), ("w", "v")):
        damaged.write(damaged.at(one, "pyvenv.cfg"), "home = %s\\%s\\Scripts\n" % (damaged.path, other))


def program(damaged):
    damaged.rng.choice([bits, cut, replaced])(damaged, damaged.scripts("python.exe"))


def program_of_base(damaged):
    damaged.rng.choice([bits, cut, replaced])(damaged, damaged.base("python.exe"))


def library(damaged):
    damaged.rng.choice([bits, cut, replaced])(damaged, damaged.base(damaged.release.library))


def other_program(damaged):
    """Another real program in the place of the redirector."""
    names = [
        damaged.base("python.exe"),
        damaged.base("pythonw.exe"),
        damaged.base(damaged.release.library),
        damaged.scripts("pythonw.exe"),
    ]
    damaged.write(damaged.scripts("python.exe"), damaged.read(damaged.rng.choice(names)))


def libraries_beside(damaged):
    damaged.write(damaged.scripts("python.exe"), damaged.read(damaged.base("python.exe")))
    damaged.write(damaged.scripts(damaged.release.library), damaged.read(damaged.base(damaged.release.library)))
    damaged.rng.choice([bits, cut, replaced])(damaged, damaged.scripts(damaged.release.library))


def standard_library(damaged):
    name = damaged.rng.choice(["os.py", "site.py", "encodings", "encodings/__init__.py", "encodings/utf_8.py", "codecs.py"])
    replaced(damaged, damaged.base("Lib", *name.split("/")))


def directories(damaged):
    places = [
        *(damaged.at("base"), damaged.base("Lib"), damaged.base("DLLs"), damaged.at("v", "Lib"), damaged.site()),
        *(damaged.scripts(), damaged.base("Lib", "site-packages"), damaged.at("v")),
    ]
    replaced(damaged, damaged.rng.choice(places))


def pth_lines(damaged):
    lines = [
        *(b"\0", b"x\0y", b"\xff\xfe", b"\xed\xa0\x80", b"C:", b"C:\\", b"\\\\server\\share", b"\\\\?\\C:\\", b"CON", b"NUL"),
        *(b"..\\" * 300, b"a" * 40000, b"C:\\a|b", b"C:\\<x>", b"import " + b"(" * 3000, b"import os; " * 2000),
        *(b"import \xff", b"import x\0", b"import sys; sys.exit(3)", b"import nothing.at.all", b"import\x0cos", b"\x1a"),
        *(b"exec('import os')", b"import os;exec('''" + b"x=1\\n" * 999 + b"''')", b"\x1b[2Jx", "\u202e".encode(), b"."),
        *(b"import ctypes; ctypes.string_at(0)", b"import x" + b".y" * 5000, b"import " + b"[" * 300 + b"]" * 300),
    ]
    name = damaged.rng.choice(["a.pth", "\u00e4.pth", ".pth", "x.PTH", "__editable__.x.pth", "distutils-precedence.pth"])
    text = damaged.rng.choice([b"\n", b"\r\n", b"\r"]).join(damaged.rng.sample(lines, 4))
    damaged.write(damaged.site(name), damaged.rng.choice([b"", b"\xef\xbb\xbf", b"\xff\xfe"]) + text)


def pth_many(damaged):
    for number in range(damaged.rng.choice([5, 20])):
        damaged.write(damaged.site("%05d.pth" % number), "..\\%d\nimport x%d\n" % (number, number))


def pth_huge(damaged):
    damaged.write(damaged.site("huge.pth"), damaged.rng.choice([b"x" * (9 << 20), b"dir\n" * 30000, b"import x\n" * 9999]))


def pth_itself(damaged):
    damaged.write(damaged.site("a.pth"), "x\n")
    replaced(damaged, damaged.site("a.pth"))


def underscore_pth(damaged):
    stem = damaged.rng.choice([damaged.release.library[:-4], "python"])
    damaged.write(damaged.base(stem + "._pth"), damaged.rng.choice([b"", b"\xff\n", b"Lib\nimport site\n", b"x\n" * 99999, b"\0"]))
    if damaged.rng.random() < 0.3:
        replaced(damaged, damaged.base(stem + "._pth"))


def zip_library(damaged):
    damaged.write(
        damaged.base("python%s.zip" % damaged.release.tag),
        damaged.rng.choice([b"", b"PK\x05\x06" + bytes(18), b"PK\x05\x06" + b"\xff" * 18, b"PK\x03\x04" + bytes(99)]),
    )


NAMES = [
    *("trailing. ", "trailing.", " ", "  x", "con.py", "nul", "aux.pth", "com1.pth", "a:b", "a?b*", "pipe|", "q\"q", "<x>"),
    *("new\nline", "esc\x1b[31m", "bell\x07", "\u202eexe.gpj", "\ufeff", "\u200b", "\u0130", "\u00df.pth", "e\u0301.pth"),
    *("%PATH%", "$x", "`id`", "'", "&calc", "^", "!x!", "@x", "#x", "x;y", "x,y", "-x", "--help", "~", "\U0001f40d" * 50),
    *("n" * 255, "\x7f", "\x80", "\u0085", "\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe", b"\xe9.pth", b"\xc0\xaf"),
]


def is_name(name):
    """Whether Windows could have a file of this name."""
    try:
        text = name.decode()
    except UnicodeDecodeError:
        return False
    is_reserved = text.split(".")[0].lower() in ("con", "nul", "aux", "prn", "com1")
    return not is_reserved and not text.endswith((".", " ")) and not any(c in '<>:"|?*\\' or c < " " for c in text)


def names(damaged):
    """Files whose names no Windows would have, and some that it would."""
    for name in damaged.rng.sample(NAMES, 8):
        name = name if isinstance(name, bytes) else name.encode()
        place = damaged.rng.choice([damaged.site(), damaged.scripts(), damaged.at("v")]).encode()
        if os.path.isdir(place) and len(name) < 256:
            with open(os.path.join(place, name), "wb") as file:
                file.write(b"x\n")
            damaged.is_beyond |= not is_name(name)


def deep(damaged):
    """Directories so deep that their paths are longer than Windows likes."""
    path = damaged.site()
    for _ in range(damaged.rng.choice([12, 30])):
        path = os.path.join(path, "d" * 100)
    if os.path.isdir(damaged.site()):
        os.makedirs(path)
        damaged.write(damaged.site("deep.pth"), "\\".join(["d" * 100] * 12) + "\n")


def ring(damaged):
    if os.path.isdir(damaged.site()):
        damaged.symlink(damaged.site("ring"), "..")
        damaged.symlink(damaged.site("one"), "other")
        damaged.symlink(damaged.site("other"), "one")
        damaged.write(damaged.site("ring.pth"), "ring\\site-packages\none\n" + "ring\\site-packages\\" * 40 + "\n")


def metadata(damaged):
    """A distribution whose metadata are odd."""
    directory = "pkg-1.0.dist-info"
    contents = [
        *(b"", b"\0" * 1000, b"\xff\xfe\xed\xa0\x80", b"Name: pkg\nVersion: 1.0\nRequires-Dist: " + b"(" * 5000, b"[" * 99999),
        *(b"x,sha256=y,1\n" * 50000, b"..\\..\\..\\x,,\n\"", b"C:\\windows\\system32\\x.dll,,\n", b"{" * 5000, b"pkg/x.py,,-1\n"),
        *(b"[console_scripts]\nx = y:z\n\xff = \n=\n", b'{"url": "file:///C:/x", "dir_info": {"editable": true}}', b"Name: \x1b[31m\n"),
    ]
    for name in ("METADATA", "RECORD", "entry_points.txt", "direct_url.json", "INSTALLER", "top_level.txt", "WHEEL"):
        damaged.write(damaged.site(directory, name), damaged.rng.choice(contents))
    if damaged.rng.random() < 0.5:
        replaced(damaged, damaged.site(directory, damaged.rng.choice(["METADATA", "RECORD", "INSTALLER"])))


def launchers(damaged):
    """Programs that carry a command."""
    start = b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0" + bytes(500)
    lines = [b"#!C:\\gone\\python.exe\r\n", b'#!"C:\\a b\\python.exe" -I\n', b"#!" + b"x" * 70000, b"#!\0\n", b"#!\xff\xfe\n", b""]
    for name in ("tool.exe", "pip.exe", "t\u00f6\u00f6l.exe"):
        end = damaged.rng.choice([b"PK\x05\x06" + bytes(18), b"PK\x05\x06" + b"\xff" * 18, b"UVUV", b"UVSC\xff\xff\xff\xff", b""])
        damaged.write(damaged.scripts(name), start + damaged.rng.choice(lines) + end)


def activation(damaged):
    for name in ("activate.bat", "Activate.ps1", "activate"):
        damaged.write(damaged.scripts(name), damaged.rng.choice([b"\0", b"\xff" * 99, b"set VIRTUAL_ENV=C:\\gone\n", b"x" * (5 << 20)]))


def hooks(damaged):
    codes = ["raise SystemExit(1)", "x = " + "(" * 2000, "\0", "import os; os._exit(7)", "\ud800", "def f(:", "# coding: nothing\n"]
    name = damaged.rng.choice(["sitecustomize.py", "usercustomize.py", "encodings.py", "os.py", "site.py", "sys.py"])
    damaged.write(damaged.site(name), damaged.rng.choice(codes).encode("utf-8", "surrogatepass"))


def project(damaged):
    """What is in a place that a project has its environment in."""
    damaged.write(damaged.at(".venv"), damaged.rng.choice(["v", "..\\..", "C:\\", "\0", ".venv", "x" * 99999, "\\\\server\\x"]))


DAMAGES = [
    *(cfg_home, cfg_home, cfg_home, cfg_bytes, cfg_bytes, cfg_itself, cfg_beside, redirectors_in_a_ring),
    *(program, program, program_of_base, library, other_program, libraries_beside, standard_library, directories),
    *(pth_lines, pth_lines, pth_many, pth_huge, pth_itself, underscore_pth, zip_library, names, names, deep, ring),
    *(metadata, metadata, launchers, activation, hooks, project),
]


def damage(damaged):
    """Damages one to three things; which ones."""
    done = []
    for function in damaged.rng.sample(DAMAGES, damaged.rng.choice([1, 1, 2, 3])):
        try:
            function(damaged)
            done.append(function.__name__)
        except (FileNotFoundError, NotADirectoryError, FileExistsError, IsADirectoryError, ValueError, OSError):
            # Something before it has taken away what it damages.
            done.append(function.__name__ + " (not possible)")
    return done
