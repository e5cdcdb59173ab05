"""What is run."""

import io
import os
import zipfile

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
with open(os.path.join(HERE, "probe.py"), encoding="utf-8") as file:
    PROBE = file.read()


def zipped(members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in members.items():
            # Without the time of day, the same layout is the same file.
            archive.writestr(zipfile.ZipInfo(name), text)
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
    forms = [
        path,
        path.replace("\\", "/"),
        path[2:],
        path.replace(layout.dir, layout.dir + "\\x\\.."),
        path.replace("\\w\\", "\\w\\.\\"),
    ]
    if layout.cwd == layout.dir:
        below = path[len(layout.dir) + 1 :]
        forms += [
            below,
            ".\\" + below,
            "./" + below.replace("\\", "/"),
            "..\\" + layout.id + "\\" + below,
            "C:" + below,
        ]
    chosen = layout.rng.choice(forms)
    if is_directory and layout.rng.random() < 0.5:
        chosen += layout.rng.choice(["\\", "/", "\\.", "\\\\", "/."])
    return chosen


def run_here(layout):
    """The working directory itself is run."""
    layout.write(layout.dir + "\\__main__.py", PROBE)
    layout.cwd = layout.dir
    layout.launch = ("script", layout.rng.choice([".", ".\\", "./", "..\\" + layout.id, "C:."]))


def failing(layout):
    """What cannot be run."""
    layout.write(layout.dir + "\\bare\\x.py", "")
    layout.write(layout.dir + "\\bare.zip", zipped({"x.py": ""}))
    scripts = [
        "none.py",
        "none\\none.py",
        layout.dir + "\\none.py",
        "bare",
        layout.dir + "\\bare",
        "bare.zip",
    ]
    modules = ["none", "xml", "os.path.none", "bare", "bare.x"]
    layout.launch = layout.rng.choice([("script", name) for name in scripts] + [("module", name) for name in modules])
