//! What the rules of this family mean.

use crate::rules::rule::Rule;
use crate::rules::{Code, Severity};

/// The rules, in the order of their codes.
pub const RULES: &[Rule] = &[
    Rule {
        code: Code::PthTargetMissing,
        name: "pth-target-missing",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A line of a .pth file names a path that does not exist.",
        reason: "\
The site module adds a path only where it exists. Up to 3.14 it passes over any other without a word, and what was \
meant to be importable is not: No module named 'proj', while pip still lists it. 3.15 says so at every start. The \
usual cause is a directory that was moved or removed, a path from another machine, or a path written with quotes, ~ or a \
variable, none of which Python takes away.",
        example: "\
$ cat .venv/lib/python3.12/site-packages/plotlib.pth
/home/ada/plotlib/src
$ ls -d /home/ada/plotlib/src
ls: cannot access '/home/ada/plotlib/src': No such file or directory",
        fix: "Install again what put the file there, or remove the line, or the file, that nothing owns.",
        sources: &["CPython Lib/site.py: addpackage", "python/cpython#149109", "pypa/pipx#278"],
    },
    Rule {
        code: Code::PthImportFails,
        name: "pth-import-fails",
        severity: Severity::Warning,
        heuristic: false,
        summary: "\
A line of a .pth file raises an exception at every start, mostly because the module that it imports is gone.",
        reason: "\
A line that begins with import is executed. Up to 3.14 an exception is printed and ends the file, so that the lines \
after it have no effect; from 3.15 on only the line is lost. An environment of 3.14 or before prints it twice, for its \
directory is processed twice. Programs that compare standard error, or that parse it, stumble over the text. It is left \
over when a package is removed and its .pth file is not.",
        example: "\
$ .venv/bin/python -c pass
Error processing line 1 of .venv/lib/python3.12/site-packages/distutils-precedence.pth:

  Traceback (most recent call last):
  ModuleNotFoundError: No module named '_distutils_hack'

Remainder of file ignored",
        fix: "Install the owner of the file again; a file that nobody owns is removed.",
        sources: &["CPython Lib/site.py: addpackage", "pdm-project/pdm#821", "pypa/get-pip#226"],
    },
    Rule {
        code: Code::PthNotUtf8,
        name: "pth-not-utf8",
        severity: Severity::Error,
        heuristic: false,
        summary: "A .pth file cannot be decoded, and Python does not start.",
        reason: "\
The file is decoded as a whole: in the locale's encoding up to 3.12.3, from then on as UTF-8 and only then in the \
locale's. One byte that does not fit raises UnicodeDecodeError, which the site module does not catch. Whoever uses \
another locale may see nothing of it. A path with letters of an old code page is the usual cause.",
        example: "\
$ .venv/bin/python
Fatal Python error: init_import_site: Failed to import the site module
UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe9 in position 8: invalid continuation byte",
        fix: "Write the file as UTF-8; until then it is put where Python does not look.",
        sources: &["CPython Lib/site.py: addpackage", "python/cpython#113356", "python/cpython#77102"],
    },
    Rule {
        code: Code::PthByteOrderMark,
        name: "pth-byte-order-mark",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A .pth file begins with a byte-order mark, which this release takes for a part of the first line.",
        reason: "\
Some editors put the three bytes EF BB BF at the beginning of a file. Up to 3.12.3 they belong to the first line, so \
that its path is not found and an import at its beginning is none. 3.12.4 and 3.13 take the mark away, and the same \
file works there.",
        example: "\
$ head -c 3 .venv/lib/python3.11/site-packages/plotlib.pth | od -An -tx1
 ef bb bf",
        fix: "Remove the three bytes.",
        sources: &["python/cpython#77102", "CPython Lib/site.py: addpackage"],
    },
    Rule {
        code: Code::PthHidden,
        name: "pth-hidden",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A .pth file is passed over because it is hidden: by a flag of the file, or by a dot in front of its name.",
        reason: "\
Since the releases of early 2024 (3.8.19, 3.9.19, 3.10.14, 3.11.8, 3.12.2 and 3.13) the site module skips hidden \
files, for that is where an attacker would put one. macOS sets UF_HIDDEN on what lies in a directory such as .venv when \
it is synchronized or copied, and then every editable install is gone, with no message unless -v is given. Only the \
flag of the file itself counts, not that of its directory.",
        example: "\
$ ls -lO __editable__.app-1.0.pth
-rw-r--r--  1 ada  staff  hidden 21 __editable__.app-1.0.pth",
        fix: "Take the flag away (chflags nohidden, attrib -h), or give the file a name without the dot.",
        sources: &["python/cpython#113659", "python/cpython#148121", "astral-sh/uv#16977"],
    },
    Rule {
        code: Code::PthUnreadable,
        name: "pth-unreadable",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A .pth or .start file stands in the directory and cannot be opened, so that Python passes over it.",
        reason: "\
An error while the file is opened is swallowed. A file that an administrator installed under a strict umask works for \
the administrator and for nobody else; a link into a cache that was cleared works for nobody at all. In both cases \
what the file makes importable is missing, without a word.",
        example: "\
$ ls -l /opt/app/lib/python3.12/site-packages/app.pth
-rw------- 1 root root 21 /opt/app/lib/python3.12/site-packages/app.pth",
        fix: "Let those read the file who start the Python, or install its owner again.",
        sources: &["CPython Lib/site.py: addpackage"],
    },
    Rule {
        code: Code::PthStopsStartup,
        name: "pth-stops-startup",
        severity: Severity::Error,
        heuristic: false,
        summary: "A line of a .pth file ends, blocks or may not finish the start of every Python.",
        reason: "\
Code in a .pth file runs inside the import of site. SystemExit is no Exception, so that nothing catches it and Python \
dies; a line that waits is waited for twice, once for each time that an environment's directory is processed; a line that \
starts another Python starts itself there again. Whether code that is not known gets so far cannot be told without \
running it: such a line is reported as a warning, with the call that speaks for it.",
        example: "\
$ cat .venv/lib/python3.12/site-packages/guard.pth
import sys; sys.exit(3)
$ .venv/bin/python
Fatal Python error: init_import_site: Failed to import the site module
SystemExit: 3",
        fix: "Put the file where Python does not look, read it, and install its owner again.",
        sources: &["CPython Lib/site.py: addpackage", "BerriAI/litellm#24521"],
    },
    Rule {
        code: Code::PthRunsTwice,
        name: "pth-code-runs-twice",
        severity: Severity::Info,
        heuristic: false,
        summary: "Code in a .pth file of the environment runs twice at every start.",
        reason: "\
Up to 3.14 the site module adds the site-packages of an environment when it recognizes the environment, and once more \
as that of its prefix. The directory stands on sys.path once, but its .pth files are processed both times. 3.15 collects \
everything first and runs it once.",
        example: "\
$ cat .venv/lib/python3.12/site-packages/hook.pth
import hook; print('started')
$ .venv/bin/python -c pass
started
started",
        fix: "Nothing has to be done where the code looks whether it ran before; otherwise let it do so.",
        sources: &["python/cpython#75723", "python/cpython#147951"],
    },
    Rule {
        code: Code::PthIndentedImport,
        name: "pth-indented-import",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A line of a .pth file has blanks before its import: a path up to 3.14, code that runs from 3.15 on.",
        reason: "\
Up to 3.14 a line counts as code only where import stands at its very beginning; with blanks before it, it is a path \
that does not exist. 3.15 strips the line first. The same file does nothing in one release and runs in the next, and \
searches that look for import at the beginning of a line do not see it.",
        example: "\
$ cat -A .venv/lib/python3.14/site-packages/hook.pth
 import hook$",
        fix: "Read the line, and remove it or its blanks.",
        sources: &["python/cpython#149109", "CPython Lib/site.py: addpackage"],
    },
    Rule {
        code: Code::StartupCodeUnowned,
        name: "startup-code-unowned",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A file runs code at every start, and no installed distribution owns it.",
        reason: "\
Every file that an installer puts into site-packages stands in the RECORD of its distribution. A .pth or .start file \
with code, or a customization module, that stands in none was left over, written by hand, or put there by something \
that did not want to be found; no uninstallation removes it. What virtualenv, uv and the editable installs of \
setuptools write is known by its text and not reported. Where a distribution has no RECORD, or conda keeps its own \
lists, nothing is said.",
        example: "\
$ cat .venv/lib/python3.12/site-packages/zz_init.pth
import zz_init
$ grep -l zz_init .venv/lib/python3.12/site-packages/*.dist-info/RECORD",
        fix: "Read the file, and remove it unless somebody wants what it does.",
        sources: &["PEP 376", "PEP 829", "ossf/malicious-packages#1299"],
    },
    Rule {
        code: Code::StartupCodeSuspicious,
        name: "startup-code-suspicious",
        severity: Severity::Warning,
        heuristic: true,
        summary: "Code that runs at every start looks as if it did not want to be understood.",
        reason: "\
A .pth file runs in every Python, pip included, which makes it the place of choice for code that steals: it decodes a \
text and runs it, fetches a program, or hides behind hundreds of blanks in a line of thirty kilobytes. This goes by \
likeness, of the line or of the customization module, and not by name or owner: packages that were taken over listed \
such files in their RECORD.",
        example: "\
$ cut -c1-90 .venv/lib/python3.12/site-packages/litellm_init.pth
import os, subprocess, sys; subprocess.Popen([sys.executable, \"-c\", \"import base64; exec(base",
        fix: "\
Keep a copy, do not start this Python, and if nobody can explain the file, renew what could be stolen and make the \
environment anew.",
        sources: &["BerriAI/litellm#24521", "ossf/malicious-packages#1299", "MITRE ATT&CK T1546.018"],
    },
    Rule {
        code: Code::StartSyntax,
        name: "start-syntax",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A line of a .start file is no package.module:callable.",
        reason: "\
From 3.15 on each line of a .start file names one function, with one colon and without blanks or brackets. Anything \
else is reported at every start and not called, while Python goes on. A dot in the place of the colon is the usual \
mistake.",
        example: "\
$ cat .venv/lib/python3.15/site-packages/app.start
app.hooks.install
$ .venv/bin/python -c pass
Invalid entry point syntax in .venv/lib/python3.15/site-packages/app.start: 'app.hooks.install'",
        fix: "Write package.module:callable, or install the owner of the file again.",
        sources: &["PEP 829", "CPython Lib/site.py: StartupState"],
    },
    Rule {
        code: Code::StartUnresolved,
        name: "start-unresolved",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A line of a .start file names a module that does not exist.",
        reason: "\
The entry points of .start files are imported after all paths are on sys.path. One that is not found is reported at \
every start; the others are called. It is what remains of a package that was removed by hand, or of an editable \
install whose project moved.",
        example: "\
$ cat .venv/lib/python3.15/site-packages/app.start
app.hooks:install
$ .venv/bin/python -c pass
Error resolving entry point app.hooks:install from .venv/lib/python3.15/site-packages/app.start",
        fix: "Install the owner of the file again, or what holds the module, or remove the line.",
        sources: &["PEP 829", "python/cpython#149109"],
    },
    Rule {
        code: Code::StartNotUtf8,
        name: "start-not-utf8",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A .start file is not UTF-8, and Python passes over it without a word.",
        reason: "\
Unlike .pth files, .start files are never tried in the locale's encoding. One that cannot be decoded counts as if it \
were not there: nothing in it is called, and the .pth file of the same name keeps its import lines.",
        example: "\
$ file .venv/lib/python3.15/site-packages/app.start
.venv/lib/python3.15/site-packages/app.start: ISO-8859 text",
        fix: "Write the file as UTF-8, or install its owner again.",
        sources: &["PEP 829", "CPython Lib/site.py: StartupState"],
    },
    Rule {
        code: Code::StartSuppressesPth,
        name: "start-suppresses-pth",
        severity: Severity::Info,
        heuristic: false,
        summary: "A .start file keeps the import lines of the .pth file of the same name from running.",
        reason: "\
From 3.15 on the mere presence of NAME.start, even an empty one, switches off the code in NAME.pth of the same directory; \
its paths still count. Projects ship both on purpose, one for the old releases and one for the new. Where the .start \
file calls nothing, or only what fails, the code that ran up to 3.14 is silently gone, and this is a warning.",
        example: "\
$ ls .venv/lib/python3.15/site-packages/hook.*
hook.pth  hook.start
$ wc -c hook.start
0 hook.start",
        fix: "Write into the .start file what is to be called, or remove it.",
        sources: &["PEP 829"],
    },
    Rule {
        code: Code::EggLinkStale,
        name: "egg-link-stale",
        severity: Severity::Error,
        heuristic: false,
        summary: "An .egg-link file, left by an install in development mode, leads to a directory that does not exist.",
        reason: "\
setup.py develop, and pip before it used PEP 660, put a link file beside a line in easy-install.pth. Python reads only \
the line, installers only the link. When the project is moved or removed, the module is gone for Python, and pip and \
uv list nothing, so that there is nothing to uninstall either.",
        example: "\
$ cat .venv/lib/python3.12/site-packages/proj.egg-link
/home/ada/proj
.
$ ls -d /home/ada/proj
ls: cannot access '/home/ada/proj': No such file or directory",
        fix: "Install the project from where it is now, or remove the link file and the line of easy-install.pth.",
        sources: &["pypa/setuptools#230", "JoelBender/bacpypes#279"],
    },
    Rule {
        code: Code::NspkgLegacy,
        name: "nspkg-legacy",
        severity: Severity::Warning,
        heuristic: false,
        summary: "The .pth file of a namespace package reads a variable that this pre-release of 3.15 does not have.",
        reason: "\
Namespace packages of old releases of setuptools are set up by a line that looks for the variable sitedir in the \
function that executes it. The first two betas of 3.15 executed such lines in another function, and every start \
printed a KeyError. 3.15.0b3 put the variable back.",
        example: "\
$ .venv/bin/python -c pass
Error in import line from .venv/lib/python3.15/site-packages/repoze.lru-0.7-nspkg.pth: import sys, types, os;...
  KeyError: \"local variable ''sitedir'' is not defined\"",
        fix: "Use 3.15.0b3 or later, or releases of the packages that need no such file.",
        sources: &["python/cpython#149671", "python/cpython#156404", "tox-dev/tox#3937"],
    },
    Rule {
        code: Code::CustomizeFails,
        name: "customize-fails",
        severity: Severity::Warning,
        heuristic: false,
        summary: "sitecustomize or usercustomize fails when Python imports it.",
        reason: "\
The site module imports both if it finds them. An exception is reported in one line at every start and the module has \
no effect; SystemExit is not caught, and Python dies. That a file with a NUL byte or in no declared encoding is no \
Python is certain; that an import at its left edge finds nothing on sys.path is probable, for code before it may add \
what is missing.",
        example: "\
$ .venv/bin/python -c pass
Error in sitecustomize; set PYTHONVERBOSE for traceback:
ModuleNotFoundError: No module named 'corp_tracing'",
        fix: "Correct the module, install what it imports, or put it where Python does not look.",
        sources: &["CPython Lib/site.py: execsitecustomize", "Homebrew/homebrew-core#133488"],
    },
    Rule {
        code: Code::SitecustomizeShadowed,
        name: "sitecustomize-shadowed",
        severity: Severity::Warning,
        heuristic: false,
        summary: "There is more than one sitecustomize on sys.path, and only the first one runs.",
        reason: "\
It is one module like any other: what comes first on sys.path is imported, and the others are never looked at. Debian \
and Homebrew ship one in the standard library's directory, which comes before site-packages, so that the environment's \
own never runs there although it does with a Python from elsewhere. One on PYTHONPATH hides them all.",
        example: "$ ls /usr/lib/python3.13/sitecustomize.py .venv/lib/python3.13/site-packages/sitecustomize.py",
        fix: "Have the hidden code run by an import line of a .pth file, or from 3.15 on by a .start file.",
        sources: &["CPython Lib/site.py: execsitecustomize", "Homebrew/homebrew-core#80567", "pypa/virtualenv#1703"],
    },
    Rule {
        code: Code::UsercustomizeActive,
        name: "usercustomize-active",
        severity: Severity::Info,
        heuristic: false,
        summary: "The user has a usercustomize module, which runs at every start of this Python.",
        reason: "\
Where the user's own site-packages is on sys.path (in base installations, in conda, and in environments that see \
system packages), usercustomize is imported after sitecustomize. What it does happens to this user alone, which makes \
for errors that nobody else can repeat. People use it on purpose, and so does software that wants to be started often.",
        example: "$ ls ~/.local/lib/python3.12/site-packages/usercustomize.py",
        fix: "Nothing is wrong if it is wanted; PYTHONNOUSERSITE=1 and -s keep it out.",
        sources: &["CPython Lib/site.py: execusercustomize", "MITRE ATT&CK T1546.018"],
    },
    Rule {
        code: Code::EditableTargetGone,
        name: "editable-target-gone",
        severity: Severity::Error,
        heuristic: false,
        summary: "A distribution is installed in editable mode, and the directory that it leads to is gone.",
        reason: "\
An editable install holds no code: a line of a .pth file, or a finder module with a table, says where the project is. \
When the project is moved, renamed or deleted, importing it fails with No module named 'proj', while pip list and uv \
pip list show it with its old place and their check commands are content.",
        example: "\
$ cat .venv/lib/python3.12/site-packages/plotlib-1.0.dist-info/direct_url.json
{\"url\": \"file:///home/ada/plotlib\", \"dir_info\": {\"editable\": true}}
$ ls -d /home/ada/plotlib
ls: cannot access '/home/ada/plotlib': No such file or directory",
        fix: "Install the project again, in editable mode, from where it is now.",
        sources: &["PEP 610", "PEP 660", "pdm-project/pdm#649", "pypa/setuptools#230"],
    },
    Rule {
        code: Code::StartupCodeModified,
        name: "startup-code-modified",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A file with startup code is not what its distribution has installed.",
        reason: "\
RECORD holds a SHA-256 of every file. Few programs ever compare it, and nobody looks into a .pth file: a line that was \
added to one runs at every start of every Python here. Only the few files that startup runs are compared.",
        example: "\
$ grep distutils-precedence.pth .venv/lib/python3.12/site-packages/setuptools-*.dist-info/RECORD
distutils-precedence.pth,sha256=JjjOniUJKKl9N9_tGPmUXTZqWXeKl_JWpdVWTA8aIV0,151
$ wc -c < .venv/lib/python3.12/site-packages/distutils-precedence.pth
188",
        fix: "Read what was changed, and install the owner again.",
        sources: &["PEP 376", "PEP 627"],
    },
    Rule {
        code: Code::PthAppleDouble,
        name: "pth-apple-double",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A companion file of macOS has a name that ends in .pth, and this release reads it.",
        reason: "\
On file systems without room for its metadata (exFAT, SMB, archives) macOS writes a second file for each, whose name \
begins with ._ and whose content is binary. Releases before those of early 2024 read ._NAME.pth like any other .pth \
file: where it cannot be decoded Python does not start, and otherwise rubbish is tried as paths.",
        example: "\
$ ls -a .venv/lib/python3.12/site-packages/*plotlib.pth
._plotlib.pth  plotlib.pth",
        fix: "Remove the companion file; what matters stands in the other one.",
        sources: &["python/cpython#113356", "python/cpython#113659"],
    },
];
