//! What the rules of this family mean.

use crate::rules::rule::Rule;
use crate::rules::{Code, Severity};

/// The fix that most of these rules share.
const RELINK: &str = "\
Where an interpreter of the same feature release is found, the commands delete the broken names and have it link the \
environment anew (python -m venv --upgrade --without-pip): what is installed stays. Otherwise make the environment \
anew.";

/// The rules, in the order of their codes.
pub const RULES: &[Rule] = &[
    Rule {
        code: Code::ExecutableMissing,
        name: "executable-missing",
        severity: Severity::Error,
        heuristic: false,
        summary: "There is no file of the name under which Python is to be started.",
        reason: "\
A creation that was interrupted, `git clean`, or a virus scanner leave directories and pyvenv.cfg, and no interpreter in \
bin or Scripts. Shells say No such file or directory or command not found; editors and Poetry do not see the \
environment, or make another one.",
        example: "\
$ ls .venv
lib  pyvenv.cfg
$ .venv/bin/python
bash: .venv/bin/python: No such file or directory",
        fix: RELINK,
        sources: &["python-poetry/poetry#2756", "microsoft/python-environment-tools#321"],
    },
    Rule {
        code: Code::DanglingLink,
        name: "dangling-link",
        severity: Severity::Error,
        heuristic: false,
        summary: "The interpreter is a link to a file that does not exist.",
        reason: "\
An environment holds no interpreter but links to that of its base. When the base is removed or upgraded to another \
directory, or when the environment comes to a machine that never had it, the links lead nowhere. The kernel answers No \
such file or directory, although ls lists the name, and scripts end with bad interpreter. No Python ever runs that \
could say more.",
        example: "\
$ readlink .venv/bin/python
/opt/python-3.12.1/bin/python3.12
$ ls /opt/python-3.12.1
ls: cannot access '/opt/python-3.12.1': No such file or directory",
        fix: RELINK,
        sources: &["astral-sh/uv#12168", "pypa/pipx#146", "pre-commit/pre-commit#1363"],
    },
    Rule {
        code: Code::LinkLoop,
        name: "link-loop",
        severity: Severity::Error,
        heuristic: false,
        summary: "The links of the interpreter lead in a circle.",
        reason: "\
Links that were made by hand, or an environment that was made with its own interpreter, end where they began. The \
kernel gives up after forty links: Too many levels of symbolic links.",
        example: "\
$ ls -l .venv/bin
python -> python3
python3 -> python",
        fix: RELINK,
        sources: &["astral-sh/uv#249", "python/cpython#74994"],
    },
    Rule {
        code: Code::ExecutableIsDirectory,
        name: "executable-is-directory",
        severity: Severity::Error,
        heuristic: false,
        summary: "A directory stands where the interpreter should be.",
        reason: "A directory cannot be executed. Mostly the directory of an environment or an installation was named instead of \
the program in its bin.",
        example: "\
$ /opt/python3.12
bash: /opt/python3.12: Is a directory",
        fix: "Name the interpreter in it.",
        sources: &["execve(2): EACCES"],
    },
    Rule {
        code: Code::ExecutableIsNoFile,
        name: "executable-is-no-file",
        severity: Severity::Error,
        heuristic: false,
        summary: "A pipe, a socket or a device stands where the interpreter should be.",
        reason: "The kernel executes regular files and nothing else; for anything else it answers Permission denied, \
whatever its mode is.",
        example: "\
$ ls -l .venv/bin/python
prwxr-xr-x 1 ada ada 0 .venv/bin/python",
        fix: RELINK,
        sources: &["execve(2): EACCES"],
    },
    Rule {
        code: Code::ExecutableUnreachable,
        name: "executable-unreachable",
        severity: Severity::Error,
        heuristic: false,
        summary: "The interpreter lies below a directory that this user may not enter.",
        reason: "\
The base was installed by root into its own home, or by another user, and now a service or a container runs as \
somebody else. The kernel answers Permission denied, scripts end with bad interpreter: Permission denied, and test -e \
says that there is no such file.",
        example: "\
$ readlink -f .venv/bin/python
/srv/private/python-3.12/bin/python3.12
$ stat -c '%A %U' /srv/private
drwx------ root",
        fix: "Make the environment anew with an interpreter in a place that everybody may enter. Do not open the home.",
        sources: &["astral-sh/uv#13309", "astral-sh/uv#7758"],
    },
    Rule {
        code: Code::NotExecutable,
        name: "not-executable",
        severity: Severity::Error,
        heuristic: false,
        summary: "The interpreter has no execution bit, or none for this user.",
        reason: "\
Zip files, artifacts of CI services, FAT and synchronizing programs lose the bits, mostly those of every script in bin \
as well. The kernel answers Permission denied.",
        example: "\
$ ls -l .venv/bin/python
-rw-r--r-- 1 ada ada 17600 .venv/bin/python",
        fix: "The command gives the bits back, to the scripts beside it too.",
        sources: &["execve(2): EACCES", "pypa/pipx#689"],
    },
    Rule {
        code: Code::ExecutableEmpty,
        name: "executable-empty",
        severity: Severity::Error,
        heuristic: false,
        summary: "The interpreter is an empty file.",
        reason: "\
A full disk or an interrupted copy left a name without content. A shell takes an empty file for a script without \
lines: nothing is printed, and the status is 0. Other programs get Exec format error.",
        example: "\
$ .venv/bin/python -c 'print(1)'
$ echo $?
0",
        fix: RELINK,
        sources: &["execve(2): ENOEXEC"],
    },
    Rule {
        code: Code::LinkBecameText,
        name: "link-became-text",
        severity: Severity::Error,
        heuristic: false,
        summary: "The interpreter is a small text that holds a path: a link that lost its nature on the way.",
        reason: "\
Git with core.symlinks=false, zip files and shares of Windows store the target of a link as the content of a file. \
Where that file is executable, a shell runs its content as a command, without the arguments: another Python may start, \
or nothing happens, with status 0.",
        example: "\
$ cat .venv/bin/python
python3.12",
        fix: "The commands make links of the texts again where that gives the environment an interpreter.",
        sources: &["execve(2): ENOEXEC", "git-config(1): core.symlinks"],
    },
    Rule {
        code: Code::ExecutableIsScript,
        name: "executable-is-script",
        severity: Severity::Error,
        heuristic: false,
        summary: "The interpreter is a script that starts another one, such as a shim of pyenv.",
        reason: "\
A shim executes the real interpreter under the real interpreter's path. Python then looks for pyvenv.cfg there and not \
beside the name that was typed: sys.prefix is the base, and the packages of the environment are not found.",
        example: "\
$ readlink .venv/bin/python
/opt/shims/python
$ head -1 /opt/shims/python
#!/usr/bin/env bash",
        fix: "Link the environment to the real interpreter, which `pyenv which python` names.",
        sources: &["pypa/pipenv#3012", "astral-sh/uv#2503"],
    },
    Rule {
        code: Code::NotAProgram,
        name: "not-a-program",
        severity: Severity::Error,
        heuristic: false,
        summary: "The interpreter is in no format that the system executes.",
        reason: "\
The file has neither the marks of a program nor #!. The kernel answers Exec format error, and a shell then tries to \
run the bytes as its own script.",
        example: "\
$ file .venv/bin/python
.venv/bin/python: data",
        fix: RELINK,
        sources: &["execve(2): ENOEXEC"],
    },
    Rule {
        code: Code::ExecutableTruncated,
        name: "executable-truncated",
        severity: Severity::Error,
        heuristic: false,
        summary: "The interpreter ends before its own headers say.",
        reason: "A full disk, an interrupted copy or the placeholder of a cloud directory left a part of the program. The \
kernel maps what there is, and kills the process when it reaches what is not.",
        example: "\
$ .venv/bin/python
Segmentation fault",
        fix: RELINK,
        sources: &["Linux fs/binfmt_elf.c: load_elf_binary"],
    },
    Rule {
        code: Code::WrongArchitecture,
        name: "wrong-architecture",
        severity: Severity::Error,
        heuristic: false,
        summary: "The interpreter is built for another processor.",
        reason: "\
The environment, or the image that it lies in, comes from a machine of another kind, such as x86-64 on ARM. The kernel \
has no way to run it unless an emulator is registered: Exec format error. Extension modules in it are of the same \
kind.",
        example: "\
$ uname -m
aarch64
$ file -b .venv/bin/python3.12
ELF 64-bit LSB pie executable, x86-64",
        fix: "Make the environment anew on this machine; what is installed has to be installed again.",
        sources: &["pyca/cryptography#8170", "Linux Documentation/admin-guide/binfmt-misc.rst"],
    },
    Rule {
        code: Code::WrongSystem,
        name: "wrong-system",
        severity: Severity::Error,
        heuristic: false,
        summary: "The interpreter is a program for another operating system.",
        reason: "The file is in the format of macOS or Windows, or of Linux on macOS: the environment was carried here, \
or is shared with a container or another system. The kernel answers Exec format error.",
        example: "\
$ file -b .venv/bin/python3.12
Mach-O 64-bit executable arm64",
        fix: "Make the environment anew on this system, in a directory of its own where both use the project.",
        sources: &["copier-org/copier#2226", "execve(2): ENOEXEC"],
    },
    Rule {
        code: Code::LoaderMissing,
        name: "loader-missing",
        severity: Severity::Error,
        heuristic: false,
        summary: "The dynamic loader that the interpreter names does not exist.",
        reason: "\
A program names the loader that the kernel starts in its stead: that of glibc, or that of musl. An interpreter of \
Debian finds none on Alpine, and the reverse; a prebuilt one finds none on NixOS. The kernel answers No such file or \
directory, for a file that is there.",
        example: "\
$ .venv/bin/python
sh: .venv/bin/python: not found
$ readelf -l .venv/bin/python | grep interpreter
      [Requesting program interpreter: /lib64/ld-linux-x86-64.so.2]",
        fix: "Make the environment anew with an interpreter of this system: what is installed is built for the other \
C library too.",
        sources: &["astral-sh/uv#6782", "execve(2): ENOENT"],
    },
    Rule {
        code: Code::LibraryMissing,
        name: "library-missing",
        severity: Severity::Error,
        heuristic: false,
        summary: "The library that holds the interpreter is in none of the places where the loader looks.",
        reason: "\
In a shared build the executable is small, and libpythonX.Y is the interpreter. A copied executable outlives the \
directory in which the library was; an executable that was moved looks in the old one. The loader says error while \
loading shared libraries, and the exit code is 127.",
        example: "\
$ .venv/bin/python
.venv/bin/python: error while loading shared libraries: libpython3.12.so.1.0: cannot open shared object file",
        fix: RELINK,
        sources: &["ld.so(8)", "pypa/virtualenv#1933"],
    },
    Rule {
        code: Code::NotPython,
        name: "not-python",
        severity: Severity::Error,
        heuristic: false,
        summary: "The file is a program that shows no sign of being a Python.",
        reason: "It runs, but it neither needs a library of Python nor exports what an interpreter exports. Nothing can \
be said about its startup.",
        example: "\
$ readlink .venv/bin/python
/usr/bin/true",
        fix: RELINK,
        sources: &["CPython Programs/python.c"],
    },
    Rule {
        code: Code::LibraryBroken,
        name: "library-broken",
        severity: Severity::Error,
        heuristic: false,
        summary: "The file that the loader takes for the interpreter's library is none.",
        reason: "\
The loader takes the first file of the name. If it is empty, cut short or no shared object at all, the loader gives up \
and looks no further: file too short, invalid ELF header.",
        example: "\
$ .venv/bin/python
.venv/bin/python: error while loading shared libraries: /opt/py/lib/libpython3.12.so.1.0: file too short",
        fix: "Install the base again, or link the environment to another interpreter of the same release.",
        sources: &["glibc elf/dl-load.c: open_verify"],
    },
    Rule {
        code: Code::RedirectorFindsNothing,
        name: "redirector-finds-nothing",
        severity: Severity::Error,
        heuristic: false,
        summary: "The redirector of a Windows environment finds no Python to start.",
        reason: "\
On Windows python.exe of an environment is a small program that reads home from pyvenv.cfg and starts the python.exe \
there. When the base was uninstalled, or the environment came from somebody else's machine, it says No Python at … and \
ends with code 103; other codes tell that pyvenv.cfg is missing or says nothing.",
        example: r"
> .venv\Scripts\python.exe
No Python at 'C:\Users\ada\AppData\Local\Programs\Python\Python312\python.exe'",
        fix: "Have an installed Python of the same feature release write the environment's settings anew.",
        sources: &["CPython PC/venvlauncher.c", "CPython PC/launcher.c: process", "astral-sh/uv#12538"],
    },
    Rule {
        code: Code::RefreshLeftDangling,
        name: "refresh-left-dangling",
        severity: Severity::Error,
        heuristic: false,
        summary: "home in pyvenv.cfg names an interpreter that exists, but the links still lead to one that is gone.",
        reason: "\
Whoever runs `python -m venv` again over a broken environment gets a new pyvenv.cfg and the old links: venv does not \
touch a name that is a link already, and does not look whether it leads anywhere. It reports success. With --copies it \
fails, for it opens the missing target.",
        example: "\
$ grep home .venv/pyvenv.cfg
home = /usr/bin
$ readlink .venv/bin/python
/opt/python-3.12.1/bin/python3.12",
        fix: "The commands delete the dangling links before they run venv --upgrade.",
        sources: &["python/cpython#143768", "python/cpython#87679", "CPython Lib/venv/__init__.py: symlink_or_copy"],
    },
    Rule {
        code: Code::CellarRemoved,
        name: "cellar-removed",
        severity: Severity::Error,
        heuristic: false,
        summary: "The interpreter or its library was in a version directory of Homebrew that is gone.",
        reason: "\
Homebrew installs each release into Cellar/FORMULA/VERSION and deletes the old one at an upgrade. The name that lasts \
is opt/FORMULA, a link to the present one; environments that recorded the Cellar break with `brew upgrade` or `brew \
cleanup`. A copied interpreter breaks in the same way by its library: dyld: Library not loaded.",
        example: "\
$ readlink .venv/bin/python
/opt/homebrew/Cellar/python@3.12/3.12.4/bin/python3.12
$ ls /opt/homebrew/Cellar/python@3.12
3.12.6",
        fix: "Link the environment to the interpreter in opt, which outlives upgrades.",
        sources: &["astral-sh/uv#1640", "pypa/hatch#90", "Homebrew/homebrew-core#42627"],
    },
    Rule {
        code: Code::StoreCollected,
        name: "store-collected",
        severity: Severity::Error,
        heuristic: false,
        summary: "The interpreter was in a path of the Nix store that has been collected.",
        reason: "\
What no root refers to is free to go, and an environment is no root: after an update of the profile or flake the \
garbage collection removes the interpreter, and the link dangles.",
        example: "\
$ readlink .venv/bin/python
/nix/store/0c2ag5n7d6xk1n2z4r6m8q0s3v5y7b9d-python3-3.12.4/bin/python3.12",
        fix: "Make the environment anew and register its interpreter as a root; `nix-store --realize` brings the path \
back where a cache still has it.",
        sources: &["NixOS/nixpkgs#171429", "cachix/devenv#336"],
    },
    Rule {
        code: Code::OtherMachine,
        name: "other-machine",
        severity: Severity::Error,
        heuristic: false,
        summary: "The interpreter is linked to a place that exists on another machine only.",
        reason: "\
The environment was committed, zipped, mounted into a container or copied from a builder image. Its links name the \
home of a user who has none here, or a directory such as /Users that only another system has.",
        example: "\
$ readlink .venv/bin/python
/Users/ada/.local/share/uv/python/cpython-3.12.10-macos-aarch64-none/bin/python3.12
$ uname
Linux",
        fix: "Link it to an interpreter of this machine, or where it comes from another system, make it anew; keep it out of \
the repository and the build context.",
        sources: &["astral-sh/uv-docker-example#33", "copier-org/copier#2226", "python-poetry/poetry#7873"],
    },
    Rule {
        code: Code::ToolInterpreterRemoved,
        name: "tool-interpreter-removed",
        severity: Severity::Error,
        heuristic: false,
        summary: "The interpreter was one of a version manager or tool cache that has removed it.",
        reason: "\
uv, pyenv, mise, asdf and the images of CI services keep each release in a directory of its own. `uv python uninstall`, \
an upgrade, or a new image removes the directory, and environments that were made with it dangle; a cache of environments \
that is keyed by the lock file alone restores them on the wrong image.",
        example: "\
$ readlink .venv/bin/python
/opt/hostedtoolcache/Python/3.12.4/x64/bin/python
$ ls /opt/hostedtoolcache/Python
3.12.7",
        fix: "Link to another patch release of the same feature release, or have the tool install this one again. Key \
caches by the whole version.",
        sources: &["astral-sh/uv#7614", "tox-dev/tox-uv#216", "digitalfabrik/lunes-cms#956"],
    },
    Rule {
        code: Code::LibrarySubstituted,
        name: "library-substituted",
        severity: Severity::Warning,
        heuristic: false,
        summary: "The interpreter runs with the library of another installation.",
        reason: "\
The name libpython3.12.so.1.0 is the same in every build of 3.12. The loader searches LD_LIBRARY_PATH before the run \
path of the executable, and the directories of the system when the run path leads nowhere. Python then starts, but is the \
other build: sys.version, built-in modules and fixes are its own, the standard library is not.",
        example: "\
$ env/bin/python -V
Python 3.11.7
$ LD_LIBRARY_PATH=/usr/lib/x86_64-linux-gnu env/bin/python -V
Python 3.11.2",
        fix: "Remove the variable; where the library of the base is gone, link the environment to another interpreter.",
        sources: &["ld.so(8)", "pypa/virtualenv#821"],
    },
    Rule {
        code: Code::NamesDisagree,
        name: "names-disagree",
        severity: Severity::Warning,
        heuristic: false,
        summary: "The names of the interpreter in one environment start different feature releases.",
        reason: "\
`python3.13 -m venv` over an environment of 3.12 adds python3.13 and writes pyvenv.cfg anew, but leaves python and \
python3 as they are. Scripts of pip, editors and people then use different interpreters with different site-packages, \
and each finds packages missing that the other has.",
        example: "\
$ .venv/bin/python -V
Python 3.12.1
$ .venv/bin/python3.13 -V
Python 3.13.0",
        fix: "Keep the release for which packages are installed; where both have some, make the environment anew.",
        sources: &["python/cpython#87679", "pypa/pipx#835"],
    },
    Rule {
        code: Code::UnderPthOverride,
        name: "underpth-override",
        severity: Severity::Error,
        heuristic: false,
        summary: "A ._pth file named like the interpreter replaces the whole of sys.path.",
        reason: "\
Python looks for NAME._pth beside its library and its executable before anything else: on Windows always, elsewhere \
from 3.11 on. Its lines are sys.path, Python is isolated, and the site module does not run unless the file says so: \
packages and pip are gone without a word. Neither -I nor -E switches it off, so that whoever may write such a file \
decides what runs. The embeddable distribution of Windows has one on purpose.",
        example: "\
$ cat .venv/bin/python._pth
/opt/app/lib",
        fix: "Rename the file.",
        sources: &["CPython Modules/getpath.py: DETECT _pth FILE", "python/cpython#102169"],
    },
    Rule {
        code: Code::NoexecMount,
        name: "noexec-mount",
        severity: Severity::Error,
        heuristic: false,
        summary: "The environment lies on a mount from which nothing may be executed.",
        reason: "\
Hardened systems mount /tmp, /home or shared volumes with noexec. The kernel then refuses every script in bin with \
Permission denied whatever its mode is, and refuses to map extension modules: failed to map segment from shared \
object. A linked interpreter elsewhere still starts; a copied one does not.",
        example: "\
$ grep ' /mnt/shared ' /proc/self/mountinfo
36 25 0:31 / /mnt/shared rw,nosuid,nodev,noexec - tmpfs tmpfs rw
$ /mnt/shared/env/bin/pip
bash: /mnt/shared/env/bin/pip: Permission denied",
        fix: "Make the environment anew on another file system.",
        sources: &["mount(8): noexec", "pypa/virtualenv#596"],
    },
    Rule {
        code: Code::SetuidInterpreter,
        name: "setuid-interpreter",
        severity: Severity::Error,
        heuristic: false,
        summary: "The interpreter lends the rights of its owner to whoever starts it.",
        reason: "\
With the set-user-ID or set-group-ID bit the kernel raises the rights of the process. Python notices that the \
identities differ and leaves out the user site; everything else counts as ever: .pth files, PYTHONPATH, -c. Anybody \
can run any code with these rights.",
        example: "\
$ ls -l .venv/bin/python3
-rwsr-xr-x 1 root root 17600 .venv/bin/python3",
        fix: "Take the bits away. Give capabilities or rights to a program that does one thing.",
        sources: &["execve(2)", "CPython Lib/site.py: check_enableusersite"],
    },
    Rule {
        code: Code::CopyOutdated,
        name: "copy-outdated",
        severity: Severity::Warning,
        heuristic: false,
        summary: "The copied interpreter of the environment is another build than that of its base now.",
        reason: "\
An environment made with --copies keeps the interpreter of that day, and takes the standard library and its extension \
modules from the base, which is upgraded. The two then fit no more: cannot import name … from the standard library, \
undefined symbols in lib-dynload; security fixes of the interpreter do not arrive.",
        example: "\
$ env/bin/python -V
Python 3.12.1
$ /opt/py/bin/python3.12 -V
Python 3.12.4",
        fix: "Copy the interpreter of the base again; the feature release and its ABI are the same.",
        sources: &["pypa/virtualenv#821", "spotify/dh-virtualenv#48"],
    },
    Rule {
        code: Code::FrameworkCopied,
        name: "framework-copied",
        severity: Severity::Error,
        heuristic: false,
        summary: "The interpreter was copied out of a macOS framework, which it needs beside itself.",
        reason: "\
The executables of Xcode's Command Line Tools and of old framework builds name their library relative to themselves, \
@executable_path/../Python3. A copy in the bin of an environment has no such file beside it: dyld: Library not \
loaded.",
        example: "\
$ .venv/bin/python3
dyld: Library not loaded: @executable_path/../Python3",
        fix: "Link the environment instead of copying, or use a Python of python.org, Homebrew or uv.",
        sources: &["python-poetry/install.python-poetry.org#24", "pypa/virtualenv#1402"],
    },
    Rule {
        code: Code::PrivateBase,
        name: "private-base",
        severity: Severity::Warning,
        heuristic: true,
        summary: "The environment can be reached by users who probably cannot reach its interpreter.",
        reason: "\
An environment outside of any home is linked to an interpreter below a directory that is closed to others, such as \
root's home or that of another user. It works for whoever made it. A service, or a container with USER, gets Permission denied, or is \
told that the file does not exist. Access-control lists are not seen.",
        example: "\
$ readlink -f /app/.venv/bin/python
/srv/private/python-3.12/bin/python3.12
$ stat -c %a /srv/private
700",
        fix: "Install the interpreter in a place that everybody may enter, and make the environment anew with it.",
        sources: &["astral-sh/uv#13309", "astral-sh/uv#12538"],
    },
];
