"""Where an installer has put the program."""

import os
import sys
import sysconfig

NAME = "venv-doctor" + (sysconfig.get_config_var("EXE") or "")


def _directories():
    """The directories in which installers put programs, the most likely first."""
    yield sysconfig.get_path("scripts")
    yield sysconfig.get_path("scripts", scheme=_user_scheme())
    package = os.path.dirname(os.path.abspath(__file__))
    # `pip install --target DIR` and `--prefix DIR`.
    yield os.path.join(os.path.dirname(package), "bin")
    up = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(package))))
    yield os.path.join(up, "Scripts" if os.name == "nt" else "bin")


def _user_scheme():
    if sys.version_info >= (3, 10):
        return sysconfig.get_preferred_scheme("user")
    if os.name == "nt":
        return "nt_user"
    if sys.platform == "darwin" and getattr(sys, "_framework", None):
        return "osx_framework_user"
    return "posix_user"


def find_program():
    """The path of the program.

    Raises FileNotFoundError where no installer has put it.
    """
    tried = []
    for directory in _directories():
        program = os.path.join(directory, NAME)
        if os.path.isfile(program):
            return program
        tried.append(directory)
    raise FileNotFoundError("{} is in none of these directories: {}".format(NAME, ", ".join(tried)))
