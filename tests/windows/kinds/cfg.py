"""`pyvenv.cfg`: its keys, its bytes, its place."""


def cfg_lines(layout, home):
    return [
        "home = " + home,
        "include-system-site-packages = false",
        "version = " + layout.release.version,
    ]


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
        layout.write(
            beside, "\n".join(cfg_lines(layout, layout.base)[:1] + ["include-system-site-packages = true"]) + "\n"
        )
