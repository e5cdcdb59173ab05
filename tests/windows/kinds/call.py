"""What is typed, and where."""


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
    layout.typed = layout.rng.choice(
        [".\\" + name, "./" + name, ".\\" + name[:-4], "..\\%s\\%s" % (directory.rsplit("\\", 1)[1], name)]
    )


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
    layout.cwd = layout.rng.choice(
        ["C:\\", "C:\\windows", layout.dir + "\\sub", layout.base, layout.dir + "\\\u00fc b"]
    )
    if layout.cwd.startswith(layout.dir):
        layout.directories.append(layout.cwd)
