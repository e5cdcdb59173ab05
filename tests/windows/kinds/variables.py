"""Flags and environment variables."""

from kinds.cfg import cfg_true


def flags(layout):
    """Flags of the command line."""
    known = ["-I", "-E", "-s", "-S"] + (["-P"] if layout.release.minor >= 11 else [])
    layout.flags = sorted(set(layout.rng.choice(known) for _ in range(layout.rng.choice([1, 1, 2]))))


def python_path(layout):
    """PYTHONPATH."""
    dirs = [
        layout.dir + "\\lib one",
        "lib two",
        "..\\x",
        ".",
        "",
        "C:/w/y/",
        layout.base + "\\Lib",
        "\\rooted",
        "C:rel",
        "C:\\W\\",
        ".\\z\\",
        "\u00fc",
    ]
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
        [
            "C:\\other\\Scripts\\python.exe",
            layout.exe,
            "rel\\python.exe",
            "python.exe",
            "C:/other/x/../python.exe",
            layout.release.environment + "\\Scripts\\python.exe",
        ]
    )
    layout.environment[name] = value


def user_variables(layout):
    """What says where the user's directories are."""
    change = layout.rng.choice(
        [
            "no APPDATA",
            "no USERPROFILE",
            "none",
            "HOME",
            "HOMEPATH",
            "base",
            "relative base",
            "off",
            "not off",
            "empty APPDATA",
            "spelled",
        ]
    )
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
        [
            ("PYTHONPLATLIBDIR", "lib64"),
            ("PYTHONPLATLIBDIR", "DLLs"),
            ("PYTHONPLATLIBDIR", ""),
            ("PYTHONSAFEPATH", "1"),
            ("PYTHONSAFEPATH", "0"),
            ("VIRTUAL_ENV", "C:\\x"),
            ("PYTHONUTF8", "1"),
            ("PYTHONCOERCECLOCALE", "0"),
            ("PYTHONDONTWRITEBYTECODE", "1"),
            ("PYTHONCASEOK", "1"),
            ("PYTHONLEGACYWINDOWSFSENCODING", "1"),
        ]
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


def utf8_mode(layout):
    """`-X utf8`, which decides how old releases read `.pth` files."""
    layout.options.append(layout.rng.choice(["utf8", "utf8=1", "utf8=0"]))
    if layout.site_packages and not layout.site_packages.startswith(layout.release.base + "\\"):
        layout.directories += [layout.site_packages + "\\" + name for name in ("\u00fc", "\u00c3\u00bc")]
        layout.write(layout.site_packages + "\\utf8.pth", "\u00fc\n")
