//! What the rules of this family mean.

use crate::rules::rule::Rule;
use crate::rules::{Code, Severity};

/// The rules, in the order of their codes.
pub const RULES: &[Rule] = &[
    Rule {
        code: Code::ExtensionOtherPython,
        name: "extension-other-python",
        severity: Severity::Error,
        heuristic: false,
        summary: "Extension modules are built for another release of Python, and this one does not see them.",
        reason: "\
The importer looks for a fixed list of endings: its own tag (.cpython-312-x86_64-linux-gnu.so), the stable interface \
(.abi3.so), and a bare .so. A file with any other tag is not refused, it is invisible: No module named \
'numpy.core._multiarray_umath', or a report of a circular import. It comes of site-packages copied or shared between \
releases. Several tags side by side are usual: one of them has to fit.",
        example: "\
$ ls .venv/lib/python3.12/site-packages/yaml
_yaml.cpython-311-x86_64-linux-gnu.so  __init__.py",
        fix: "Install the distribution again with this environment's installer.",
        sources: &["PEP 3149", "numpy/numpy#24586", "CPython Python/dynload_shlib.c: _PyImport_DynLoadFiletab"],
    },
    Rule {
        code: Code::ExtensionOtherArchitecture,
        name: "extension-other-architecture",
        severity: Severity::Error,
        heuristic: false,
        summary: "Extension modules are built for another processor than this Python.",
        reason: "\
Where the tag names another processor, the importer does not see the file. Where the tag fits or there is none, the \
dynamic loader refuses it: wrong ELF class, or, misleadingly, cannot open shared object file: No such file or \
directory for a file that is there. It comes of images and caches shared between machines.",
        example: "\
$ file -b .venv/lib/python3.12/site-packages/_cffi_backend.cpython-312-x86_64-linux-gnu.so
ELF 64-bit LSB shared object, ARM aarch64, version 1 (SYSV)",
        fix: "Install the distribution again on this machine.",
        sources: &["pyca/cryptography#8170", "conda/conda#11192"],
    },
    Rule {
        code: Code::ExtensionOtherLibc,
        name: "extension-other-libc",
        severity: Severity::Error,
        heuristic: false,
        summary: "Extension modules are built for another C library than this Python runs on.",
        reason: "\
Wheels for glibc (manylinux) do not run on musl (Alpine), and the other way round. From 3.10 on the tag names the \
library, so that the file is invisible; one without a tag fails in the dynamic loader, which finds no \
libc.musl-x86_64.so.1 or lacks symbols of glibc. It comes of environments copied between images.",
        example: "\
$ ls .venv/lib/python3.12/site-packages/_cffi_backend*
_cffi_backend.cpython-312-x86_64-linux-musl.so",
        fix: "Make the environment anew in the image in which it is used.",
        sources: &["bpo-43112", "astral-sh/uv#6782"],
    },
    Rule {
        code: Code::ExtensionTruncated,
        name: "extension-truncated",
        severity: Severity::Error,
        heuristic: false,
        summary: "An extension module is empty or cut short.",
        reason: "\
A full disk, a killed installation or a placeholder of a synchronized directory leaves a file that ends too early. The \
importer finds it by its name, and the dynamic loader says: file too short, or invalid ELF header. One module of \
each distribution is looked at, and all of them by `check --files`.",
        example: "\
$ stat -c %s .venv/lib/python3.12/site-packages/_cffi_backend.cpython-312-x86_64-linux-gnu.so
0",
        fix: "Install the distribution again.",
        sources: &["glibc elf/dl-load.c: open_verify"],
    },
    Rule {
        code: Code::FreeThreadedMismatch,
        name: "free-threaded-mismatch",
        severity: Severity::Error,
        heuristic: false,
        summary: "\
Packages are installed for a build with the global lock and this Python is one without it, or the other way round.",
        reason: "\
A free-threaded build (3.13 and later) has its own directory, lib/python3.13t/site-packages, and its own tag, \
cpython-313t. When a link that led to one build leads to the other, packages vanish, and modules with the other tag \
are not seen. The file may be called python3.13 in both.",
        example: "\
$ ls .venv/lib
python3.13t
$ .venv/bin/python -c 'import sys; print(sys.abiflags)'
",
        fix: "Make the environment anew with the build that is wanted.",
        sources: &["python/cpython#109740", "pypa/virtualenv#2776"],
    },
    Rule {
        code: Code::ImplementationMismatch,
        name: "implementation-mismatch",
        severity: Severity::Error,
        heuristic: false,
        summary: "Packages are installed for PyPy and this Python is CPython, or the other way round.",
        reason: "\
The site module makes the name of the directory from the program that runs: lib/pypy3.11 for PyPy, lib/python3.11 for \
CPython. After a link is turned to the other, Python starts in the right environment and finds nothing in it. \
Extension modules carry a tag of their own and are not seen either.",
        example: "\
$ ls .venv/lib
pypy3.11
$ .venv/bin/python -V
Python 3.11.7",
        fix: "Make the environment anew with the Python that is wanted.",
        sources: &["CPython Lib/site.py: getsitepackages", "PyPy lib-python/3/site.py"],
    },
    Rule {
        code: Code::BytecodeBadMagic,
        name: "bytecode-bad-magic",
        severity: Severity::Error,
        heuristic: false,
        summary: "A compiled module without source was made by another release of Python.",
        reason: "\
A .pyc file that stands beside other modules and not in __pycache__ is imported where there is no source. Its first \
four bytes name the release that wrote it. In a cache a wrong number is no more than a reason to compile again; here \
there is nothing to compile: ImportError: bad magic number.",
        example: "\
$ ls .venv/lib/python3.12/site-packages/vendor
__init__.py  engine.pyc
$ head -c 2 .venv/lib/python3.12/site-packages/vendor/engine.pyc | od -An -tu2
  3495",
        fix: "Install a release of the distribution that was made for this Python.",
        sources: &["CPython Lib/importlib/_bootstrap_external.py: SourcelessFileLoader"],
    },
    Rule {
        code: Code::Lib64Dangling,
        name: "lib64-dangling",
        severity: Severity::Warning,
        heuristic: false,
        summary: "lib64 is a link that leads nowhere, or to the lib of another environment.",
        reason: "\
On 64-bit Linux venv makes lib64 a relative link to lib (up to 3.14), so that installers which put compiled packages \
into lib64 find one tree. Tools that copy environments turn it into an absolute link, which then leads to the place \
of origin. Builds whose platlibdir is lib64 (Fedora, SUSE) look for packages through it.",
        example: "\
$ readlink .venv/lib64
/home/ada/old/.venv/lib",
        fix: "Make it a relative link again: ln -sfn lib .venv/lib64.",
        sources: &["CPython Lib/venv/__init__.py: EnvBuilder.ensure_directories", "python/cpython#137139"],
    },
    Rule {
        code: Code::Lib64Split,
        name: "lib64-split",
        severity: Severity::Warning,
        heuristic: false,
        summary: "lib64 is a directory of its own, and packages are in the wrong tree or in both.",
        reason: "\
Where lib64 is no link, what goes into lib and what goes into lib64 are two trees. A Python whose platlibdir is lib \
never looks into lib64. One whose platlibdir is lib64 looks into both, which is legal (virtualenv and 3.15 make it \
so), but a distribution that is in both is half of each: libraries are not found next to the modules that want them.",
        example: "\
$ ls .venv
bin  include  lib  lib64  pyvenv.cfg
$ ls .venv/lib64/python3.12/site-packages
numpy  numpy-2.1.0.dist-info",
        fix: "Make the environment anew with the tool that is used from then on.",
        sources: &["pypa/virtualenv#2986", "python/cpython#143989"],
    },
    Rule {
        code: Code::ExtensionOtherSystem,
        name: "extension-other-system",
        severity: Severity::Error,
        heuristic: false,
        summary: "Extension modules are built for another operating system.",
        reason: "\
Modules for Windows end in .pyd, those for macOS have darwin in their tag. On Linux neither is seen by the importer, \
and a Mach-O or PE file under a fitting name is refused by the dynamic loader. It comes of environments taken into \
containers or shared directories, and of `pip install --platform`. Wheels that run anywhere and carry files for each \
system along are not meant.",
        example: "\
$ ls .venv/lib/python3.12/site-packages/yaml
__init__.py  _yaml.cp312-win_amd64.pyd",
        fix: "\
Install the distribution again on this system; make the environment anew if all of it came from elsewhere.",
        sources: &["CPython Python/dynload_win.c: _PyImport_DynLoadFiletab", "PEP 425"],
    },
];
