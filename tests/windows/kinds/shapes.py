"""The shapes of layouts: an installation, an environment, and what stands between."""

from kinds.cfg import cfg_lines
from kinds.under_pth import under_pth


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
