"""What layouts are made of. Each function changes one thing; a layout is one shape and some changes."""

import io
import os
import zipfile

from layout import Layout

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "probe.py"), encoding="utf-8") as file:
    PROBE = file.read()


def cfg_lines(layout, home):
    return [
        "home = " + home,
        "include-system-site-packages = false",
        "version = " + layout.release.version,
    ]


# --- shapes ---------------------------------------------------------------------------------------------------------


def installation(layout):
    """The base itself."""
    layout.site_packages = layout.base + "\\Lib\\site-packages"


def environment(layout, name="venv"):
    """An environment as `venv` makes it."""
    root = layout.dir + "\\" + name
    layout.root = root
    layout.trees.append((layout.release.environment, root))
    layout.removed.append(root + "\\pyvenv.cfg")
    layout.cfg = cfg_lines(layout, layout.base)
    layout.cfg_paths = [root + "\\pyvenv.cfg"]
    layout.exe = root + "\\Scripts\\python.exe"
    layout.site_packages = root + "\\Lib\\site-packages"


def spelled_environment(layout):
    """An environment in a directory whose name has blanks or letters beyond ASCII."""
    environment(layout, layout.rng.choice(["my env", "v\u00e4nv", "\u043e\u043a\u0440", "v.e.n.v", "a&b", "v'x"]))


def copied_program(layout):
    """An environment with a copy of the base's program and library, as before 3.7.2 and as virtualenv makes them."""
    environment(layout)
    layout.removed.append(layout.exe)
    scripts = layout.root + "\\Scripts"
    for name in ("python.exe", layout.release.library, "vcruntime140.dll", "vcruntime140_1.dll", "python3.dll"):
        layout.copy(scripts + "\\" + name, layout.release.base + "\\" + name)
    layout.library = scripts + "\\" + layout.release.library


def nested_environment(layout):
    """An environment made from another."""
    environment(layout)
    outer = layout.dir + "\\outer"
    layout.trees.append((layout.release.environment, outer))
    layout.write(outer + "\\pyvenv.cfg", "\n".join(cfg_lines(layout, layout.base)) + "\n")
    layout.cfg = cfg_lines(layout, outer + "\\Scripts")


def own_installation(layout):
    """A base below the layout's own directory."""
    layout.own_base()
    installation(layout)


def environment_of_own(layout):
    """An environment of such a base."""
    layout.own_base()
    environment(layout)


def embeddable(layout):
    """Program and library with a `._pth` file."""
    layout.own_base()
    installation(layout)
    under_pth(layout)


SHAPES = [
    (installation, 10),
    (environment, 34),
    (spelled_environment, 6),
    (copied_program, 8),
    (nested_environment, 4),
    (own_installation, 8),
    (environment_of_own, 8),
    (embeddable, 8),
]

# --- pyvenv.cfg -----------------------------------------------------------------------------------------------------


def in_cfg(layout):
    return layout.cfg is not None


def cfg_home(layout):
    """Other spellings of `home`."""
    if not in_cfg(layout):
        return
    base = layout.base
    drive, below = base[:2], base[3:]
    name = base.rsplit("\\", 1)[1]
    value = layout.rng.choice(
        [
            base + "\\",
            base + "\\\\",
            base.replace("\\", "/"),
            base.replace("\\", "/") + "/",
            base + "/",
            base + "\\.",
            base + "\\Lib\\..",
            drive + "\\\\" + below,
            drive + "\\.\\" + below,
            drive + "\\no\\..\\" + below,
            "\\" + below,
            "/" + below.replace("\\", "/"),
            drive + below,
            drive + "/" + below,
            below,
            "..\\..\\" + below,
            "..\\" + below,
            ".\\" + below,
            name,
            "..\\base",
            "base",
            ".",
            "",
            '"%s"' % base,
            "'%s'" % base,
            base + " ",
            base + "  \t",
            " " + base,
            base + "\\Scripts",
            base + "\\python.exe",
            base + "\\Lib",
            base + "x",
            "C:\\missing",
            "D:\\missing",
            base + ";C:\\other",
            base + "\\\u00fc",
            "%SYSTEMROOT%",
            "~",
        ]
    )
    layout.cfg[0] = "home = " + value


def cfg_home_line(layout):
    """Other forms of the line that holds `home`."""
    if not in_cfg(layout):
        return
    base = layout.base
    layout.cfg[0:1] = layout.rng.choice(
        [
            ["home=" + base],
            ["home =" + base],
            ["home= " + base],
            ["HOME = " + base],
            ["Home = " + base],
            ["  home = " + base],
            ["\thome\t=\t" + base],
            ["home  =  " + base],
            ["# home = C:\\x", "home = " + base],
            ["homes = C:\\x", "home = " + base],
            ["a home = C:\\x", "home = " + base],
            ["home = C:\\missing", "home = " + base],
            ["home = " + base, "home = C:\\missing"],
            ["home = " + base, "HOME = C:\\missing"],
            [],
            ["home"],
            ["home ="],
            ["home = "],
            ["home: " + base],
            ["home == " + base],
            ["#" + "x" * 600, "home = " + base],
            ["#" + "x" * 5000, "home = " + base],
            ["x = " + "y" * 9000, "home = " + base],
            ["", "", "home = " + base],
            ["home = " + base + "\0", "x = y"],
            ["executable = " + base + "\\python.exe", "home = " + base],
        ]
    )


def cfg_bytes(layout):
    """Other encodings and line ends."""
    if not in_cfg(layout):
        return
    text = "\r\n".join
    layout.cfg_form = layout.rng.choice(
        [
            lambda lines: "\n".join(lines) + "\n",
            lambda lines: "\n".join(lines),
            lambda lines: "\r".join(lines) + "\r",
            lambda lines: text(lines) + "\r\n",
            lambda lines: "\r\r\n".join(lines) + "\r\r\n",
            lambda lines: b"\xef\xbb\xbf" + text(lines).encode() + b"\r\n",
            lambda lines: text(lines).encode("utf-16"),
            lambda lines: text(lines).encode("utf-16-le"),
            lambda lines: text(lines).encode() + b"\r\n\x1a\r\nx = y\r\n",
            lambda lines: text(lines).encode() + b"\r\nprompt = \xe4\r\n",
            lambda lines: b"prompt = \xe4\r\n" + text(lines).encode() + b"\r\n",
            lambda lines: b"# \xc3\xa4\r\n" + text(lines).encode() + b"\r\n",
            lambda lines: text(lines).encode() + b"\0",
            lambda lines: b"",
            lambda lines: text(lines).encode() + b"\r\n" + b"# padding\r\n" * 3300,
        ]
    )


def cfg_system_site(layout):
    """The key `include-system-site-packages`."""
    if not in_cfg(layout):
        return
    values = ["true", "True", "TRUE", "yes", "1", "", "false ", " true ", "true\t", "tru\u0435"]
    value = layout.rng.choice(values)
    key = layout.rng.choice(["include-system-site-packages", "Include-System-Site-Packages"])
    lines = [line for line in layout.cfg if not line.startswith("include")]
    layout.cfg = lines + layout.rng.choice(
        [[key + " = " + value], [key + "=" + value], [], [key + " = false", key + " = true"], [key + " = true = false"]]
    )


def cfg_true(layout):
    """An environment that sees the packages of its base."""
    if in_cfg(layout):
        layout.cfg = [line.replace("= false", "= true") for line in layout.cfg]


def cfg_place(layout):
    """`pyvenv.cfg` elsewhere."""
    if not in_cfg(layout):
        layout.cfg = cfg_lines(layout, layout.base)
        layout.own_base()
        layout.cfg_paths = [layout.base + "\\pyvenv.cfg"]
        return
    scripts = layout.root + "\\Scripts"
    parent, beside = layout.root + "\\pyvenv.cfg", scripts + "\\pyvenv.cfg"
    kind = layout.rng.choice(["beside", "both", "none", "directory", "beside directory", "above", "other beside"])
    if kind == "beside":
        layout.cfg_paths = [beside]
    elif kind == "both":
        layout.cfg_paths = [parent, beside]
    elif kind == "none":
        layout.cfg_paths = []
    elif kind == "directory":
        layout.cfg_paths = []
        layout.directories.append(parent)
    elif kind == "beside directory":
        layout.directories.append(beside)
    elif kind == "above":
        layout.cfg_paths = [layout.dir + "\\pyvenv.cfg"]
    else:
        layout.write(beside, "\n".join(cfg_lines(layout, layout.base)[:1] + ["include-system-site-packages = true"]) + "\n")


# --- what is typed --------------------------------------------------------------------------------------------------


def typed(layout):
    """Other spellings of the program."""
    exe = layout.exe
    directory, name = exe.rsplit("\\", 1)
    outer, last = directory.rsplit("\\", 1)
    short = name[: -len(".exe")]
    forms = {
        "slashes": exe.replace("\\", "/"),
        "mixed": directory.replace("\\", "/") + "\\" + name,
        "no suffix": directory + "\\" + short,
        "no suffix, slashes": (directory + "\\" + short).replace("\\", "/"),
        "dot": directory + "\\.\\" + name,
        "dots": directory + "\\..\\" + last + "\\" + name,
        "dots to nowhere": directory + "\\nowhere\\..\\" + name,
        "twice": outer + "\\\\" + last + "\\\\" + name,
        "rooted": exe[2:],
        "rooted, slashes": exe[2:].replace("\\", "/"),
        "rooted, no suffix": directory[2:] + "\\" + short,
    }
    relative = None
    if exe.lower().startswith(layout.dir.lower() + "\\"):
        relative = exe[len(layout.dir) + 1 :]
    else:
        relative = "..\\.." + exe[2:]
    forms.update(
        {
            "relative": relative,
            "relative, dot": ".\\" + relative,
            "relative, slashes": relative.replace("\\", "/"),
            "relative, dot, slashes": "./" + relative.replace("\\", "/"),
            "relative, no suffix": relative[: -len(".exe")],
            "relative, dots": "sub\\..\\" + relative,
            "relative to drive": "C:" + relative,
        }
    )
    kind = layout.rng.choice(sorted(forms))
    layout.kinds.append(kind)
    layout.cwd = layout.dir
    layout.typed = forms[kind]


def typed_beside(layout):
    """Started from its own directory."""
    directory, name = layout.exe.rsplit("\\", 1)
    layout.cwd = directory
    layout.typed = layout.rng.choice([".\\" + name, "./" + name, ".\\" + name[:-4], "..\\%s\\%s" % (directory.rsplit("\\", 1)[1], name)])


def on_path(layout):
    """A bare name, found as a shell finds it."""
    directory, name = layout.exe.rsplit("\\", 1)
    layout.environment["PATH"] = layout.rng.choice(["%s;C:\\windows", "C:\\missing;%s", ";%s", "%s\\"]) % directory
    layout.typed = layout.rng.choice(["python", "python.exe"])
    layout.program = layout.exe


def window_program(layout):
    """`pythonw.exe`."""
    layout.exe = layout.exe.replace("python.exe", "pythonw.exe")


def cwd(layout):
    """Another working directory."""
    layout.cwd = layout.rng.choice(["C:\\", "C:\\windows", layout.dir + "\\sub", layout.base, layout.dir + "\\\u00fc b"])
    if layout.cwd.startswith(layout.dir):
        layout.directories.append(layout.cwd)


# --- flags and variables --------------------------------------------------------------------------------------------


def flags(layout):
    """Flags of the command line."""
    known = ["-I", "-E", "-s", "-S"] + (["-P"] if layout.release.minor >= 11 else [])
    layout.flags = sorted(set(layout.rng.choice(known) for _ in range(layout.rng.choice([1, 1, 2]))))


def python_path(layout):
    """PYTHONPATH."""
    dirs = [layout.dir + "\\lib one", "lib two", "..\\x", ".", "", "C:/w/y/", layout.base + "\\Lib", "\\rooted", "C:rel", "C:\\W\\", ".\\z\\", "\u00fc"]
    layout.directories += [layout.dir + "\\lib one", layout.dir + "\\lib two"]
    layout.environment["PYTHONPATH"] = ";".join(layout.rng.choice(dirs) for _ in range(layout.rng.choice([1, 2, 3])))


def python_home(layout):
    """PYTHONHOME."""
    base = layout.base
    layout.environment["PYTHONHOME"] = layout.rng.choice(
        [
            base,
            base + "\\",
            base.replace("\\", "/"),
            base + ";" + base,
            "C:\\missing",
            "",
            "..\\.." + base[2:],
            base[2:],
            "." + base[2:],
            base[3:],
            base + "\\.",
            base + "\\..\\" + base.rsplit("\\", 1)[1],
            "C:" + base[3:],
            base + "\\Lib",
            "base",
            ".\\base",
            "..\\" + layout.id + "\\base",
        ]
    )


def launcher_variable(layout):
    """`__PYVENV_LAUNCHER__` of another process, or PYTHONEXECUTABLE."""
    name = layout.rng.choice(["__PYVENV_LAUNCHER__", "PYTHONEXECUTABLE"])
    value = layout.rng.choice(
        ["C:\\other\\Scripts\\python.exe", layout.exe, "rel\\python.exe", "python.exe", "C:/other/x/../python.exe", layout.release.environment + "\\Scripts\\python.exe"]
    )
    layout.environment[name] = value


def user_variables(layout):
    """What says where the user's directories are."""
    change = layout.rng.choice(["no APPDATA", "no USERPROFILE", "none", "HOME", "HOMEPATH", "base", "relative base", "off", "not off", "empty APPDATA", "spelled"])
    variables = layout.environment
    if change in ("no APPDATA", "none", "HOMEPATH", "HOME", "empty APPDATA"):
        del variables["APPDATA"]
    if change in ("no USERPROFILE", "none", "HOMEPATH"):
        del variables["USERPROFILE"]
    if change == "HOME":
        variables["HOME"] = "C:\\home"
    elif change == "HOMEPATH":
        variables.update({"HOMEDRIVE": "C:", "HOMEPATH": "\\w\\u"})
    elif change == "base":
        variables["PYTHONUSERBASE"] = layout.dir + "\\userbase"
    elif change == "relative base":
        variables["PYTHONUSERBASE"] = layout.rng.choice(["userbase", "C:/w/userbase/", "~\\x", "\\userbase"])
    elif change in ("off", "not off"):
        variables["PYTHONNOUSERSITE"] = "1" if change == "off" else "0"
    elif change == "empty APPDATA":
        variables["APPDATA"] = ""
    elif change == "spelled":
        variables["APPDATA"] = layout.rng.choice(["C:/users/x", "rel", "C:\\users\\x\\", "~", "C:\\\u00fc"])


def other_variables(layout):
    """Variables that change little."""
    name, value = layout.rng.choice(
        [("PYTHONPLATLIBDIR", "lib64"), ("PYTHONPLATLIBDIR", "DLLs"), ("PYTHONPLATLIBDIR", ""), ("PYTHONSAFEPATH", "1"), ("PYTHONSAFEPATH", "0"), ("VIRTUAL_ENV", "C:\\x"), ("PYTHONUTF8", "1"), ("PYTHONCOERCECLOCALE", "0"), ("PYTHONDONTWRITEBYTECODE", "1"), ("PYTHONCASEOK", "1"), ("PYTHONLEGACYWINDOWSFSENCODING", "1")]
    )
    layout.environment[name] = value


def user_site(layout):
    """A user site that exists."""
    directory = "%s\\user\\AppData\\Roaming\\Python\\Python%s\\site-packages" % (layout.dir, layout.release.tag)
    layout.directories.append(directory)
    layout.write(directory + "\\user.pth", layout.dir + "\\of user\n")
    layout.directories.append(layout.dir + "\\of user")
    if layout.rng.random() < 0.4:
        layout.write(directory + "\\usercustomize.py", "")
    cfg_true(layout)


# --- the registry ---------------------------------------------------------------------------------------------------


def registry(layout):
    """The key `PythonPath` of both hives."""
    values = [None, "", "C:\\reg one", "C:\\reg one;C:\\reg two\\", ";", "rel", "C:/reg/x;", layout.base + "\\Lib"]
    for hive in ("HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE"):
        if layout.rng.random() < 0.6:
            key = {}
            if layout.rng.random() < 0.8:
                key[""] = layout.rng.choice(values)
            for name in layout.rng.sample(["App", "zeta", "Beta", "alpha", "_x"], layout.rng.choice([0, 1, 2])):
                key[name] = layout.rng.choice(values)
            layout.registry[hive] = key


def registry_without_library(layout):
    """The registry counts most where no standard library is found."""
    layout.own_base()
    layout.removed.append(layout.base + "\\Lib\\os.py")
    registry(layout)
    for key in layout.registry.values():
        key[""] = "%s\\Lib;%s\\DLLs" % (layout.release.base, layout.release.base)


# --- ._pth ----------------------------------------------------------------------------------------------------------


def under_pth(layout):
    """A `._pth` file next to the program or the library."""
    layout.own_base()
    tag = layout.release.tag
    stem = layout.library[: -len(".dll")]
    exe_stem = layout.exe[: -len(".exe")]
    names = [stem + "._pth", exe_stem + "._pth", layout.base + "\\python._pth"]
    lib = layout.rng.choice(["Lib", "lib", ".\\Lib", "Lib\\", "./Lib", layout.base + "\\Lib", "..\\base\\Lib", "lib\\..\\Lib"])
    body = layout.rng.choice(
        [
            ["python%s.zip" % tag, lib, "DLLs", "."],
            ["# comment", "", lib, "DLLs", "", "import site"],
            [lib, "import site"],
            [lib, "  import site", "import site  "],
            [lib, "import site # so"],
            [lib, "import sys"],
            [lib, "#import site", "x # y"],
            [" " + lib + " ", "import site"],
            [lib, "\u00fc", "import site"],
            [lib, "a;b", "import site"],
            [lib, "C:\\other", "\\rooted", "C:rel", "import site"],
            [],
            ["# nothing"],
            ["nowhere"],
            ["import site"],
            [lib, "IMPORT SITE"],
            [lib, "importer", "import site\tx"],
            [lib, "x\0y", "z"],
        ]
    )
    end = layout.rng.choice(["\r\n", "\n", "\r"] if layout.rng.random() < 0.2 else ["\r\n", "\n"])
    text = end.join(body) + layout.rng.choice(["", end])
    form = layout.rng.choice(["utf-8", "utf-8", "utf-8", "utf-8-sig", "bad", "cp1252", "utf-16"])
    if form == "bad":
        content = text.encode() + b"\nb\xe4d\xff\nx\xed\xa0\x80\n"
    else:
        content = text.encode(form, "replace")
    layout.write(layout.rng.choice(names), content)


# --- the base -------------------------------------------------------------------------------------------------------


def damaged_base(layout):
    """A base in which something is missing or more."""
    layout.own_base()
    base, tag = layout.base, layout.release.tag
    kind = layout.rng.choice(["no DLLs", "no os.py", "no Lib", "zip", "zip directory", "no encodings", "no site-packages", "os.pyc", "lib beside", "pybuilddir", "lib in Scripts", "DLLs as file"])
    layout.kinds.append(kind)
    if kind == "no DLLs":
        layout.removed.append(base + "\\DLLs")
    elif kind == "no os.py":
        layout.removed.append(base + "\\Lib\\os.py")
    elif kind == "no Lib":
        layout.removed.append(base + "\\Lib")
    elif kind == "zip":
        layout.write(base + "\\python%s.zip" % tag, zipped({"unused.py": ""}))
    elif kind == "zip directory":
        layout.directories.append(base + "\\python%s.zip" % tag)
    elif kind == "no encodings":
        layout.removed.append(base + "\\Lib\\encodings")
    elif kind == "no site-packages":
        layout.removed.append(base + "\\Lib\\site-packages")
    elif kind == "os.pyc":
        layout.write(layout.dir + "\\Lib\\os.pyc", "")
    elif kind == "lib beside":
        layout.write(layout.dir + "\\Lib\\os.py", "")
    elif kind == "pybuilddir":
        layout.write(base + "\\pybuilddir.txt", layout.rng.choice(["build", "", "."]))
    elif kind == "lib in Scripts" and in_cfg(layout):
        layout.write(layout.root + "\\Lib\\os.py", "")
    elif kind == "DLLs as file":
        layout.removed.append(base + "\\DLLs")
        layout.write(base + "\\DLLs", "")


# --- what is run ----------------------------------------------------------------------------------------------------


def zipped(members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return content.getvalue()


def launch(layout):
    """Other things than `-c`."""
    kind = layout.rng.choice(["module", "interactive", "script", "script", "directory", "directory", "zip"])
    if kind in ("module", "interactive"):
        layout.launch = (kind, "timeit" if kind == "module" else None)
        return
    name = layout.rng.choice(["run", "r\u00fcn", "r un"])
    place = layout.rng.choice(["", "sub\\", "sub\\deep\\"])
    path = layout.dir + "\\" + place + name
    if kind == "script":
        path += layout.rng.choice([".py", ".py", ".txt", ""])
        layout.write(path, PROBE)
    elif kind == "directory":
        layout.write(path + "\\__main__.py", PROBE)
    else:
        path += layout.rng.choice([".zip", ".pyz"])
        layout.write(path, zipped({"__main__.py": PROBE}))
    layout.launch = ("script", spelled(layout, path, kind == "directory"))


def spelled(layout, path, is_directory):
    """One of the ways to name a path."""
    forms = [path, path.replace("\\", "/"), path[2:], path.replace(layout.dir, layout.dir + "\\x\\.."), path.replace("\\w\\", "\\w\\.\\")]
    if layout.cwd == layout.dir:
        below = path[len(layout.dir) + 1 :]
        forms += [below, ".\\" + below, "./" + below.replace("\\", "/"), "..\\" + layout.id + "\\" + below, "C:" + below]
    chosen = layout.rng.choice(forms)
    if is_directory and layout.rng.random() < 0.5:
        chosen += layout.rng.choice(["\\", "/", "\\.", "\\\\", "/."])
    return chosen


def run_here(layout):
    """The working directory itself is run."""
    layout.write(layout.dir + "\\__main__.py", PROBE)
    layout.cwd = layout.dir
    layout.launch = ("script", layout.rng.choice([".", ".\\", "./", "..\\" + layout.id, "C:."]))


# --- site-packages --------------------------------------------------------------------------------------------------


def site_dir(layout):
    if layout.site_packages and layout.site_packages.startswith(layout.release.base + "\\"):
        layout.own_base()
    return layout.site_packages


def pth_files(layout):
    """`.pth` files."""
    site = site_dir(layout)
    for name in ("in site", "..\\beside", "\u00fc", "\u20ac"):
        layout.directories.append(site + "\\" + name)
    layout.directories += [layout.dir + "\\abs", layout.dir + "\\Abs2"]
    lines = [
        "in site", "IN SITE", "in site\\", "./in site", "..\\beside", "../beside", "missing", "", "   ", "\t", "# x", "  # x",
        layout.dir + "\\abs", layout.dir.replace("\\", "/") + "/abs", layout.dir + "\\abs2", layout.dir + "\\ABS2\\", "\\w\\" + layout.id + "\\abs", "C:",
        "\u00fc", "\u20ac", "import sys", "import sys; sys.path.append('C:\\\\appended')", "import\tsys", "  import sys", "importx", ".", "..", "in site  ", " in site",
        "C:\\windows", "C:windows", "in site\x0cx",
    ]
    for name in layout.rng.sample(["a.pth", "B.pth", "c.PTH", ".hidden.pth", "z.pth", "\u00e4.pth", "a.pth.txt"], layout.rng.choice([1, 1, 2, 3])):
        text = layout.rng.choice(["\n", "\r\n"]).join(layout.rng.sample(lines, layout.rng.choice([1, 2, 3, 5])))
        form = layout.rng.choice(["utf-8", "utf-8", "utf-8", "cp1252", "utf-8-sig", "utf-16", "odd"])
        content = text.encode() + b"\n\x81\x8d\n" if form == "odd" else text.encode(form, "replace")
        layout.write(site + "\\" + name, content)


def customize(layout):
    """`sitecustomize` and `usercustomize`."""
    site = site_dir(layout)
    layout.write(site + "\\" + layout.rng.choice(["sitecustomize.py", "usercustomize.py", "sitecustomize\\__init__.py", "SiteCustomize.py"]), "")


def base_packages(layout):
    """The base's own packages, which an environment may see."""
    layout.own_base()
    layout.write(layout.base + "\\Lib\\site-packages\\base.pth", layout.dir + "\\of base\n")
    layout.directories.append(layout.dir + "\\of base")
    cfg_true(layout)


# In the order in which they are made: what changes the base comes first, and what is run last.
CHANGES = [
    (registry_without_library, 2),
    (under_pth, 7),
    (damaged_base, 8),
    (base_packages, 3),
    (pth_files, 14),
    (customize, 3),
    (user_site, 5),
    (cfg_place, 7),
    (cfg_true, 4),
    (cfg_system_site, 6),
    (cfg_home, 18),
    (cfg_home_line, 10),
    (cfg_bytes, 8),
    (registry, 9),
    (flags, 9),
    (python_path, 9),
    (python_home, 12),
    (launcher_variable, 4),
    (user_variables, 6),
    (other_variables, 4),
    (window_program, 2),
    (cwd, 5),
    (typed, 18),
    (typed_beside, 4),
    (on_path, 5),
    (launch, 14),
    (run_here, 3),
]


def weighted(rng, table):
    functions, weights = zip(*table)
    return rng.choices(functions, weights)[0]


def draw(rng, release, number):
    """A layout: a shape and up to three changes."""
    layout = Layout(rng, release, number)
    shape = weighted(rng, SHAPES)
    shape(layout)
    layout.kinds.insert(0, shape.__name__)
    changes = {weighted(rng, CHANGES) for _ in range(rng.choice([0, 1, 1, 1, 1, 2, 2, 2, 3, 3]))}
    for change, _ in CHANGES:
        if change in changes:
            layout.kinds.append(change.__name__)
            change(layout)
    layout.reports_file = rng.random() < 0.5
    layout.directories.append(layout.dir + "\\sub")
    return layout
