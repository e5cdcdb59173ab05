# Runs inside the interpreter under test and prints what start-up computed, one `@@key value` line each.
# Nothing is imported but sys: an import could itself depend on the path that is being observed.
import sys


def one(value):
    if value is None:
        return "none"
    if value is True or value is False:
        return "true" if value else "false"
    try:
        data = value.encode(sys.getfilesystemencoding(), "surrogateescape")
    except UnicodeError:
        data = value.encode("utf-8", "surrogateescape")
    return "x" + "".join("%02x" % byte for byte in data)


def show(key, value):
    if isinstance(value, (list, tuple)):
        text = " ".join(["list"] + [one(item) for item in value])
    else:
        text = one(value)
    sys.stdout.write("@@" + key + " " + text + "\n")


def attributes(owner, object_, names):
    for name in names.split():
        if hasattr(object_, name):
            show(owner + "." + name, getattr(object_, name))


# `hidden` entries stand before the path: what the runner of the probe has itself put there.
show("sys.path", sys.path[globals().get("hidden", 0):])
attributes("sys", sys, "executable _base_executable prefix exec_prefix base_prefix base_exec_prefix")
attributes("sys", sys, "_home platlibdir _stdlib_dir")
site = sys.modules.get("site")
show("site.enabled", site is not None)
if site is not None:
    attributes("site", site, "ENABLE_USER_SITE USER_BASE USER_SITE PREFIXES")
for name in ("sitecustomize", "usercustomize"):
    module = sys.modules.get(name)
    show("site." + name, getattr(module, "__file__", None))
show("end", True)
sys.stdout.flush()
