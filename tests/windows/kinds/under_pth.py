"""`._pth` files."""


def under_pth(layout):
    """A `._pth` file next to the program or the library."""
    layout.own_base()
    tag = layout.release.tag
    stem = layout.library[: -len(".dll")]
    exe_stem = layout.exe[: -len(".exe")]
    names = [stem + "._pth", exe_stem + "._pth", layout.base + "\\python._pth"]
    lib = layout.rng.choice(
        ["Lib", "lib", ".\\Lib", "Lib\\", "./Lib", layout.base + "\\Lib", "..\\base\\Lib", "lib\\..\\Lib"]
    )
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
