#!/usr/bin/env python3
"""Draws docs/terminal.svg, the picture of the README, from what the program really prints.

Usage: packaging/picture.py PROGRAM            writes the picture
       packaging/picture.py PROGRAM --check    fails if the picture is not what would be written
"""

import re
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).resolve().parent.parent
PICTURE = HERE / "docs" / "terminal.svg"
# An environment whose base was removed: a situation that the tests judge as well.
SNAPSHOT = HERE / "fixtures" / "rules" / "VD205" / "fails.json"
COLUMNS = 104
WIDTH, HEIGHT, MARGIN = 8.4, 19, 18
# Which parameter of an escape sequence is which class of the style below.
CLASSES = {"1": "b", "2": "f", "4": "u", "31": "r", "32": "g", "33": "y", "36": "c"}
# The same for readers with a light and with a dark background.
STYLE = """
text { font: 14px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1d2125; white-space: pre; }
rect { fill: #f7f7f5; stroke: #c9ced3; }
.b { font-weight: 700; } .f { fill: #5f6870; } .u { text-decoration: underline; }
.r { fill: #b3261e; } .g { fill: #1a6b33; } .y { fill: #8a5300; } .c { fill: #0b5cad; }
@media (prefers-color-scheme: dark) {
  text { fill: #e3e6e8; } rect { fill: #1c2024; stroke: #3a4148; } .f { fill: #a0a9b1; }
  .r { fill: #ff9d94; } .g { fill: #7fd497; } .y { fill: #f3bd6a; } .c { fill: #7db8f5; }
}
"""


def printed(program, command):
    """The lines that a command prints about the machine of the snapshot, with colors."""
    words = [program, command, "--snapshot", str(SNAPSHOT), "--color", "always", "--width", str(COLUMNS)]
    run = subprocess.run(words, stdout=subprocess.PIPE, check=False, text=True, encoding="utf-8")
    if run.returncode != 1:
        sys.exit(f"error: {' '.join(words)} ends with code {run.returncode}, and the picture is of one that ends with 1")
    return run.stdout.splitlines()


def session(program):
    """What is shown: the answer of `explain`, and the finding of `check`."""
    explained = printed(program, "explain")
    checked = printed(program, "check")
    answer = explained[: explained.index("")]
    finding = checked[checked.index("") + 1 :]
    finding = finding[: finding.index("")]
    more = "\x1b[2m…\x1b[0m"
    return [prompt("explain"), *answer, more, "", prompt("check"), more, *finding]


def prompt(command):
    return f"\x1b[2m$\x1b[0m \x1b[1mvenv-doctor {command}\x1b[0m"


def runs(line):
    """The parts of a line: column, text, classes."""
    column, classes = 0, []
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b"):
            codes = part[2:-1].split(";")
            classes = [] if codes in ([""], ["0"]) else classes + [CLASSES[code] for code in codes]
        elif part:
            yield column, part, " ".join(classes)
            column += len(part)


def drawn(lines):
    """The lines as a picture."""
    width = max(sum(len(text) for _, text, _ in runs(line)) for line in lines) * WIDTH + 2 * MARGIN
    height = len(lines) * HEIGHT + 2 * MARGIN
    rows = []
    for number, line in enumerate(lines, 1):
        # Each part has its own place, so that columns agree whatever the font is.
        for column, text, classes in runs(line):
            # Blanks at the edges of a part are a matter of its place.
            start = column + len(text) - len(text.lstrip())
            if text.strip():
                shown = text.strip()
                place = f'x="{MARGIN + start * WIDTH:.1f}" y="{MARGIN + number * HEIGHT - 5}" textLength="{len(shown) * WIDTH:.1f}"'
                kind = f' class="{classes}"' if classes else ""
                rows.append(f"<text {place}{kind}>{escape(shown)}</text>")
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}">',
            "<title>venv-doctor explains why a Python fails to start, and prints the command that repairs it</title>",
            f"<style>{STYLE}</style>",
            f'<rect x="0.5" y="0.5" width="{width - 1:.0f}" height="{height - 1}" rx="8"/>',
            *rows,
            "</svg>\n",
        ]
    )


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--check"]):
        sys.exit(__doc__)
    picture = drawn(session(sys.argv[1]))
    if sys.argv[2:]:
        if not PICTURE.exists() or PICTURE.read_text(encoding="utf-8") != picture:
            sys.exit("error: docs/terminal.svg is out of date; packaging/picture.py PROGRAM draws it")
    else:
        PICTURE.write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
