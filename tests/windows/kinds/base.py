"""The base installation."""

from kinds.cfg import cfg_true, in_cfg
from kinds.launch import zipped


def damaged_base(layout):
    """A base in which something is missing or more."""
    layout.own_base()
    base, tag = layout.base, layout.release.tag
    kind = layout.rng.choice(
        [
            "no DLLs",
            "no os.py",
            "no Lib",
            "zip",
            "zip directory",
            "no encodings",
            "no site-packages",
            "os.pyc",
            "lib beside",
            "pybuilddir",
            "lib in Scripts",
            "DLLs as file",
        ]
    )
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


def base_packages(layout):
    """The base's own packages, which an environment may see."""
    layout.own_base()
    layout.write(layout.base + "\\Lib\\site-packages\\base.pth", layout.dir + "\\of base\n")
    layout.directories.append(layout.dir + "\\of base")
    cfg_true(layout)
