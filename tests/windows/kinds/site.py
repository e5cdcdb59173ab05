"""Site directories."""


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
        "in site",
        "IN SITE",
        "in site\\",
        "./in site",
        "..\\beside",
        "../beside",
        "missing",
        "",
        "   ",
        "\t",
        "# x",
        "  # x",
        layout.dir + "\\abs",
        layout.dir.replace("\\", "/") + "/abs",
        layout.dir + "\\abs2",
        layout.dir + "\\ABS2\\",
        "\\w\\" + layout.id + "\\abs",
        "C:",
        "\u00fc",
        "\u20ac",
        "import sys",
        "import sys; sys.path.append('C:\\\\appended')",
        "import\tsys",
        "  import sys",
        "importx",
        ".",
        "..",
        "in site  ",
        " in site",
        "C:\\windows",
        "C:windows",
        "in site\x0cx",
    ]
    for name in layout.rng.sample(
        ["a.pth", "B.pth", "c.PTH", ".hidden.pth", "z.pth", "\u00e4.pth", "a.pth.txt"], layout.rng.choice([1, 1, 2, 3])
    ):
        text = layout.rng.choice(["\n", "\r\n"]).join(layout.rng.sample(lines, layout.rng.choice([1, 2, 3, 5])))
        form = layout.rng.choice(["utf-8", "utf-8", "utf-8", "cp1252", "utf-8-sig", "utf-16", "odd"])
        content = text.encode() + b"\n\x81\x8d\n" if form == "odd" else text.encode(form, "replace")
        layout.write(site + "\\" + name, content)


def customize(layout):
    """`sitecustomize` and `usercustomize`."""
    site = site_dir(layout)
    layout.write(
        site
        + "\\"
        + layout.rng.choice(["sitecustomize.py", "usercustomize.py", "sitecustomize\\__init__.py", "SiteCustomize.py"]),
        "",
    )
