"""What the program for Windows records must be explained here as it is explained there."""

import json
import os
import subprocess
import tempfile

from layout import PROGRAM
from wine import errors, job, output

# What is recorded, what is printed there, and what is printed here about the record.
REPORTS = {
    "explain json": (["snapshot"], ["explain", "--format", "json"]),
    "explain text": (["snapshot"], ["explain", "--format", "text"]),
    "check json": (["snapshot", "--check"], ["check", "--format", "json"]),
}
# What a report about a record does not have: what fixes would do is worked out and proven on the machine itself.
UNPROVEN = ("asked", "forecast", "safe", "fix_safe", "sha256_before", "sha256_after", "diff", "was")


def proven(report):
    """A report of `check` without what only the machine itself tells."""
    if isinstance(report, dict):
        return {name: proven(value) for name, value in report.items() if name not in UNPROVEN}
    return [proven(value) for value in report] if isinstance(report, list) else report


def comparable(form, printed):
    """What must be the same of a report."""
    if not form.startswith("check"):
        return printed
    try:
        return json.dumps(proven(json.loads(printed))).encode()
    except ValueError:
        return printed


def first_difference(one, other):
    """What is around the first difference."""
    at = len(os.path.commonprefix([one, other]))
    start = max(at - 120, 0)
    return repr(one[start : at + 80]), repr(other[start : at + 80])


def jobs(name, subject, cwd, variables=None):
    """Everything that is recorded and printed in Wine about one subject."""
    for record in (["snapshot"], ["snapshot", "--check"]):
        yield job("%s %s" % (name, " ".join(record)), [PROGRAM, *record, "--", subject], cwd, variables)
    for form, (_, words) in REPORTS.items():
        yield job("%s %s" % (name, form), [PROGRAM, *words, "--", subject], cwd, variables)


def replay(program, recording, command, *options):
    """What a command ends with here about what was recorded."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(output(recording))
        file.flush()
        words = [program, command, "--snapshot", file.name, *options]
        return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def differences(program, results, name):
    """How the reports about the records of one subject differ."""
    for form, (record, words) in REPORTS.items():
        recording = results["%s %s" % (name, " ".join(record))]
        there = results["%s %s" % (name, form)]
        # What cannot be recorded is refused with the words of `explain`.
        if recording["status"] == 2 and not recording["out"]:
            continue
        ended = replay(program, recording, *words)
        if ended.returncode != there["status"]:
            yield form, "exit code %s: %s" % (ended.returncode, ended.stderr), "%s: %s" % (
                there["status"],
                errors(there),
            )
        else:
            reports = [comparable(form, printed) for printed in (ended.stdout, output(there))]
            if reports[0] != reports[1]:
                yield form, *first_difference(*reports)


def compare(wine, program, subjects, cwd):
    """Whether all reports are the same; those that are not are printed."""
    results = wine.judge([it for name, subject in subjects for it in jobs(name, subject, cwd)])
    found = 0
    for name, _ in subjects:
        for form, here, there in differences(program, results, name):
            found += 1
            print("%s: %s\n      here  %s\n      there %s" % (name, form, here, there))
    print("== records: %d subjects, %d reports, %d differences" % (len(subjects), len(subjects) * len(REPORTS), found))
    return found == 0
