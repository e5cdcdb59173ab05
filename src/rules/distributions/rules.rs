//! What the rules of this family mean.

use crate::rules::rule::Rule;
use crate::rules::{Code, Severity};

/// The rules, in the order of their codes.
pub const RULES: &[Rule] = &[
    Rule {
        code: Code::LeftoverTilde,
        name: "leftover-tilde",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A name in site-packages begins with a tilde: an interrupted removal left it behind.",
        reason: "\
Before pip deletes a package it renames it, so that it can be put back if something fails; the new name begins with \
a tilde. Where the deletion fails as well, as it does on Windows while a file is in use or on a full disk, the \
renamed directory stays. From then on pip prints `WARNING: Ignoring invalid distribution ~ip` at every call (older \
releases: `-ip`), and importlib.metadata goes on listing the old release.",
        example: "\
$ ls .venv/lib/python3.12/site-packages
pip  pip-24.2.dist-info  ~ip  ~ip-24.0.dist-info",
        fix: "Remove what begins with the tilde, once the distribution is there under its own name.",
        sources: &["pypa/pip#9906", "pypa/pip#10452", "pip src/pip/_internal/utils/temp_dir.py: AdjacentTempDirectory"],
    },
    Rule {
        code: Code::RecordMissing,
        name: "record-missing",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A distribution has no RECORD, so that no installer knows which files belong to it.",
        reason: "\
RECORD lists the files of a distribution. Without it pip refuses to remove or upgrade (`Cannot uninstall six 1.16.0 \
... no RECORD file was found`), and --force-reinstall fails in the same way, because it removes first. Python itself \
never reads it. Packages of operating systems leave it out on purpose: outside of an environment, and where \
INSTALLER names conda, this is usual and not reported.",
        example: "\
$ ls .venv/lib/python3.12/site-packages/six-1.16.0.dist-info
INSTALLER  METADATA  WHEEL",
        fix: "Install the same release over it with --ignore-installed, which does not try to remove anything first.",
        sources: &["pypa/pip#12645", "pypa/pip#8954", "PEP 376"],
    },
    Rule {
        code: Code::MetadataMissing,
        name: "metadata-missing",
        severity: Severity::Error,
        heuristic: false,
        summary: "The metadata of a distribution are missing, or lack its name or version.",
        reason: "\
The name of the directory alone makes a distribution visible; its METADATA (PKG-INFO in an egg-info directory) is read \
later. Where that is missing, `pip list` shows no version or dies of a TypeError, and importlib.metadata.version() \
answers None, from 3.15 on it raises MetadataNotFound. An empty directory of this kind is what an interrupted removal \
or a synchronized directory leaves.",
        example: "\
$ ls -A .venv/lib/python3.12/site-packages/requests-2.31.0.dist-info
$ .venv/bin/pip list | grep requests
requests    None",
        fix: "Remove the directory if it is empty, otherwise remove it and install the distribution again.",
        sources: &[
            "pypa/pip#11352",
            "python/cpython#91216",
            "CPython Lib/importlib/metadata/__init__.py: Distribution.metadata",
        ],
    },
    Rule {
        code: Code::DistributionTwice,
        name: "distribution-twice",
        severity: Severity::Warning,
        heuristic: false,
        summary: "One distribution has two sets of metadata in the same directory.",
        reason: "\
importlib.metadata takes the first match in a listing that is not sorted, so that chance decides which version is \
reported; pip shows one, uv both. The modules can be of one release only. Removing one of the two takes away files \
that the other still claims. It is the trace of an interrupted upgrade, of pip in a directory that conda manages, or of \
trees copied over each other.",
        example: "\
$ ls -d .venv/lib/python3.12/site-packages/requests-*
requests-2.30.0.dist-info  requests-2.31.0.dist-info",
        fix: "\
Keep the one whose recorded hashes the files have, and remove the other; if neither has them, remove both and \
install again.",
        sources: &["python/importlib_metadata#457", "python/cpython#100666"],
    },
    Rule {
        code: Code::FilesMissing,
        name: "files-missing",
        severity: Severity::Error,
        heuristic: false,
        summary: "Files that a distribution brought along are no longer there.",
        reason: "\
Tools believe the metadata, the importer believes the files. After somebody deleted the package's directory, or a cache \
was restored in part, `import six` says No module named 'six', while `pip check` is content and `pip install six` \
says Requirement already satisfied. Without --files only the names right in the site directory are compared with \
RECORD; directories of tests and documentation do not count.",
        example: "\
$ grep -m1 requests/ .venv/lib/python3.12/site-packages/requests-2.31.0.dist-info/RECORD
requests/__init__.py,sha256=...,5057
$ ls .venv/lib/python3.12/site-packages/requests
ls: cannot access '.venv/lib/python3.12/site-packages/requests': No such file or directory",
        fix: "Install the distribution again with --force-reinstall.",
        sources: &["pypa/pip#3869", "python-poetry/poetry#2756"],
    },
    Rule {
        code: Code::FilesModified,
        name: "files-modified",
        severity: Severity::Warning,
        heuristic: false,
        summary: "Files of a distribution are not as they were installed.",
        reason: "\
RECORD holds a SHA-256 of every file, and nothing compares it after the installation. An edit made to debug \
something, a file cut short by a full disk, or worse, stays unseen. Scripts, whose first line changes with the \
environment, and compiled modules are not compared. Only `check --files` looks, for it has to read everything.",
        example: "\
$ echo 'print(1)' >> .venv/lib/python3.12/site-packages/six.py
$ venv-doctor check --files .venv",
        fix: "Install the distribution again, after saving what was changed on purpose.",
        sources: &["pypa/pip#1463", "pypa/pip#13816", "PEP 376"],
    },
    Rule {
        code: Code::CacheLinkDangling,
        name: "cache-link-dangling",
        severity: Severity::Error,
        heuristic: false,
        summary: "Installed files are links that lead nowhere.",
        reason: "\
With UV_LINK_MODE=symlink, `virtualenv --symlink-app-data` and PDM's cache, site-packages holds links and the cache \
of the installer owns the content. When the cache is cleaned, directories stay and their files are gone: a package turns \
into an empty namespace (module 'six' has no attribute ...), a module is not found at all, and pip and uv still list \
the distribution.",
        example: "\
$ ls -l .venv/lib/python3.12/site-packages/six.py
six.py -> /home/ada/.cache/uv/archive-v0/mPqr/six.py
$ cat .venv/lib/python3.12/site-packages/six.py
cat: .venv/lib/python3.12/site-packages/six.py: No such file or directory",
        fix: "Install the distribution again, as files of its own (`--link-mode copy` for uv).",
        sources: &["astral-sh/uv#12003", "astral-sh/uv#13270", "pdm-project/pdm#623"],
    },
    Rule {
        code: Code::CacheLinks,
        name: "cache-links",
        severity: Severity::Warning,
        heuristic: false,
        summary: "Installed files are links into the cache of an installer.",
        reason: "\
Nothing is broken yet. But whoever cleans the cache (`uv cache clean`, a job that empties ~/.cache, a container that \
does not mount it) takes the content of the environment away, and edits go to every environment that links to the \
same file.",
        example: "\
$ ls -l .venv/lib/python3.12/site-packages/six.py
six.py -> /home/ada/.cache/uv/archive-v0/mPqr/six.py",
        fix: "Install again as files of its own: UV_LINK_MODE=copy for uv, no --symlink-app-data for virtualenv.",
        sources: &["astral-sh/uv#11694", "virtualenv docs: --symlink-app-data"],
    },
    Rule {
        code: Code::HardLinkedEdit,
        name: "hard-linked-edit",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A file was edited that other environments share by a hard link.",
        reason: "\
On Linux uv installs by hard links from its cache: one file with many names. An edit in site-packages changes it in \
the cache and in every other environment, and installing again brings the edited file back, under the hash of the \
original. Clones (reflinks) are not affected. Only `check --files` looks.",
        example: "\
$ stat -c %h .venv/lib/python3.12/site-packages/six.py
3
$ echo 'print(1)' >> .venv/lib/python3.12/site-packages/six.py",
        fix: "Remove the distribution from the cache (`uv cache clean NAME`), then install it again.",
        sources: &["astral-sh/uv#15700", "astral-sh/uv#10579"],
    },
    Rule {
        code: Code::PipMissing,
        name: "pip-missing",
        severity: Severity::Info,
        heuristic: false,
        summary: "The environment has no pip.",
        reason: "\
`python -m pip` says No module named pip, and a bare `pip` is whichever PATH holds, which installs for another \
Python. That is intended for environments of uv, and after --without-pip; venv and virtualenv put a pip there unless \
told otherwise.",
        example: "\
$ python3 -m venv --without-pip .venv
$ .venv/bin/python -m pip
.venv/bin/python: No module named pip",
        fix: "Nothing need be done; `python -m ensurepip --default-pip` installs the pip that Python brings along.",
        sources: &["pypa/pipx#278", "CPython Lib/ensurepip/__init__.py"],
    },
    Rule {
        code: Code::PipHalfRemoved,
        name: "pip-half-removed",
        severity: Severity::Error,
        heuristic: false,
        summary: "The metadata of pip are there, but pip itself is not, or not all of it.",
        reason: "\
An interrupted upgrade of pip by itself removes the package and keeps the metadata. `python -m pip` fails, and the \
obvious remedy does nothing: ensurepip asks the pip in its wheel, that one sees the metadata, and says Requirement \
already satisfied.",
        example: "\
$ .venv/bin/python -m pip
.venv/bin/python: No module named pip
$ .venv/bin/python -m ensurepip
Requirement already satisfied: pip in .venv/lib/python3.12/site-packages",
        fix: "Remove the dist-info directory of pip, then run `python -m ensurepip`.",
        sources: &["pypa/pip#9566", "pypa/pip#10452", "CPython Lib/ensurepip/__init__.py: _bootstrap"],
    },
    Rule {
        code: Code::EnsurepipUnavailable,
        name: "ensurepip-unavailable",
        severity: Severity::Warning,
        heuristic: false,
        summary: "The base Python has no ensurepip, so that `venv` could not finish the environment.",
        reason: "\
Debian and Ubuntu keep ensurepip in a package of its own, pythonX.Y-venv. Without it `python3 -m venv` makes \
directories, links and pyvenv.cfg, then says that ensurepip is not available, and leaves what it has made: an \
environment that starts, with neither pip nor the scripts that activate it.",
        example: "\
$ python3 -m venv .venv
The virtual environment was not created successfully because ensurepip is not available.
$ ls .venv
bin  include  lib  lib64  pyvenv.cfg",
        fix: "\
Install the package, then make the environment anew; or use virtualenv or uv, which bring their own pip or need \
none.",
        sources: &["deadsnakes/issues#79", "CPython Lib/venv/__init__.py: EnvBuilder.create"],
    },
    Rule {
        code: Code::RemovedModuleUsed,
        name: "removed-module-used",
        severity: Severity::Error,
        heuristic: false,
        summary: "A script imports a module that neither the standard library nor setuptools has any more.",
        reason: "\
distutils, imp and others left the standard library with 3.12, the modules of PEP 594 with 3.13. Environments of \
3.12 and later come without setuptools, and setuptools 82 and later without pkg_resources. Scripts that old \
installers wrote begin with `from pkg_resources import ...`, and end with ModuleNotFoundError there. Only lines that \
are executed unconditionally count; an import inside try is passed over.",
        example: "\
$ head -2 .venv/bin/legacy
#!/home/ada/.venv/bin/python
__import__('pkg_resources').require('legacy==1.0')",
        fix: "\
Install a newer release of what the script belongs to; for pkg_resources, `pip install 'setuptools<82'`.",
        sources: &["PEP 632", "PEP 594", "python/cpython#95299", "pre-commit/pre-commit#3621"],
    },
    Rule {
        code: Code::SyncConflict,
        name: "sync-conflict",
        severity: Severity::Warning,
        heuristic: true,
        summary: "Names in the environment look like what a synchronized directory leaves where two machines disagreed.",
        reason: "\
iCloud, Dropbox, OneDrive and Syncthing rename a file when two machines changed it (`six 2.py`, `... (conflicted \
copy)`, `.sync-conflict-`), and may replace its content by a placeholder. An environment is thousands of files that \
belong together, and links, which these programs do not keep. This goes by names alone: it probably is so where \
nothing lists such a file.",
        example: "\
$ ls .venv/lib/python3.12/site-packages
six.py  'six 2.py'  six-1.16.0.dist-info  'six-1.16.0 2.dist-info'",
        fix: "Make the environment anew in a directory that is not synchronized.",
        sources: &["astral-sh/uv#9902", "Bouke/docx-mailmerge#59"],
    },
    Rule {
        code: Code::StaleBytecode,
        name: "stale-bytecode",
        severity: Severity::Warning,
        heuristic: false,
        summary: "Python runs compiled code that does not belong to the source beside it.",
        reason: "\
A compiled module with the flag unchecked-hash (PEP 552) is taken as it is; Python does not even look at the source. \
`compileall --invalidation-mode unchecked-hash` and some packagers write such files. After an edit or a partial \
update the old code goes on running, and installing again does not help while __pycache__ stays. Only `check \
--files` looks, from 3.7 on; caches that go by time and size are not judged, for both agree with the source.",
        example: "\
$ python -m compileall --invalidation-mode unchecked-hash .venv/lib/python3.12/site-packages/six.py
$ sed -i s/1.16.0/9.9/ .venv/lib/python3.12/site-packages/six.py
$ .venv/bin/python -c 'import six; print(six.__version__)'
1.16.0",
        fix: "Remove the cached files; Python makes them anew.",
        sources: &["PEP 552", "CPython Lib/importlib/_bootstrap_external.py: SourceLoader.get_code"],
    },
    Rule {
        code: Code::PosixLocalMisplaced,
        name: "posix-local-misplaced",
        severity: Severity::Error,
        heuristic: false,
        summary: "Packages were installed into the environment by the scheme that is meant for the whole system.",
        reason: "\
Debian and Ubuntu changed the default scheme of sysconfig to posix_local. Where a tool uses it inside an \
environment, packages go to local/lib/pythonX.Y/dist-packages and scripts to local/bin: nothing is in bin, and only \
a Python whose site module Debian changed would look there.",
        example: "\
$ ls .venv/local/lib/python3.10/dist-packages
pip  pip-22.0.dist-info
$ .venv/bin/python -m pip
.venv/bin/python: No module named pip",
        fix: "Make the environment anew with a current virtualenv or venv.",
        sources: &["pypa/virtualenv#2350", "pypa/setuptools#3278"],
    },
    Rule {
        code: Code::RequiresPythonViolated,
        name: "requires-python-violated",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A distribution says that it is not made for this release of Python.",
        reason: "\
Requires-Python is looked at when something is installed, and never again. After the base was upgraded, or after an \
installation with --ignore-requires-python, the code may use syntax or modules that this Python does not have; `uv \
pip check` says so, `pip check` does not.",
        example: "\
$ grep Requires-Python .venv/lib/python3.8/site-packages/numpy-2.1.0.dist-info/METADATA
Requires-Python: >=3.10",
        fix: "Install the distribution again without a fixed version, so that one is chosen that fits.",
        sources: &["PEP 345", "packaging docs: Requires-Python"],
    },
    Rule {
        code: Code::WheelTagIncompatible,
        name: "wheel-tag-incompatible",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A distribution came from a wheel that no installer would choose for this Python.",
        reason: "\
The tags in WHEEL say for which Python, interface and platform it was built. Installers compare them once; starting \
and importing never do. They disagree after `pip install --target --platform`, and in copied environments. What is \
only Python may work all the same, compiled modules and programs do not. Newer releases of `pip check` and `uv pip \
check` name it.",
        example: "\
$ grep Tag .venv/lib/python3.12/site-packages/ruff-0.4.0.dist-info/WHEEL
Tag: py3-none-win_amd64",
        fix: "Install the distribution again with this environment's installer.",
        sources: &["PEP 425", "pip docs: pip check"],
    },
    Rule {
        code: Code::RecordMalformed,
        name: "record-malformed",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A RECORD cannot be understood from some line on.",
        reason: "\
Each line has a path, a hash and a size, as comma-separated values. importlib.metadata.files() raises TypeError over \
a blank line or one with four fields, and ValueError where the size is no number; installers do not remove what \
stands behind the damage. A RECORD that was cut short or emptied by a full disk or a synchronized directory looks like \
this.",
        example: "\
$ tail -1 .venv/lib/python3.12/site-packages/six-1.16.0.dist-info/RECORD
six.py,sha256=4V",
        fix: "Install the same release over it with --ignore-installed.",
        sources: &["PEP 376", "CPython Lib/importlib/metadata/__init__.py: Distribution.files"],
    },
];
