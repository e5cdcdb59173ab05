//! What the rules of this family mean.

use crate::rules::rule::Rule;
use crate::rules::{Code, Severity};

/// The rules, in the order of their codes.
pub const RULES: &[Rule] = &[
    Rule {
        code: Code::ScriptsMoved,
        name: "scripts-moved",
        severity: Severity::Error,
        heuristic: false,
        summary: "Scripts start a Python in the place where the environment stood before it was moved.",
        reason: "\
An installer writes the absolute path of the environment's Python into the first line of every script. When the directory \
or one above it is renamed, bin/python still works, because it is a link to the base and finds pyvenv.cfg beside it; \
but the kernel no longer finds what the scripts name. Shells then say \"bad interpreter\" or \"required file not found\", \
or just that there is no such command, although the file is there. All versions and creators are alike in this; only \
relocatable environments of uv compute the path.",
        example: "\
$ mv project plots && plots/.venv/bin/pip --version
bash: plots/.venv/bin/pip: /w/project/.venv/bin/python3: bad interpreter: No such file or directory",
        fix: "Replace the old directory by the new one in the lines that name it, or install the distributions again.",
        sources: &["pypa/virtualenv#1280", "python/cpython#88452", "astral-sh/uv#13989"],
    },
    Rule {
        code: Code::ScriptsRunOriginal,
        name: "scripts-run-original",
        severity: Severity::Error,
        heuristic: false,
        summary: "Scripts of a copied environment start the Python of the original, and work on that.",
        reason: "\
A copy holds the first lines of its original, and the original is still there. Everything seems to work: pip installs, \
and says so, but into the other environment; tools see the other environment's packages. The copy stays as it was, and \
the original changes behind the back of whoever uses it. The same happens when an environment was moved and another \
was made in its old place.",
        example: "\
$ cp -a template .venv && head -1 .venv/bin/pip
#!/w/template/bin/python3",
        fix: "Have the scripts start the Python beside them, by editing the lines that name it.",
        sources: &["pypa/virtualenv#2308", "conda/conda#3097"],
    },
    Rule {
        code: Code::ActivateStale,
        name: "activate-stale",
        severity: Severity::Warning,
        heuristic: false,
        summary: "Activation scripts put the directory on PATH in which the environment once stood.",
        reason: "\
activate and its siblings for csh, fish, nushell and cmd hold the environment's directory as text; those of PowerShell \
and Python compute it. In a moved environment the prompt shows the name as always, but python and pip are whatever \
comes next on PATH; in a copied one they are those of the original. No shell says anything; only some versions of \
virtualenv look whether the directory exists.",
        example: "\
$ mv env plots && . plots/bin/activate
(env) $ command -v python
/usr/bin/python",
        fix: "Write the directory where the environment stands into the scripts, or have its creator write them anew.",
        sources: &["pypa/virtualenv#2308", "CPython Lib/venv/scripts/common/activate"],
    },
    Rule {
        code: Code::LauncherStale,
        name: "launcher-stale",
        severity: Severity::Error,
        heuristic: false,
        summary: "Launchers on Windows start a Python that is gone, or that of another environment.",
        reason: "\
What pip and uv put into Scripts is a small program with the path of the environment's Python behind it: a #! line and \
an archive, or a path and its length. Moved environments, renamed users and unpacked bundles leave the old path there. \
The launcher then ends with \"Unable to create process using\", or starts the environment that it was copied from.",
        example: "\
> .venv\\Scripts\\pip.exe --version
Fatal error in launcher: Unable to create process using '\"C:\\old\\.venv\\Scripts\\python.exe\" ...'",
        fix: "Install the distributions again that the launchers belong to, with python -m pip.",
        sources: &["pypa/pip#9940", "pypa/pip#5292", "astral-sh/uv#1766"],
    },
    Rule {
        code: Code::ScriptForeign,
        name: "script-foreign",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A script of a distribution in this environment starts a Python that is not the environment's.",
        reason: "\
The installer was run by another Python, or misled by a variable such as __PYVENV_LAUNCHER__, and wrote that one into \
the first line. It starts outside of the environment: what is installed here it does not see. Either it says that \
there is no such module, or it finds another version of the package somewhere else and works with that. Only scripts \
that entry_points.txt declares are judged; what people write for themselves may start what they like.",
        example: "\
$ head -1 .venv/bin/flake8
#!/usr/bin/python3",
        fix: "Have the script start the environment's Python, or install its distribution again.",
        sources: &["pypa/virtualenv#845", "Homebrew/homebrew-core#58248"],
    },
    Rule {
        code: Code::ShebangTooLong,
        name: "shebang-too-long",
        severity: Severity::Error,
        heuristic: false,
        summary: "The first line of a script is longer than the kernel reads.",
        reason: "\
Linux reads 256 bytes from 5.1 on, and read 128 before; macOS reads 512. Where the path does not end within them, a \
present kernel refuses the script, and the shell tries to run the Python as commands: syntax error near unexpected \
token. Old kernels look for an interpreter whose name is cut off. pip, virtualenv and uv know this and have /bin/sh \
start the Python then; other tools do not. A line that only old kernels cut off is a warning.",
        example: "\
$ ./plot
./plot: line 4: syntax error near unexpected token `('",
        fix: "Have the shell start the Python, or move the environment to a shorter path.",
        sources: &["pypa/virtualenv#596", "pypa/pip#1773", "Linux fs/binfmt_script.c: load_script"],
    },
    Rule {
        code: Code::ShebangWithSpace,
        name: "shebang-with-space",
        severity: Severity::Error,
        heuristic: false,
        summary: "The path in the first line of a script has a blank in it, at which the kernel cuts it off.",
        reason: "\
The kernel takes everything up to the first blank for the interpreter and the rest for its argument; it knows no \
quotes. Installers of today have /bin/sh start the Python where the path has a blank, but scripts that other tools \
have written or people have edited do not run.",
        example: "\
$ head -1 bin/plot && bin/plot
#!/home/ada/my project/.venv/bin/python
bash: bin/plot: /home/ada/my: bad interpreter: No such file or directory",
        fix: "Have the shell start the Python, or install the distribution again with a current installer.",
        sources: &["pypa/virtualenv#675", "astral-sh/uv#1466"],
    },
    Rule {
        code: Code::ScriptCarriageReturn,
        name: "script-carriage-return",
        severity: Severity::Error,
        heuristic: false,
        summary: "The first line of a script ends in a carriage return, which the kernel takes for a part of the name.",
        reason: "\
Python does not mind such line ends, but it is not started: the kernel looks for a program whose name ends in a \
carriage return, and env does the same. What is printed looks absurd, for the return hides the end of the name. The \
file was edited on Windows, or git was told to convert line ends.",
        example: "\
$ .venv/bin/plot
bash: .venv/bin/plot: cannot execute: required file not found",
        fix: "Remove the carriage returns.",
        sources: &["Linux fs/binfmt_script.c: load_script"],
    },
    Rule {
        code: Code::ScriptByteOrderMark,
        name: "script-byte-order-mark",
        severity: Severity::Error,
        heuristic: false,
        summary: "A byte-order mark stands before the #! of a script, so that the kernel does not see it.",
        reason: "\
The kernel looks at the first two bytes of the file. With a mark before them it finds no format that it knows, and the \
shell runs the text itself: import is then a program that takes a picture of the screen, or does not exist. Some \
editors on Windows write the mark into whatever they save.",
        example: "\
$ .venv/bin/plot
.venv/bin/plot: line 1: #!/w/.venv/bin/python: No such file or directory",
        fix: "Remove the mark.",
        sources: &["Linux fs/binfmt_script.c: load_script"],
    },
    Rule {
        code: Code::ScriptNotExecutable,
        name: "script-not-executable",
        severity: Severity::Error,
        heuristic: false,
        summary: "A script that a distribution has installed has no permission to be executed.",
        reason: "\
Installers set the execution bits of what they put into bin. They get lost where the environment went through an \
archive, a file system without such bits, or a copy between systems. The shell then answers Permission denied, or does \
not find the command on PATH at all.",
        example: "\
$ .venv/bin/pytest
bash: .venv/bin/pytest: Permission denied",
        fix: "Set the bits again.",
        sources: &["PEP 427: scripts"],
    },
    Rule {
        code: Code::CondaPrefixStale,
        name: "conda-prefix-stale",
        severity: Severity::Error,
        heuristic: false,
        summary: "Scripts of a conda environment start a Python in a directory that does not exist.",
        reason: "\
conda writes the directory of the environment into scripts, libraries and settings when it installs a package. In an \
environment that was moved, renamed by hand, or packed and not unpacked to the end, all of them are wrong at once. A \
very long name with _placehold_ in it was never replaced since the package was built.",
        example: "\
$ mv miniconda/envs/plots /opt/plots && /opt/plots/bin/pip --version
bash: /opt/plots/bin/pip: /home/ada/miniconda/envs/plots/bin/python: bad interpreter: No such file or directory",
        fix: "Run conda-unpack where there is one, once; else make the environment anew from its list of packages.",
        sources: &["conda/conda#3097", "conda/conda-pack#386"],
    },
    Rule {
        code: Code::ForeignLayout,
        name: "foreign-layout",
        severity: Severity::Error,
        heuristic: false,
        summary: "The environment was made on another operating system, whose tools look for other names in it.",
        reason: "\
Windows has Scripts\\python.exe and Lib, all others bin/python and lib/pythonX.Y. A project directory that Windows shares \
with WSL, a container or a virtual machine holds one .venv, and the system that comes second finds no Python in it. \
Some tools say so; uv removes the directory and makes it anew for the system that it runs on, and then the other side \
finds nothing. Where both layouts stand in one directory, it is a warning: pyvenv.cfg can be right for one of them only.",
        example: "\
$ ls .venv
Include  Lib  Scripts  pyvenv.cfg",
        fix: "Give each system an environment in a directory of its own.",
        sources: &["astral-sh/uv#7460", "astral-sh/uv#13301", "copier-org/copier#2226"],
    },
    Rule {
        code: Code::RelocatableScriptLinked,
        name: "relocatable-script-linked",
        severity: Severity::Error,
        heuristic: false,
        summary: "A link leads to a script that looks for its Python beside the name by which it is called.",
        reason: "\
Scripts of relocatable environments compute the directory of their Python. The first ones that uv wrote take it from $0, \
and that is the link: they look for a python in ~/.local/bin, and do not find it, or find another. Later ones follow \
links first, with realpath.",
        example: "\
$ ln -s /w/.venv/bin/plot ~/.local/bin/ && plot
/home/ada/.local/bin/plot: 2: exec: /home/ada/.local/bin/python: not found",
        fix: "Have the script follow links, or have a current uv write it anew.",
        sources: &["astral-sh/uv#8058", "astral-sh/uv#11413"],
    },
    Rule {
        code: Code::ScriptOrphaned,
        name: "script-orphaned",
        severity: Severity::Warning,
        heuristic: true,
        summary: "A script imports a module that no directory on sys.path seems to hold.",
        reason: "\
A script of an entry point is a few lines that import a function by name. Only RECORD ties it to its distribution: \
where the package was deleted by hand, or an uninstallation broke off, the script stays and ends in \
ModuleNotFoundError. This is a likeness and no evidence, for a module can also come from a variable or an import hook \
that is not seen here; where startup runs unknown code, nothing is said.",
        example: "\
$ rm -r .venv/lib/python3.12/site-packages/plotlib* && .venv/bin/plot
ModuleNotFoundError: No module named 'plotlib'",
        fix: "Remove the script if nothing owns it, else install its distribution again.",
        sources: &["pypa/pip#3869"],
    },
    Rule {
        code: Code::KernelSpecDangling,
        name: "kernel-spec-dangling",
        severity: Severity::Warning,
        heuristic: false,
        summary: "A Jupyter kernel starts a Python that is gone, or that of another environment.",
        reason: "\
kernel.json holds the command that starts the kernel, and Jupyter takes its first word as it stands. When the \
environment is moved or removed the kernel is still offered, and dies; in a copy it starts the original, and the \
notebook sees other packages than its name says. Jupyter replaces a bare python by its own, so that one is not judged.",
        example: "\
$ jupyter lab
FileNotFoundError: [Errno 2] No such file or directory: '/w/old/.venv/bin/python'",
        fix: "Name the environment's Python in kernel.json, register the kernel again, or remove its directory.",
        sources: &["jupyter/jupyter_client#269", "jupyter/notebook#5956"],
    },
    Rule {
        code: Code::RedirectBroken,
        name: "redirect-broken",
        severity: Severity::Error,
        heuristic: false,
        summary: "The project's .venv is a link or a file that leads to no environment.",
        reason: "\
Tools look for an environment in .venv. It may be a link, and for uv and virtualenv also a file with the path of the \
directory in it (PEP 832, a draft). Where that leads nowhere, each tool does something else: some refuse, some use the \
system's Python, and some go on upwards and change the environment of the project around. A file with a bare name is \
left alone: plugins of shells keep the name of an environment there.",
        example: "\
$ ls -l .venv
.venv -> /home/ada/.cache/environments/plots-that-was",
        fix: "Have it lead to where the environment stands now, or remove it and make the environment there.",
        sources: &["python/peps#5066", "astral-sh/uv#20433"],
    },
    Rule {
        code: Code::ActivateMissing,
        name: "activate-missing",
        severity: Severity::Warning,
        heuristic: true,
        summary: "The creation of the environment looks as if it had broken off before pip was installed.",
        reason: "\
venv makes the directories, pyvenv.cfg and the links to the Python, then has ensurepip install pip, and writes the \
activation scripts last. Where ensurepip fails, because the system has it in a package of its own or the disk is full, \
everything before that stays. Tools take it for an environment, and then find no pip. Environments that were made \
without pip, and those of uv and virtualenv, do have activation scripts; who removes them on purpose may ignore this.",
        example: "\
$ python3 -m venv .venv
The virtual environment was not created successfully because ensurepip is not available.
$ ls .venv/bin
python  python3  python3.12",
        fix: "Install what provides ensurepip, and run venv on the same directory once more.",
        sources: &["pypa/packaging.python.org#399", "CPython Lib/venv/__init__.py: EnvBuilder.create"],
    },
    Rule {
        code: Code::EnvironmentInGit,
        name: "environment-in-git",
        severity: Severity::Warning,
        heuristic: false,
        summary: "The environment is kept in a repository of git.",
        reason: "\
Links, pyvenv.cfg and the first lines of scripts hold absolute paths of the machine that made the environment, and its \
binaries run on that kind of machine only. Whoever checks it out finds a Python that does not start, often with \
somebody else's name in the path; and every installation is thousands of changed files. venv leaves a .gitignore that \
keeps git away from 3.13 on, as virtualenv and uv do; older releases leave none.",
        example: "\
$ git ls-files | head -2
.venv/bin/activate
.venv/pyvenv.cfg",
        fix: "Take the directory out of the repository, have git ignore it, and keep a list of requirements instead.",
        sources: &["python/cpython#83417", "YYuX-1145/Bert-VITS2-Integration-package#62"],
    },
];
