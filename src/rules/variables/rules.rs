//! What the rules of this family mean.

use crate::rules::rule::Rule;
use crate::rules::{Code, Severity};

/// The rules, in the order of their codes.
pub const RULES: &[Rule] = &[
    Rule {
        code: Code::PythonHomeWrong,
        name: "pythonhome-wrong",
        severity: Severity::Error,
        heuristic: false,
        summary: "PYTHONHOME leads Python to a standard library that is missing, incomplete, or another installation's.",
        reason: "\
The variable replaces the search for the standard library as a whole, for every Python that is started from that shell, \
and from 3.11 on the path configuration does not ask pyvenv.cfg either. Where the directory has no library of this minor \
release, Python dies with No module named 'encodings'; where it has that of another build, modules and interpreter do \
not fit. Programs that embed Python set it, spack and old installers export it. The activate scripts of sh and fish \
remove it, that of csh does not.",
        example: "\
$ PYTHONHOME=/opt/app .venv/bin/python
Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding
ModuleNotFoundError: No module named 'encodings'",
        fix: "unset PYTHONHOME, and remove it from the profile that exports it.",
        sources: &[
            "python/cpython#125873",
            "spack/spack#32515",
            "CPython Modules/getpath.py: CALCULATE (default) prefix",
        ],
    },
    Rule {
        code: Code::PythonHomeSet,
        name: "pythonhome-set",
        severity: Severity::Info,
        heuristic: false,
        summary: "PYTHONHOME is set to the installation that this Python would find by itself.",
        reason: "\
Here it does no harm. It does to every other Python that is started from the same shell: one of another minor release \
finds no standard library and dies, one of the same release takes this one's.",
        example: "\
$ export PYTHONHOME=/usr/local
$ /usr/local/bin/python3.12 -c 'print(1)'
1
$ /usr/bin/python3.11 -c 'print(1)'
ModuleNotFoundError: No module named 'encodings'",
        fix: "unset PYTHONHOME: Python finds its library without it.",
        sources: &["CPython Doc/using/cmdline.rst: PYTHONHOME"],
    },
    Rule {
        code: Code::PythonPathOtherVersion,
        name: "pythonpath-other-version",
        severity: Severity::Warning,
        heuristic: false,
        summary: "PYTHONPATH names the site-packages of another release of Python.",
        reason: "\
PYTHONPATH comes before everything else, in an environment too. Packages in it win over those that are installed in the \
environment, and what is compiled in them was compiled for another release: numpy ends with No module named \
numpy.core._multiarray_umath. Setup scripts of ROS, modules of computing centres and editors export it for one Python \
and every other one obeys.",
        example: "\
$ echo $PYTHONPATH
/opt/ros/foxy/lib/python3.8/site-packages
$ .venv/bin/python --version
Python 3.12.1",
        fix: "Remove the entry from PYTHONPATH, or start Python with -I where the variable is needed elsewhere.",
        sources: &["ros2/ros2#1094", "numpy/numpy#22929", "CPython Modules/getpath.py: UPDATE pythonpath"],
    },
    Rule {
        code: Code::PythonPathHoldsStdlib,
        name: "pythonpath-holds-stdlib",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A directory on PYTHONPATH holds modules with the names of standard ones, and these are imported instead.",
        reason: "\
PYTHONPATH is searched before the standard library, and that reaches every Python of that shell. The standard library \
of another release fails in one of the first imports, differently in each: SRE module mismatch, 'type' object is not \
subscriptable, can't initialize sys standard streams. A single encodings that is not whole kills every release. io, os, \
codecs and the like are frozen into the binary from 3.11 on and safe there; before, they are imported while Python \
starts.",
        example: "\
$ ls /srv/tools
encodings  report.py
$ PYTHONPATH=/srv/tools .venv/bin/python
Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding",
        fix: "Remove the entry from PYTHONPATH, or rename what lies there.",
        sources: &["JuliaPy/PyCall.jl#410", "pypa/virtualenv#1959", "CPython Python/frozen.c"],
    },
    Rule {
        code: Code::PythonPathEmptyEntry,
        name: "pythonpath-empty-entry",
        severity: Severity::Warning,
        heuristic: false,
        summary: "PYTHONPATH has an empty entry, so that the working directory can be imported from.",
        reason: "\
A colon at the beginning, at the end, or two in a row leave an empty entry, which Python makes absolute against the \
working directory. It mostly comes from PYTHONPATH=$PYTHONPATH:/x while the variable was not set. A script that is run \
in a directory of somebody else then imports that person's random.py.",
        example: "\
$ export PYTHONPATH=$PYTHONPATH:/opt/tools
$ echo $PYTHONPATH
:/opt/tools",
        fix: "Set the variable without the stray separator: PYTHONPATH=${PYTHONPATH:+$PYTHONPATH:}/opt/tools.",
        sources: &["jsk-ros-pkg/coral_usb_ros#17", "CPython Modules/getpath.py: UPDATE pythonpath"],
    },
    Rule {
        code: Code::PythonPathOddEntry,
        name: "pythonpath-odd-entry",
        severity: Severity::Warning,
        heuristic: false,
        summary: "An entry of PYTHONPATH is relative, or written in a notation that Python does not know.",
        reason: "\
The value is split at the separator of the system and nothing in it is expanded: no ~, no $HOME, no quotes. ~/lib \
becomes a directory of the name ~ in the working directory, and a list in the notation of another system becomes one long \
name. A relative entry is another directory in each working directory, which may be what is wanted; it is told as an \
information.",
        example: "\
$ export PYTHONPATH='~/lib;/opt/tools'
$ python3 -c 'import sys; print(sys.path[1])'
/home/ada/project/~/lib;/opt/tools",
        fix: "Write whole paths, separated by : (by ; on Windows).",
        sources: &["CPython Modules/getpath.py: UPDATE pythonpath"],
    },
    Rule {
        code: Code::PythonPathMissing,
        name: "pythonpath-missing",
        severity: Severity::Info,
        heuristic: false,
        summary: "An entry of PYTHONPATH does not exist.",
        reason: "\
Python puts it on sys.path without asking, and each import looks there first and in vain. What it held is not found, \
and whoever makes a directory of that name later decides what is imported.",
        example: "\
$ echo $PYTHONPATH
/home/ada/old-project/src
$ ls /home/ada/old-project
ls: cannot access '/home/ada/old-project': No such file or directory",
        fix: "Remove the entry from the variable.",
        sources: &["CPython Doc/using/cmdline.rst: PYTHONPATH"],
    },
    Rule {
        code: Code::PythonPathOtherEnvironment,
        name: "pythonpath-other-environment",
        severity: Severity::Warning,
        heuristic: false,
        summary: "PYTHONPATH names the site-packages of another environment.",
        reason: "\
Its packages come before those that are installed in this one, so that two environments are mixed: versions are not \
those of the lock file, importlib.metadata and pip find the metadata of the wrong copy first, and an upgrade here \
changes nothing that is imported.",
        example: "\
$ echo $PYTHONPATH
/home/ada/other/.venv/lib/python3.12/site-packages
$ .venv/bin/python -c 'import requests; print(requests.__file__)'
/home/ada/other/.venv/lib/python3.12/site-packages/requests/__init__.py",
        fix: "Remove the entry, and install what is needed into this environment.",
        sources: &["RoboStack/ros-noetic#54", "CPython Doc/using/cmdline.rst: PYTHONPATH"],
    },
    Rule {
        code: Code::VirtualEnvMismatch,
        name: "virtual-env-mismatch",
        severity: Severity::Warning,
        heuristic: false,
        summary: "VIRTUAL_ENV names another environment than the one that is examined, or none that exists.",
        reason: "\
The activate scripts set it, and it stays behind in terminals, multiplexers and editors. No Python of upstream's reads \
it: the interpreter goes by its own place. uv, Poetry, pdm and editors do read it, and install into what it names, or \
warn and ignore it. So the interpreter and the tools of one shell can work on two environments. Where the other one's \
programs are on PATH it has been activated in earnest, and that is told as an information.",
        example: "\
$ echo $VIRTUAL_ENV
/home/ada/other/.venv
$ uv sync
warning: `VIRTUAL_ENV=/home/ada/other/.venv` does not match the project environment path `.venv` and will be ignored",
        fix: "deactivate, or unset VIRTUAL_ENV, and activate the environment that is meant.",
        sources: &["python-poetry/poetry#4413", "astral-sh/uv#11315"],
    },
    Rule {
        code: Code::CondaAndVenv,
        name: "conda-and-venv-active",
        severity: Severity::Warning,
        heuristic: false,
        summary: "An environment of conda and a virtual environment are active together.",
        reason: "\
Both put a directory at the beginning of PATH, and each has variables that tools rank differently. Where conda comes \
first, which happens when its hook runs after activate, python and pip are conda's while the prompt shows both; \
packages land in conda's base. Where the environment comes first it is found, and that is told as an information.",
        example: "\
(.venv) (base) $ which python
/opt/conda/bin/python
(.venv) (base) $ echo $VIRTUAL_ENV
/home/ada/project/.venv",
        fix: "conda deactivate before activating the environment; conda config --set auto_activate_base false.",
        sources: &["astral-sh/uv#8940", "conda/conda#10754", "wntrblm/nox#801"],
    },
    Rule {
        code: Code::LauncherVariable,
        name: "launcher-variable-leaks",
        severity: Severity::Warning,
        heuristic: false,
        summary: "__PYVENV_LAUNCHER__ or PYTHONEXECUTABLE makes the interpreter believe to be another file.",
        reason: "\
Stubs and redirectors tell the real interpreter by these variables under which name they were started. A child process \
inherits them. On macOS always, and on every system from 3.11 on, the value becomes sys.executable, pyvenv.cfg is \
looked for beside it, and not even -I or -E prevents that. The interpreter of an environment then uses the packages of \
another, and pip writes that one's path into the first line of scripts.",
        example: "\
$ __PYVENV_LAUNCHER__=/home/ada/other/.venv/bin/python .venv/bin/python -c 'import sys; print(sys.prefix)'
/home/ada/other/.venv",
        fix: "unset the variable where the child process is started.",
        sources: &["python/cpython#79992", "pypa/virtualenv#1704", "CPython Modules/getpath.py: executable"],
    },
    Rule {
        code: Code::PlatlibdirSet,
        name: "platlibdir-set",
        severity: Severity::Error,
        heuristic: false,
        summary: "PYTHONPLATLIBDIR names a directory without the standard library, and Python dies.",
        reason: "\
From 3.9 on the variable takes the place of lib (or lib64) in every path that the path configuration makes. The \
standard library is then looked for in PREFIX/VALUE/pythonX.Y. Nothing else is wrong with the installation, and the \
message does not name the variable.",
        example: "\
$ PYTHONPLATLIBDIR=lib64 .venv/bin/python
ModuleNotFoundError: No module named 'encodings'
$ ls -d /usr/local/lib*/python3.12
/usr/local/lib/python3.12",
        fix: "unset PYTHONPLATLIBDIR.",
        sources: &["bpo-40854", "CPython Modules/getpath.py: PLATLIBDIR"],
    },
    Rule {
        code: Code::TruthyZero,
        name: "switched-on-by-off",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A variable says 0, false, no or off, and for Python that means on.",
        reason: "\
PYTHONSAFEPATH, PYTHONDEVMODE and PYTHONWARNDEFAULTENCODING are on whenever they are not empty, 0 included. \
PYTHONNOUSERSITE, PYTHONDONTWRITEBYTECODE, PYTHONOPTIMIZE and PYTHONUNBUFFERED are read as numbers from 3.7 on, so that \
0 is off, and any text that is no number is on; 3.6 took 0 for on, too.",
        example: "\
$ PYTHONSAFEPATH=0 python3.12 -c 'import sys; print(sys.flags.safe_path)'
True
$ PYTHONOPTIMIZE=false python3.12 -c 'import sys; print(sys.flags.optimize)'
1",
        fix: "unset the variable: that alone is off for all of them.",
        sources: &["CPython Python/initconfig.c: config_read_env_vars", "CPython Python/preconfig.c: _Py_get_env_flag"],
    },
    Rule {
        code: Code::LibraryPathOverride,
        name: "library-path-override",
        severity: Severity::Warning,
        heuristic: true,
        summary: "LD_LIBRARY_PATH, DYLD_LIBRARY_PATH or LD_PRELOAD puts libraries first that Python's own modules need.",
        reason: "\
The dynamic loader searches these directories before those that are written into a library as DT_RUNPATH and before the \
system's; only the older DT_RPATH beats them. Module systems, CUDA and simulation suites bring their own OpenSSL and \
SQLite along, and _ssl or _sqlite3 then load a release that they were not linked with. Which file would be loaded in \
the end depends on the names that each module asks for, so that this is a likeness and no evidence.",
        example: "\
$ ls /opt/suite/lib | grep ssl
libssl.so.3
$ LD_LIBRARY_PATH=/opt/suite/lib .venv/bin/python -c 'import ssl'
ImportError: /opt/suite/lib/libssl.so.3: version `OPENSSL_3.2.0' not found",
        fix: "Set the variable for the program that needs it alone, and not in the profile.",
        sources: &["tox-dev/tox#17", "ld.so(8)"],
    },
    Rule {
        code: Code::PipRedirected,
        name: "pip-redirected",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A variable or a file of settings makes pip install elsewhere than into the environment.",
        reason: "\
Every option of pip can be given as PIP_OPTION or in one of several files, of which the last that is read wins: the \
system's, the user's, and pip.conf in the environment itself. user, target, prefix, root and python redirect an \
installation. With user, pip refuses in an environment; with the others it reports success and nothing can be imported.",
        example: "\
$ cat ~/.config/pip/pip.conf
[global]
user = true
$ .venv/bin/pip install requests
ERROR: Can not perform a '--user' install. User site-packages are not visible in this virtualenv.",
        fix: "unset the variable, or remove the line, or say the contrary in pip.conf of the environment.",
        sources: &["pypa/pip#2341", "pip docs/html/topics/configuration.md"],
    },
    Rule {
        code: Code::ActivatedButShadowed,
        name: "activated-but-shadowed",
        severity: Severity::Warning,
        heuristic: false,
        summary: "The environment is active, but another Python comes before it on PATH.",
        reason: "\
A profile, a version manager or another tool put its directory before the environment's bin after that had been \
activated. The prompt shows the environment, python and pip are others. Shell aliases do the same and cannot be seen \
from a child process.",
        example: "\
(.venv) $ echo $PATH
/opt/shims:/home/ada/project/.venv/bin:/usr/bin
(.venv) $ command -v python
/opt/shims/python",
        fix: "Activate last, and hash -r; or call the environment's programs by their path.",
        sources: &["numpy/numpy#18451", "mcedit/mcedit2#434"],
    },
    Rule {
        code: Code::SystemSiteEnabled,
        name: "system-site-enabled",
        severity: Severity::Info,
        heuristic: false,
        summary: "The environment also sees the packages of its base.",
        reason: "\
include-system-site-packages = true adds the base's site-packages behind the environment's own and allows the user \
site. That is wanted where packages come with the system (ROS, Jetson, bindings). It also means that requirements are \
met by packages that nobody installed here, and break when the system upgrades or removes them.",
        example: "\
$ cat .venv/pyvenv.cfg
home = /usr/bin
include-system-site-packages = true",
        fix: "Install what is needed into the environment, then set the key to false.",
        sources: &["CPython Lib/site.py: venv", "ros2/ros2#1094"],
    },
    Rule {
        code: Code::SystemSiteConflict,
        name: "system-site-conflict",
        severity: Severity::Info,
        heuristic: false,
        summary: "The environment and the base that it sees have different versions of the same distribution.",
        reason: "\
The environment's own copy is imported, also by the base's packages, which were installed with the other one. Compiled \
packages of the base fail against another numpy, and pip in the environment does not know what it breaks. pip, \
setuptools and wheel are left out: every environment has its own.",
        example: "\
$ ls -d /usr/lib/python3/dist-packages/numpy-* .venv/lib/python3.12/site-packages/numpy-*
/usr/lib/python3/dist-packages/numpy-1.26.4.dist-info
.venv/lib/python3.12/site-packages/numpy-2.1.0.dist-info",
        fix: "Keep the environment to itself, or install the version that the base has.",
        sources: &["aspect-build/rules_py#594", "CPython Lib/site.py: venv"],
    },
    Rule {
        code: Code::UserSiteVisible,
        name: "user-site-visible",
        severity: Severity::Info,
        heuristic: false,
        summary: "What the user has installed for every Python of this release is visible, before the base's packages.",
        reason: "\
~/.local/lib/pythonX.Y/site-packages is added unless an environment keeps it out, and it comes before the site-packages \
of the base. Environments of conda are no environments in that sense and see it always. What pip install --user left \
there wins over conda's numpy, its .pth files and usercustomize run at each start, and another user gets other results. \
It is a warning where a distribution is there in two versions.",
        example: "\
$ ls ~/.local/lib/python3.12/site-packages
numpy  numpy-1.24.0.dist-info
$ /opt/conda/bin/python -c 'import numpy; print(numpy.__version__)'
1.24.0",
        fix: "PYTHONNOUSERSITE=1; for conda, conda env config vars set PYTHONNOUSERSITE=1.",
        sources: &["conda/conda#7173", "conda-forge/python-feedstock#171", "CPython Lib/site.py: addusersitepackages"],
    },
    Rule {
        code: Code::StdlibShadowedByLaunch,
        name: "stdlib-shadowed-by-launch",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A file in the directory that comes first on sys.path has the name of a standard module.",
        reason: "\
The directory of the script, or for -c, -m and the prompt the working directory, precedes the standard library. import \
random then runs the random.py that lies there, also for the packages that need the real one: partially initialized \
module 'random' has no attribute 'choice'. 3.13 and later add that the file has the name of a standard module. Modules \
that are in memory before (os, io, codecs, site) cannot be replaced and are told as an information.",
        example:
            "\
$ ls
main.py  random.py
$ python3 main.py
AttributeError: partially initialized module 'random' has no attribute 'randint' (most likely due to a circular import)",
        fix: "Rename the file, remove its __pycache__, or start with -P (3.11 on) or -I.",
        sources: &[
            "python/cpython#113769",
            "python/cpython#136094",
            "CPython Python/pathconfig.c: _PyPathConfig_ComputeSysPath0",
        ],
    },
    Rule {
        code: Code::ObsoleteBackport,
        name: "obsolete-backport",
        severity: Severity::Warning,
        heuristic: false,
        summary: "site-packages holds a module with the name of a standard one, which nobody imports until something goes wrong.",
        reason: "\
enum34, typing, dataclasses, pathlib and futures brought modules to releases that lacked them. The standard library \
comes first, so that such a copy sleeps, until site-packages comes earlier: PyInstaller and other freezers, PYTHONPATH, \
python -m in that directory. Then module 'enum' has no attribute 'IntFlag', or cannot import name 'Sequence' from \
'collections'. Modules that this release has lost (distutils, imp, asyncore) are no backports.",
        example: "\
$ ls .venv/lib/python3.12/site-packages
pathlib-1.0.1.dist-info  pathlib.py",
        fix: "Uninstall the distribution, and make the requirement depend on python_version.",
        sources: &["python/importlib_metadata#79", "python/cpython#97615"],
    },
    Rule {
        code: Code::EmptyDirectory,
        name: "empty-directory",
        severity: Severity::Warning,
        heuristic: false,
        summary: "An empty directory in site-packages can be imported, as a package that has nothing in it.",
        reason: "\
A directory without __init__.py is a namespace package since 3.3. What an interrupted removal leaves, a directory with \
__pycache__ alone, therefore imports without an error, and the code fails later: module 'yaml' has no attribute 'load'. \
Programs that try an import to see whether something is installed are deceived. Only directories are named that no \
installed distribution owns.",
        example: "\
$ find .venv/lib/python3.12/site-packages/yaml
.venv/lib/python3.12/site-packages/yaml
.venv/lib/python3.12/site-packages/yaml/__pycache__
$ .venv/bin/python -c 'import yaml; print(yaml)'
<module 'yaml' (namespace)>",
        fix: "Remove the directory, and install the distribution again if it is needed.",
        sources: &["PEP 420", "pdm-project/pdm#649"],
    },
    Rule {
        code: Code::CaseCollision,
        name: "case-collision",
        severity: Severity::Error,
        heuristic: false,
        summary: "Two distributions install names that differ in case alone, and the file system makes one of them.",
        reason: "\
On macOS and Windows crypto and Crypto are one directory, which keeps the name of the first and holds the files of both. \
The importer compares names letter by letter even there, so that one of the two is not found: No module named 'Crypto'. \
Where the file system keeps them apart it is told as an information: the same requirements break on the other systems.",
        example: "\
$ pip install crypto pycryptodome
$ ls site-packages
crypto  crypto-1.4.1.dist-info  pycryptodome-3.20.0.dist-info
$ python -c 'import Crypto'
ModuleNotFoundError: No module named 'Crypto'",
        fix: "Uninstall both, and install the one that is meant.",
        sources: &["pypa/pip#3309", "rthalley/dnspython#303", "PEP 235"],
    },
];
