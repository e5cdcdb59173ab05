# Runs in the Python that is observed, whatever of its standard library is missing: it imports nothing but sys.
import sys


def observe():
    names = (
        "executable _base_executable prefix exec_prefix base_prefix base_exec_prefix _home platlibdir _stdlib_dir winver"
    ).split()
    flags = "isolated ignore_environment no_user_site no_site safe_path".split()
    site = sys.modules.get("site")
    path = list(sys.path)
    if path[:1] == ["."] and hasattr(sys.modules["__main__"], "Timer"):
        # `-m timeit` puts the working directory in front before it runs this.
        del path[0]
    found = {name: getattr(sys, name) for name in names if hasattr(sys, name)}
    found["path"] = path
    found["flags"] = {name: int(getattr(sys.flags, name, 0)) for name in flags}
    site_names = "ENABLE_USER_SITE USER_BASE USER_SITE PREFIXES".split()
    found["site"] = None if site is None else {name: getattr(site, name, None) for name in site_names}
    for name in ("sitecustomize", "usercustomize"):
        found[name] = getattr(sys.modules.get(name), "__file__", None)
    sys.stdout.write("\n@@" + ascii(found) + "@@\n")
    sys.stdout.flush()


observe()
