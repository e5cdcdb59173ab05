"""The program venv-doctor, installed with pip: `python -m venv_doctor` starts it.

Nothing of it is written in Python. `find_program` says where it is.
"""

from venv_doctor._find import find_program

__all__ = ["find_program"]
