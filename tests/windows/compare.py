"""Compares a report with what a real Python showed."""

import base64

# Exit codes of the redirector: it starts no Python.
REDIRECTOR = {101, 103, 106, 107, 87}
# What is said where what is launched does not exist.
ABSENT = (
    ": can't open file ",
    ": can't find '__main__' module in ",
    ".exe: No module named ",
    ".exe: Error while finding module",
)
# What happens then depends on what the memory holds by chance.
UNDEFINED = "reads memory that it has not written"
SYS = "executable _base_executable prefix exec_prefix base_prefix base_exec_prefix _home platlibdir _stdlib_dir".split()
SITE = "ENABLE_USER_SITE USER_BASE USER_SITE PREFIXES".split()


def text(value):
    """A text of the report as Python holds it."""
    if isinstance(value, dict):
        return base64.b64decode(value["base64"]).decode("utf-8", "surrogateescape")
    if isinstance(value, list):
        return [text(item) for item in value]
    return value


def is_launched(seen):
    """Whether what is launched was found. It is looked for when startup is over."""
    last = seen["lines"][-1] if seen["lines"] else ""
    return not any(text in last for text in ABSENT)


def is_nothing_to_run(report):
    """Whether it is said that what is launched does not exist."""
    reason = text(report["outcome"]["reason"] or "")
    return report["sys"] is not None and reason.startswith(("the script ", "No module named ", "No code object "))


def status(seen, report):
    if seen["found"] is not None or seen["status"] == 0:
        return "starts"
    # Python ends where there is nothing to run; where that is not foretold, it is startup alone that is compared.
    if not is_launched(seen):
        return report["outcome"]["status"] if is_nothing_to_run(report) else "starts"
    if seen["status"] is None or seen["status"] in REDIRECTOR:
        return "fails-to-execute"
    return "fails-to-initialize"


def flags(report):
    """The flags after startup, as its steps set them."""
    values = {}
    for step in report["steps"]:
        for name, value in step["sets"].items():
            values[name] = value
    names = {
        "isolated": ("isolated", False),
        "ignore_environment": ("use_environment", True),
        "no_user_site": ("user_site_directory", True),
        "no_site": ("site_import", True),
        "safe_path": ("safe_path", False),
    }
    return {flag: int(bool(values.get(name)) != negated) for flag, (name, negated) in names.items()}


def compare(report, seen):
    """The differences: field, predicted, real."""
    differences = []

    def check(field, predicted, real):
        if predicted != real:
            differences.append((field, repr(predicted), repr(real)))

    if UNDEFINED in text(report["outcome"]["reason"] or ""):
        return differences
    check("outcome.status", report["outcome"]["status"], status(seen, report))
    if differences:
        differences.append(("why", repr(report["outcome"]["reason"]), repr((seen["status"], seen["lines"][-3:]))))
    found = seen["found"]
    if found is None or report["sys"] is None:
        if not differences:
            messages(report, seen, check)
        return differences
    predicted = report["sys"]
    for name in SYS:
        # A version without the attribute shows null; `_home` is absent where it is not set.
        value = text(predicted.get(name, "(absent)"))
        absent = "(absent)" if name == "_home" else None
        check("sys." + name, value, found.get(name, absent))
    check("sys.path", [text(entry["value"]) for entry in predicted["path"]], found["path"])
    check("flags", flags(report), found["flags"])
    site, real = report["site"], found["site"]
    check("site.enabled", site["enabled"], real is not None)
    if real is not None:
        for name in SITE:
            check("site." + name, text(site[name]), real[name])
        for name in ("sitecustomize", "usercustomize"):
            check("site." + name, text(site[name]), found[name])
    messages(report, seen, check)
    return differences


def messages(report, seen, check):
    """Every line that is predicted must be printed, and nothing may be printed where no line is predicted."""
    said = [normal(text(line)) for line in report["messages"]]
    printed = [normal(decoded(line.encode("latin-1"))) for line in seen["lines"]]
    rest = iter(printed)
    lost = [line for line in said if not any(line == other for other in rest)]
    if lost:
        check("messages", said, printed)
    elif not said and is_launched(seen):
        check("messages", [], printed)


# Wine's words for errors of the system.
WORDS = {
    "File not found.": "The system cannot find the file specified.",
    "Path not found.": "The system cannot find the path specified.",
    "Invalid name.": "The filename, directory name, or volume label syntax is incorrect.",
    "Access denied.": "Access is denied.",
    "Invalid parameter.": "The parameter is incorrect.",
}


def decoded(line):
    """Python prints UTF-8 or the code page, the redirector the code page."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def normal(line):
    line = line.rstrip()
    for wine, windows in WORDS.items():
        if line.endswith(": " + wine):
            line = line[: -len(wine)] + windows
    return line
