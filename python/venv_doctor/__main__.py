"""Starts the program, and ends as it ends."""

import os
import sys

from venv_doctor._find import find_program


def main():
    try:
        program = find_program()
    except FileNotFoundError as error:
        print("error: {}".format(error), file=sys.stderr)
        sys.exit(2)
    arguments = [program] + sys.argv[1:]
    if os.name != "nt":
        os.execv(program, arguments)
    # Windows has no exec that keeps the terminal.
    import subprocess

    try:
        sys.exit(subprocess.call(arguments))
    except KeyboardInterrupt:
        sys.exit(2)


if __name__ == "__main__":
    main()
