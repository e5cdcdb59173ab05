"""The registry."""


def registry(layout):
    """The key `PythonPath` of both hives."""
    values = [None, "", "C:\\reg one", "C:\\reg one;C:\\reg two\\", ";", "rel", "C:/reg/x;", layout.base + "\\Lib"]
    for hive in ("HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE"):
        if layout.rng.random() < 0.6:
            key = {}
            if layout.rng.random() < 0.8:
                key[""] = layout.rng.choice(values)
            for name in layout.rng.sample(["App", "zeta", "Beta", "alpha", "x1"], layout.rng.choice([0, 1, 2])):
                key[name] = layout.rng.choice(values)
            layout.registry[hive] = key


def registry_without_library(layout):
    """The registry counts most where no standard library is found."""
    layout.own_base()
    layout.removed.append(layout.base + "\\Lib\\os.py")
    registry(layout)
    for key in layout.registry.values():
        key[""] = "%s\\Lib;%s\\DLLs" % (layout.release.base, layout.release.base)
