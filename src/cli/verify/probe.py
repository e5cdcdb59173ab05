# Shows what start-up left behind, on one line: VENV-DOCTOR-PROBE and JSON, every string as the hex of its bytes.
#
# Works from 3.6 on. Imports nothing but sys, which is built in: any other module could come from the folder under
# examination. Under -S the site module is not there.
import sys

try:
    # What was printed before is that of startup.
    sys.stderr.write("\nVENV-DOCTOR-PROBE-STARTS\n")
    sys.stderr.flush()
except Exception:
    pass


def show(value):
    if value is None:
        return "null"
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(show(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ",".join('"%s":%s' % (name, show(value[name])) for name in sorted(value)) + "}"
    if not isinstance(value, str):
        value = repr(value)
    return '"' + value.encode(sys.getfilesystemencoding(), "surrogateescape").hex() + '"'


def attributes(module, names):
    return {name: getattr(module, name) for name in names.split() if hasattr(module, name)}


site = sys.modules.get("site")
probe = {
    "sys": attributes(
        sys,
        "executable _base_executable prefix exec_prefix base_prefix base_exec_prefix _home platlibdir _stdlib_dir path",
    ),
    "version": "%d.%d.%d" % sys.version_info[:3],
    "site": site and attributes(site, "ENABLE_USER_SITE USER_BASE USER_SITE PREFIXES"),
    "customize": {
        name: getattr(sys.modules.get(name), "__file__", None) for name in ("sitecustomize", "usercustomize")
    },
}
sys.stdout.write("\nVENV-DOCTOR-PROBE " + show(probe) + "\n")
sys.stdout.flush()
