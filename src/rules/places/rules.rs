//! What the rules of this family mean.

use crate::rules::rule::Rule;
use crate::rules::{Code, Severity};

/// The rules, in the order of their codes.
pub const RULES: &[Rule] = &[
    Rule {
        code: Code::PackageUnreadable,
        name: "package-unreadable",
        severity: Severity::Error,
        heuristic: false,
        summary: "Installed packages may not be read by the user who starts Python.",
        reason: "\
Whoever installs as root with a umask of 077 leaves directories that nobody else may enter. Importing from an unreadable \
site-packages says No module named …; an unreadable package directory looks to the importer as if it had no __init__.py \
and becomes an empty namespace; an unreadable file ends with PermissionError. Only what the mode rules out for certain \
is told: groups and access-control lists may allow more, and root may everything.",
        example: "\
$ ls -ld .venv/lib/python3.12/site-packages/yaml
drwx------ 3 root root 4096 .venv/lib/python3.12/site-packages/yaml
$ .venv/bin/python -c 'import yaml; yaml.load'
AttributeError: module 'yaml' has no attribute 'load'",
        fix: "chmod -R a+rX on what is installed, or install as the user who runs it.",
        sources: &["CPython Lib/importlib/_bootstrap_external.py: FileFinder.find_spec"],
    },
    Rule {
        code: Code::ForeignOwner,
        name: "foreign-owner",
        severity: Severity::Warning,
        heuristic: false,
        summary: "Some distributions belong to another user than the directory that they are installed in.",
        reason: "\
sudo pip, or a container that writes into a mounted directory, leaves files of root among those of the user. Importing \
works. An upgrade has to rename and remove these files and may not: it ends with [Errno 13] Permission denied and \
leaves the distribution half removed.",
        example: "\
$ ls -ld .venv/lib/python3.12/site-packages/*.dist-info
drwxr-xr-x 2 ada  ada  4096 pip-24.0.dist-info
drwxr-xr-x 2 root root 4096 requests-2.32.3.dist-info",
        fix: "Give everything to the owner of the environment, and do not install with sudo.",
        sources: &["pypa/virtualenv#535", "astral-sh/uv-docker-example#82"],
    },
    Rule {
        code: Code::WorldWritable,
        name: "world-writable",
        severity: Severity::Warning,
        heuristic: false,
        summary: "Any user of the machine may change files that decide what this Python executes.",
        reason: "\
pyvenv.cfg, bin, site-packages and .pth files are read or run at every start. Whoever may write there has his code \
executed with the rights of everybody who starts this Python. It comes from chmod -R 777 and from shares. Directories with \
the sticky bit are no fault, nor are private groups, nor file systems that show one mode for everything.",
        example: "\
$ ls -ld .venv/lib/python3.12/site-packages
drwxrwxrwx 9 ada ada 4096 .venv/lib/python3.12/site-packages",
        fix: "chmod o-w on the places named.",
        sources: &["CPython Lib/site.py: addsitedir", "CWE-732"],
    },
    Rule {
        code: Code::SeparatorInPath,
        name: "separator-in-path",
        severity: Severity::Error,
        heuristic: false,
        summary: "The path of the environment contains the character that separates the entries of PATH.",
        reason: "\
PATH is a list without any way of quoting. Activating an environment in /srv/a:b puts /srv/a and b/.venv/bin on it, \
neither of which exists, and the shell finds the Python of the system. venv and virtualenv refuse to make such an \
environment; a renamed directory is how it comes about. Calling its programs by their path works.",
        example: "\
$ python3 -m venv 'a:b/.venv'
Error: Refusing to create a venv in a:b/.venv because it contains the PATH separator :.",
        fix: "Rename the directory, and make the environment anew.",
        sources: &["CPython Lib/venv/__init__.py: ensure_directories"],
    },
    Rule {
        code: Code::NewlineInPath,
        name: "newline-in-path",
        severity: Severity::Warning,
        heuristic: false,
        summary: "The path of the environment or of its base contains a line break or a control character.",
        reason: "\
pyvenv.cfg, RECORD, activate scripts and the first lines of scripts consist of lines and know no quoting. A path with a \
line break is cut: home loses its end, and the rest is read as a line of its own, which can look like a key.",
        example: "\
$ cat $'/srv/two\\nlines/.venv/pyvenv.cfg'
home = /usr/bin
command = /usr/bin/python3 -m venv /srv/two
lines/.venv",
        fix: "Rename the directory, and make the environment anew.",
        sources: &["CPython Lib/venv/__init__.py: create_configuration"],
    },
    Rule {
        code: Code::PathNotUtf8,
        name: "path-not-utf8",
        severity: Severity::Warning,
        heuristic: false,
        summary: "The path of the environment or of its base is not UTF-8.",
        reason: "\
File names are bytes, and one in Latin-1 is a valid name. Python starts there and decodes it with surrogates. Text \
files are another matter: venv stops while it writes pyvenv.cfg ('utf-8' codec can't encode character '\\udce9': \
surrogates not allowed; up to 3.8 it left out some activate scripts instead), and so does whatever writes the path to \
a text file or prints it in an ordinary locale.",
        example: "\
$ python3 -m venv $'caf\\351/.venv'
Error: 'utf-8' codec can't encode character '\\udce9' in position 32: surrogates not allowed",
        fix: "Rename the directory (convmv does that for whole trees), and make the environment anew.",
        sources: &["pypa/virtualenv#457", "PEP 383"],
    },
    Rule {
        code: Code::PathNotAscii,
        name: "path-not-ascii",
        severity: Severity::Warning,
        heuristic: false,
        summary: "The path has letters beyond ASCII, and the locale leaves Python no way to decode them.",
        reason: "\
In the C locale 3.6 decodes file names as ASCII, every other byte as a surrogate. From 3.7 on the locale is coerced to \
UTF-8 and the UTF-8 mode is on, unless variables forbid both. Services and cron jobs start in the C locale while the \
shell in which everything was tried does not. Such a path never equals one that was read from a file, and writing it \
to one ends with UnicodeEncodeError.",
        example: "\
$ LC_ALL=C PYTHONUTF8=0 projé/.venv/bin/python -c 'import sys; sys.prefix.encode()'
UnicodeEncodeError: 'utf-8' codec can't encode characters in position 14-15: surrogates not allowed",
        fix: "A UTF-8 locale such as C.UTF-8, or PYTHONUTF8=1.",
        sources: &["PEP 538", "PEP 540"],
    },
    Rule {
        code: Code::PathTooLong,
        name: "path-too-long",
        severity: Severity::Warning,
        heuristic: true,
        summary: "A file of an installed distribution has a path that is too long for most programs on Windows.",
        reason: "\
A path may have 259 characters on Windows unless both the system (LongPathsEnabled in its registry) and the program \
opt in. Deep projects, the long directory of the Store's Python and packages with long names add up. Installing ends with \
No such file or directory, or files are missing afterwards. What the registry says is not asked, so that this may be \
fine on this machine.",
        example: "\
> pip install jupyterlab
ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory: 'C:\\\\Users\\\\ada\\\\…'",
        fix: "Make the environment in a shorter directory, or allow long paths, and install again.",
        sources: &["pypa/pip#3055", "python/cpython#88733", "pypa/virtualenv#1769"],
    },
    Rule {
        code: Code::FilesystemWithoutLinks,
        name: "filesystem-without-links",
        severity: Severity::Error,
        heuristic: false,
        summary: "The environment lies on a file system without symbolic links, and making it stopped halfway.",
        reason: "\
FAT, exFAT, many shares and the shared directories of virtual machines have no symbolic links. venv makes two kinds: the \
interpreter, unless it is told to copy, and lib64 to lib, whatever it is told (up to 3.14; not on macOS and Windows). \
It stops with Operation not permitted and leaves what it had made, mostly a directory without activate and without pip.",
        example: "\
$ python3 -m venv --copies /media/usb/.venv
Error: [Errno 1] Operation not permitted: 'lib' -> '/media/usb/.venv/lib64'",
        fix: "Make the environment on a file system of the machine's own; the project can stay where it is.",
        sources: &["python/cpython#98975", "python/cpython#133951", "pypa/virtualenv#2786"],
    },
    Rule {
        code: Code::NetworkBase,
        name: "network-base",
        severity: Severity::Info,
        heuristic: false,
        summary: "The installation that the environment needs lies behind a network or an automounter.",
        reason: "\
The interpreter and the standard library are read at every start. While the server is away, python hangs or says Stale \
file handle; while an automount sleeps, the links of the environment seem to lead nowhere. Both mend themselves, which \
makes it hard to see afterwards what happened.",
        example: "\
$ findmnt -T $(readlink -f .venv/bin/python)
TARGET SOURCE         FSTYPE OPTIONS
/sw    nas:/export/sw nfs4   ro,relatime",
        fix: "Nothing has to be done; an installation on the machine's own disk is always there.",
        sources: &["conda/conda-pack#245", "proc(5): mountinfo"],
    },
    Rule {
        code: Code::SyncedDir,
        name: "synced-directory",
        severity: Severity::Info,
        heuristic: true,
        summary: "The environment looks like it lies in a directory that is kept in step with other machines.",
        reason: "\
Clients of Dropbox, OneDrive, iCloud and the like follow neither links nor permissions, rename files on conflicts (bin \
2, module 2.py), and remove the content of files that were not opened for a while. An environment of ten thousand \
files, linked to an interpreter of this machine, is damaged by each of them. The directory is recognized by its name.",
        example: "\
$ ls ~/Dropbox/project/.venv/bin
activate  'activate 2'  python  'python 2'",
        fix: "Keep environments outside of such directories, and synchronize the list of packages.",
        sources: &["astral-sh/uv#9902"],
    },
];
