//! What the rules of this family mean.

use crate::rules::rule::Rule;
use crate::rules::{Code, Severity};

/// The rules, in the order of their codes.
pub const RULES: &[Rule] = &[
    Rule {
        code: Code::FailsToInitialize,
        name: "fails-to-initialize",
        severity: Severity::Error,
        heuristic: false,
        summary: "Python dies before it runs any code, for a reason that no other rule names.",
        reason: "\
The path configuration or the site module ends in an error that Python does not survive. It prints what it had computed \
so far, if anything, and leaves the reader to find out which file or variable led it there.",
        example: "\
$ .venv/bin/python
Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding
ModuleNotFoundError: No module named 'encodings'",
        fix: "Repair what the step of the explanation names, or make the environment anew.",
        sources: &["CPython Python/pylifecycle.c: init_interp_main"],
    },
    Rule {
        code: Code::HomeMasked,
        name: "home-masked",
        severity: Severity::Warning,
        heuristic: false,
        summary: "home in pyvenv.cfg leads to no standard library, and Python starts only with the prefix that is compiled into it.",
        reason: "\
The compiled-in prefix is the last resort of the search for the standard library. Python starts without a word as long \
as that installation is there, and dies when it is removed. Editors and type checkers that trust home find no standard \
library at all.",
        example: "\
$ cat .venv/pyvenv.cfg
home = /opt/python-3.12-that-was/bin",
        fix: "Set home to the directory of the interpreter that the environment is linked to.",
        sources: &["python/cpython#127440", "CPython Modules/getpath.py: CALCULATE STDLIB"],
    },
    Rule {
        code: Code::CfgMissing,
        name: "cfg-missing",
        severity: Severity::Warning,
        heuristic: false,
        summary: "The directory was an environment, and the pyvenv.cfg that made it one is gone.",
        reason: "\
Nothing but pyvenv.cfg tells Python that it runs in an environment; the activate scripts and site-packages beside it do \
not. A linked interpreter then is the base under another name: sys.prefix is that of the base, what is installed here \
cannot be imported, and pip works on the base. A copied one finds no standard library unless the compiled-in prefix has \
it. On Windows the redirector does not start without the file. Copies that leave out *.cfg are the usual cause.",
        example: "\
$ ls -A .venv
bin  include  lib
$ .venv/bin/python -c 'import sys; print(sys.prefix)'
/usr",
        fix: "Write the file again, with home naming the directory of the base interpreter, or make the environment anew.",
        sources: &["python/cpython#85537", "CPython Lib/site.py: venv", "CPython PC/venvlauncher.c"],
    },
    Rule {
        code: Code::HomeKeyMissing,
        name: "home-missing",
        severity: Severity::Warning,
        heuristic: false,
        summary: "pyvenv.cfg has no home, so that nothing says where the base is.",
        reason: "\
The site module sees an environment all the same. The path configuration of 3.11 to 3.13 sees none and goes by the \
executable; from 3.14 on it sees one without a base. A linked interpreter mostly starts, but sys._base_executable is \
the environment's own python, and environments made from it record this one as their home. A copy of a relocatable \
build dies. Some build systems leave the key out on purpose.",
        example: "\
$ cat .venv/pyvenv.cfg
include-system-site-packages = false",
        fix: "Add home with the directory of the base interpreter.",
        sources: &["python/cpython#135773", "CPython Modules/getpath.py: READ pyvenv.cfg"],
    },
    Rule {
        code: Code::HomeGone,
        name: "home-gone",
        severity: Severity::Warning,
        heuristic: false,
        summary: "The directory that home in pyvenv.cfg names does not exist.",
        reason: "\
From 3.11 on the standard library is searched from home upwards, and where that and the compiled-in prefix come to \
nothing Python dies with No module named 'encodings'. Up to 3.10 a linked interpreter never reads home, and only other \
tools are misled. The base was moved or removed, or the environment comes from another machine.",
        example: "\
$ grep home .venv/pyvenv.cfg
home = /opt/python/bin
$ ls /opt/python
ls: cannot access '/opt/python': No such file or directory",
        fix: "Set home to the directory of the interpreter that is there, or make the environment anew.",
        sources: &["python/cpython#127440", "python/cpython#125873", "CPython Modules/getpath.py: CALCULATE STDLIB"],
    },
    Rule {
        code: Code::HomeIsFile,
        name: "home-is-file",
        severity: Severity::Warning,
        heuristic: false,
        summary: "home in pyvenv.cfg names the interpreter, and should name its directory.",
        reason: "\
From 3.11 on the path configuration opens pybuilddir.txt below home. Below a file that fails with Not a directory, an \
error that it does not expect, and Python always dies: error evaluating path. Up to 3.10 it does no harm.",
        example: "home = /usr/bin/python3.12",
        fix: "Set home to the directory that holds the interpreter.",
        sources: &["CPython Modules/getpath.py: CHECK FOR BUILD DIRECTORY", "aspect-build/rules_py#796"],
    },
    Rule {
        code: Code::HomeRelative,
        name: "home-relative",
        severity: Severity::Warning,
        heuristic: false,
        summary: "home in pyvenv.cfg is relative, and counts from wherever Python happens to be started.",
        reason: "\
No reader of the file puts home below the environment: a relative value is used as it stands, against the working \
directory. The same environment then takes one base here, another one there, and dies in a third place. Generators of \
environments that can be moved write such values.",
        example: "home = ../python/bin",
        fix: "Write the whole path.",
        sources: &["CPython Modules/getpath.py: READ pyvenv.cfg", "aspect-build/rules_py#1048"],
    },
    Rule {
        code: Code::HomeDecorated,
        name: "home-decorated",
        severity: Severity::Warning,
        heuristic: false,
        summary: "home in pyvenv.cfg has quotes, a comment or a variable in it, which Python takes literally.",
        reason: "\
The format of the file has no quotes, no comments behind values, no ~ and no variables: all of it becomes part of the \
path, which then does not exist. No message ever mentions the quotes. A directory that really has such a name is left alone.",
        example: "home = \"/usr/bin\"  # the system's",
        fix: "Write the path and nothing else.",
        sources: &["CPython Modules/getpath.py: READ pyvenv.cfg", "CPython Lib/site.py: venv"],
    },
    Rule {
        code: Code::KeyTwice,
        name: "key-twice",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A key stands in pyvenv.cfg more than once, with different values.",
        reason: "\
The path configuration stops at the first home. The site module goes on, and so do most other programs: for them the \
last one counts. Which base an environment has then depends on who is asked. It comes from scripts that append lines.",
        example: "\
home = /opt/python-3.11/bin
include-system-site-packages = false
home = /opt/python-3.12/bin",
        fix: "Keep one of the lines.",
        sources: &["CPython Modules/getpath.py: READ pyvenv.cfg", "CPython Lib/site.py: venv"],
    },
    Rule {
        code: Code::CfgByteOrderMark,
        name: "cfg-byte-order-mark",
        severity: Severity::Warning,
        heuristic: false,
        summary: "pyvenv.cfg begins with a byte-order mark, which hides its first key.",
        reason: "\
Editors on Windows like to begin files with the bytes EF BB BF. Neither reader of pyvenv.cfg takes them away, so that \
the first key is not home but home with an invisible letter before it. home counts as missing; a copy of a relocatable \
build dies of that.",
        example: "\
$ head -c 8 .venv/pyvenv.cfg | xxd
00000000: efbb bf68 6f6d 6520                      ...home ",
        fix: "Save the file as UTF-8 without the mark.",
        sources: &["CPython Lib/site.py: venv", "CPython Modules/getpath.c: getpath_readlines"],
    },
    Rule {
        code: Code::CfgNotUtf8,
        name: "cfg-not-utf8",
        severity: Severity::Error,
        heuristic: false,
        summary: "pyvenv.cfg is not UTF-8, and Python dies over the first bad byte.",
        reason: "\
The site module decodes the whole file, also the lines that nobody needs. One bad byte in the prompt is enough for \
Failed to import the site module and a UnicodeDecodeError. PowerShell's > writes UTF-16; names of users were written in \
the code page of the system by old releases. With -S Python still starts.",
        example: "\
$ .venv/bin/python -c pass
Fatal Python error: init_import_site: Failed to import the site module
UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
        fix: "Write the file again as UTF-8.",
        sources: &["CPython Lib/site.py: venv", "pypa/virtualenv#457", "pypa/pipenv#2648"],
    },
    Rule {
        code: Code::CfgUnreadable,
        name: "cfg-unreadable",
        severity: Severity::Error,
        heuristic: false,
        summary: "pyvenv.cfg may not be read by whoever starts Python, or is no file that can be read.",
        reason: "\
The path configuration passes over a file that it may not read. The site module does not, and Python dies with a \
PermissionError. An administrator whose new files are for himself alone makes such environments; those who run as him \
see nothing of it. From 3.11 on a file of 32 KiB or more is fatal too.",
        example: "\
$ ls -l .venv/pyvenv.cfg
-rw------- 1 root root 164 Jan  1 12:00 .venv/pyvenv.cfg",
        fix: "Let everybody read the file.",
        sources: &["CPython Lib/site.py: venv", "CPython Modules/getpath.c: getpath_readlines"],
    },
    Rule {
        code: Code::CfgIsDirectory,
        name: "cfg-is-directory",
        severity: Severity::Warning,
        heuristic: false,
        summary: "pyvenv.cfg is a directory.",
        reason: "\
Containers make a directory where a file that is to be mounted does not exist. Up to 3.13 Python ignores it, and the \
environment is the base under another name. From 3.14 on it counts as an empty file: the environment is active, without \
a base and with the system's packages in sight.",
        example: "\
$ docker run -v ./pyvenv.cfg:/app/.venv/pyvenv.cfg app
$ ls -ld .venv/pyvenv.cfg
drwxr-xr-x 2 root root 4096 Jan  1 12:00 .venv/pyvenv.cfg",
        fix: "Put a file in its place.",
        sources: &["CPython Modules/getpath.py: READ pyvenv.cfg", "CPython Lib/site.py: venv"],
    },
    Rule {
        code: Code::CfgInBin,
        name: "cfg-in-bin",
        severity: Severity::Warning,
        heuristic: false,
        summary: "pyvenv.cfg stands beside the interpreter instead of one directory above.",
        reason: "\
Both places are searched. Up to 3.13 the prefix is two directories above the interpreter wherever the file is. From 3.14 on \
it is the directory of the file: sys.prefix becomes .venv/bin, no package is found, and two warnings tell of an unexpected \
value. With a file in either place, the two readers take different ones.",
        example: "\
$ ls .venv/bin/pyvenv.cfg
$ .venv/bin/python3.14 -c pass
RuntimeWarning: Unexpected value in sys.prefix, expected /home/ada/.venv, got /home/ada/.venv/bin",
        fix: "Move the file one directory up.",
        sources: &["python/cpython#126987", "CPython Modules/getpath.py: CALCULATE prefix"],
    },
    Rule {
        code: Code::CfgInBase,
        name: "cfg-in-base",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A pyvenv.cfg makes an environment of what is an installation of Python.",
        reason: "\
Python takes the directory above its own for an environment wherever a pyvenv.cfg lies in it, be it /usr/local. The user \
site is switched off, venv and tools are confused about the base, and a home that leads nowhere kills everything that \
uses this installation. It is left behind by a copy or an environment that was made in the wrong place.",
        example: "\
$ ls /opt/python
bin  include  lib  pyvenv.cfg",
        fix: "Move the file away, unless somebody put it there to switch the user site off.",
        sources: &["conda/conda#7173", "CPython Lib/site.py: venv"],
    },
    Rule {
        code: Code::CfgVersionStale,
        name: "cfg-version-stale",
        severity: Severity::Info,
        heuristic: false,
        summary: "The version in pyvenv.cfg is not that of the interpreter.",
        reason: "\
No Python reads the key. It is what the creator found, and stays when the base is upgraded below the environment, which \
is usual for distributions of Linux. Editors show it; pre-commit compares it, and makes the environment anew.",
        example: "\
$ grep version .venv/pyvenv.cfg
version = 3.12.1
$ .venv/bin/python --version
Python 3.12.9",
        fix: "Write the version that runs, or leave it.",
        sources: &["pre-commit/pre-commit#2409", "CPython Lib/venv/__init__.py: create_configuration"],
    },
    Rule {
        code: Code::SystemSiteMissing,
        name: "system-site-missing",
        severity: Severity::Warning,
        heuristic: false,
        summary: "pyvenv.cfg does not say include-system-site-packages, which counts as true.",
        reason: "\
The key has the default that nobody expects: where it is missing, the packages of the base and of the user are visible, \
and an import may find them instead of what was meant to be installed. Every creator writes the key; files written by \
hand leave it out.",
        example: "\
$ cat .venv/pyvenv.cfg
home = /usr/bin",
        fix: "Write include-system-site-packages = false, or true where that is wanted.",
        sources: &["CPython Lib/site.py: venv", "conda/conda#7173"],
    },
    Rule {
        code: Code::SystemSiteOdd,
        name: "system-site-odd",
        severity: Severity::Warning,
        heuristic: false,
        summary: "include-system-site-packages is neither true nor false, and counts as false.",
        reason: "\
The value is compared to the word true, in whatever case. 1, yes, on and a true with a comment behind it are all false, \
without a word. Other programs that read the file may think otherwise.",
        example: "include-system-site-packages = yes",
        fix: "Write true or false.",
        sources: &["CPython Lib/site.py: venv"],
    },
    Rule {
        code: Code::KeyMisspelled,
        name: "key-misspelled",
        severity: Severity::Warning,
        heuristic: true,
        summary: "A key of pyvenv.cfg looks like a misspelled one that Python would read.",
        reason: "\
Unknown keys are passed over. A slip in home leaves the environment without a base; one in \
include-system-site-packages makes it see the packages of the base, since a missing key counts as true.",
        example: "\
home = /usr/bin
include-system-packages = false",
        fix: "Write the key as Python wants it: home, include-system-site-packages.",
        sources: &["CPython Lib/site.py: venv", "CPython Modules/getpath.py: READ pyvenv.cfg"],
    },
    Rule {
        code: Code::LineWithoutEquals,
        name: "line-without-equals",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A line of pyvenv.cfg has no equals sign, so that nobody reads it.",
        reason: "\
Every reader takes the file line by line, and there is no way to escape a line break. Where the name of a directory holds \
one, home loses its end, and the rest stands on a line of its own, where it may even look like another key.",
        example: "\
home = /srv/build
42/bin
include-system-site-packages = false",
        fix: "Rename the directory and make the environment anew, or remove the line.",
        sources: &["CPython Lib/site.py: venv", "CPython Lib/venv/__init__.py: create_configuration"],
    },
    Rule {
        code: Code::HomePinned,
        name: "home-pinned",
        severity: Severity::Info,
        heuristic: false,
        summary: "home names the directory of one release, which the next update removes, though a lasting path leads to the same.",
        reason: "\
Homebrew's Cellar, the store of Nix and the interpreters of uv have a directory for each release, and beside it a path that \
follows the updates. An environment that was made through the former breaks with the next brew upgrade or garbage \
collection, one made through the latter does not. A pin may be meant.",
        example: "\
home = /opt/homebrew/Cellar/python@3.12/3.12.4/bin
$ ls -d /opt/homebrew/opt/python@3.12/bin",
        fix: "Let home and the link of the interpreter go through the lasting path.",
        sources: &["astral-sh/uv#1640", "NixOS/nixpkgs#171429", "pypa/virtualenv#3166"],
    },
    Rule {
        code: Code::SitePackagesOrphaned,
        name: "site-packages-orphaned",
        severity: Severity::Error,
        heuristic: false,
        summary: "Everything in the environment is installed for another minor release than the one that runs.",
        reason: "\
The environment was made from a name without a version, such as /usr/bin/python3, and the system has moved on. Python \
starts, and looks into lib/pythonX.Y of its own version, where nothing is: every import fails, that of pip first. \
`venv --upgrade` adds an empty directory and repairs nothing.",
        example: "\
$ ls .venv/lib
python3.11
$ .venv/bin/python -m pip
/home/ada/.venv/bin/python: No module named pip
$ .venv/bin/python --version
Python 3.12.3",
        fix: "Link the environment to the old release where it is still installed, or make it anew.",
        sources: &["pypa/pipx#278", "pre-commit/pre-commit#1869", "python-poetry/poetry#5196"],
    },
    Rule {
        code: Code::StdlibOfAnother,
        name: "stdlib-of-another",
        severity: Severity::Warning,
        heuristic: false,
        summary: "home leads to the standard library of another installation than that of the interpreter.",
        reason: "\
From 3.11 on the interpreter is what the link leads to, and the standard library what lies above home. Where these \
belong to two installations of one minor release, modules written in Python meet compiled ones of another build: \
PyCapsule_Import could not import module \"_socket\", a missing ssl, a version that is not what was installed.",
        example: "\
$ readlink .venv/bin/python
/opt/python-3.11.7/bin/python3.11
$ grep home .venv/pyvenv.cfg
home = /usr/bin",
        fix: "Set home to the directory of the interpreter that the environment is linked to.",
        sources: &["astral-sh/uv#10674", "python/cpython#127440", "CPython Modules/getpath.py: CALCULATE STDLIB"],
    },
    Rule {
        code: Code::HomeBarren,
        name: "home-barren",
        severity: Severity::Error,
        heuristic: false,
        summary: "home is the directory of a link to the interpreter, with no standard library above it, and Python dies.",
        reason: "\
The environment was made through a link to the executable alone, such as /usr/local/bin/python3. home is then the directory \
of the link, and from 3.11 on the standard library is searched there; up to 3.10 the link was followed first. An \
ordinary build is saved by its compiled-in prefix. Builds that can be put anywhere, such as those of uv, mise and Bazel, \
have none that exists: a new environment dies with No module named 'encodings'.",
        example: "\
$ ln -s /opt/python/bin/python3.12 /usr/local/bin/python3.12
$ python3.12 -m venv .venv
$ .venv/bin/python
Could not find platform independent libraries <prefix>
ModuleNotFoundError: No module named 'encodings'",
        fix: "Set home to the directory of the interpreter itself.",
        sources: &["astral-sh/python-build-standalone#380", "python/cpython#115237", "pypa/virtualenv#3157"],
    },
    Rule {
        code: Code::StdlibIncomplete,
        name: "stdlib-incomplete",
        severity: Severity::Warning,
        heuristic: false,
        summary: "The base lacks compiled modules of the standard library, such as _ssl or _ctypes.",
        reason: "\
A build leaves out what it finds no headers for, and says so in the middle of its output. The interpreter works until \
something imports ssl, ctypes, sqlite3, zlib, lzma or bz2. Modules that are built in have no file of their own, and are \
not missed.",
        example: "\
$ .venv/bin/python -c 'import ctypes'
ModuleNotFoundError: No module named '_ctypes'",
        fix: "Install the headers and build the base again; the environment needs no change.",
        sources: &["pyenv/pyenv#1933", "pyenv/pyenv#678"],
    },
    Rule {
        code: Code::BuildTreeLeftOver,
        name: "build-tree-left-over",
        severity: Severity::Error,
        heuristic: false,
        summary: "A file that marks a build tree, or a zip file in the place of the standard library, leads Python astray.",
        reason: "\
pybuilddir.txt or Modules/Setup.local beside the interpreter say that it was built but not installed, and \
lib/pythonXY.zip that the standard library is in it. They count before any directory. Where there is no build tree and \
nothing in the zip file, Python dies with No module named 'encodings'; up to 3.10 it starts without its compiled modules.",
        example: "\
$ ls /opt/python/bin
pybuilddir.txt  python3.12",
        fix: "Move the file away.",
        sources: &[
            "CPython Modules/getpath.py: CHECK FOR BUILD DIRECTORY",
            "CPython Modules/getpath.c: calculate_pybuilddir",
        ],
    },
    Rule {
        code: Code::StorePython,
        name: "store-python",
        severity: Severity::Warning,
        heuristic: false,
        summary: "The base comes from the Microsoft Store, in a way that does not last or hides files.",
        reason: "\
The directory below Program Files\\WindowsApps has the version of the package in its name, goes away with its next update, \
and its programs may not be started directly: Unable to create process. What such a Python writes below AppData is put \
into a directory of the package, where no other program finds it: Actual environment location may have moved.",
        example: "home = C:\\Program Files\\WindowsApps\\PythonSoftwareFoundation.Python.3.11_3.11.2544.0_x64__qbz5n2kfra8p0",
        fix: "Make the environment anew with a Python from python.org or from uv.",
        sources: &["python/cpython#89947", "python/cpython#90329", "pypa/virtualenv#1362"],
    },
    Rule {
        code: Code::HomeInEnvironment,
        name: "home-in-environment",
        severity: Severity::Warning,
        heuristic: false,
        summary: "home names a directory of an environment instead of an installation.",
        reason: "\
Up to 3.10 an environment that was made by the python of another one records that as its home and links to it. Later \
releases do so only where the other one has no home itself. It works until the other environment is removed or made \
anew; then nothing is left of the base.",
        example: "\
$ outer/bin/python3.10 -m venv inner
$ grep home inner/pyvenv.cfg
home = /home/ada/outer/bin",
        fix: "Link to the installation behind the other environment, and set home to its directory.",
        sources: &["python/cpython#74994", "pypa/virtualenv#1421", "astral-sh/uv#249"],
    },
    Rule {
        code: Code::EnvironmentInConda,
        name: "environment-in-conda",
        severity: Severity::Warning,
        heuristic: false,
        summary: "One directory is an environment of conda and one of venv.",
        reason: "\
python -m venv $CONDA_PREFIX puts a pyvenv.cfg into the environment of conda. From then on its Python takes itself for \
an environment of venv: the user site is off, and what reads the file goes by its home. Two managers of packages share \
one directory, and neither knows what the other has installed. Some do it on purpose, to hide the user site.",
        example: "\
$ ls $CONDA_PREFIX
bin  conda-meta  include  lib  pyvenv.cfg",
        fix: "Make the environment in a directory of its own, and remove pyvenv.cfg from that of conda.",
        sources: &["conda/conda#7173"],
    },
    Rule {
        code: Code::BuildSystemEnvironment,
        name: "build-system-environment",
        severity: Severity::Info,
        heuristic: true,
        summary: "The environment looks like the work of a build system, which is valid within its sandbox alone.",
        reason: "\
Bazel's rules make environments of relative links, a wrapper, and a pyvenv.cfg that is empty or has a relative home. They \
are meant to be started by the build. Elsewhere 3.11 and 3.12 follow some of the links only, and die with No module named \
'encodings'; editors refuse the file.",
        example: "bazel-out/k8-fastbuild/bin/app.runfiles/_main/.venv/bin/python",
        fix: "Start it through the build system, and upgrade its rules for Python.",
        sources: &["bazel-contrib/rules_python#3320", "aspect-build/rules_py#668", "python/cpython#135773"],
    },
    Rule {
        code: Code::StartPathNotNormal,
        name: "start-path-not-normal",
        severity: Severity::Info,
        heuristic: false,
        summary: "Python was started through a path with .., and 3.14 and later warn about its prefix.",
        reason: "\
The path configuration makes the path absolute and leaves .. in it; the site module folds it, compares the two, and \
warns of an unexpected value in sys.prefix. The environment is sound.",
        example: "\
$ ../env/bin/python -c pass
RuntimeWarning: Unexpected value in sys.prefix, expected /home/ada/env, got /home/ada/src/../env",
        fix: "Start it by its absolute path.",
        sources: &["python/cpython#156495", "python/cpython#156496", "CPython Lib/site.py: venv"],
    },
    Rule {
        code: Code::StdlibMissing,
        name: "stdlib-missing",
        severity: Severity::Error,
        heuristic: false,
        summary: "No standard library is found, or one without the package encodings, and Python dies.",
        reason: "\
The first thing that Python imports is encodings. Where the search for the standard library comes to nothing, or finds \
a directory with os.py and little else, it dies with No module named 'encodings' before it can say more. The installation \
was moved, half removed, or copied without its library.",
        example: "\
$ /opt/python/bin/python3.12
Could not find platform independent libraries <prefix>
ModuleNotFoundError: No module named 'encodings'",
        fix: "Install the base again, as a whole and at its own place.",
        sources: &["CPython Modules/getpath.py: CALCULATE STDLIB", "CPython Python/codecs.c: init_codecs"],
    },
];
