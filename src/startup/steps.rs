//! The table of steps: every element that an explanation may have.

use super::record::Phase;

/// What a step is, wherever it occurs.
#[derive(Debug)]
pub struct StepInfo {
    /// The stable name.
    pub name: &'static str,
    /// The part of startup to which it belongs.
    pub phase: Phase,
    /// What it is about, in a few words.
    pub title: &'static str,
    /// The upstream file and function, with the versions for which they hold.
    pub source: &'static str,
    /// The same for 3.6 to 3.10, where the path configuration is written in C.
    pub legacy: &'static str,
    /// What Python does in this step, in whole sentences; the reference of steps is made from this.
    pub about: &'static str,
}

macro_rules! steps {
    ($($name:ident = $id:literal, $phase:ident, $title:literal, $source:literal, $legacy:literal, $about:literal;)+) => {
        /// Which element of an explanation a step is. A step is named by it wherever it occurs, so that a renamed one
        /// is a compile error and not a diagnosis that is lost without notice.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum StepId {
            $(#[doc = $about] $name,)+
        }

        impl StepId {
            /// Every step, in the order in which startup takes them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// What is known of the step before anything is resolved.
            pub const fn info(self) -> &'static StepInfo {
                match self {
                    $(Self::$name => const { &StepInfo {
                        name: $id, phase: Phase::$phase, title: $title, source: $source, legacy: $legacy, about: $about,
                    } },)+
                }
            }

            /// Whether Python never takes this step: venv-doctor reads on where no interpreter starts.
            pub const fn is_beyond_python(self) -> bool {
                matches!(self, Self::UnstartedCfg | Self::UnstartedInterpreter)
            }

            /// The stable name, such as `getpath.venv.home`.
            pub const fn name(self) -> &'static str {
                self.info().name
            }
        }
    };
}

steps! {
    Which = "executable.which", Executable, "search on PATH",
        "execvp(3) of the C library, all versions", "execvp(3) of the C library, all versions",
        "A name without a slash is searched for in the directories of PATH, as a shell does, before Python runs.";
    Identify = "interpreter.identify", Executable, "interpreter",
        "venv-doctor itself: no Python asks this", "venv-doctor itself: no Python asks this",
        "venv-doctor reads the file behind the path and never runs it. It determines which program the file is, which version it has, which values its build compiled in, and whether the operating system and the dynamic loader can start it.";
    CommandScript = "command.script", Executable, "first line of the script",
        "Linux fs/binfmt_script.c: load_script, 5.1 on", "Linux fs/binfmt_script.c: load_script, 5.1 on",
        "A file that begins with #! is a script. The kernel starts the program that its first line names, with the rest of the line as one argument and the path of the script as the next. The line may be 255 bytes long, and a script may name a script up to five times.";
    CommandEnv = "command.env", Executable, "env",
        "coreutils src/env.c", "coreutils src/env.c",
        "env sets and removes variables, and starts the first program of the name on PATH. With -S it splits its one argument into words.";
    CommandTrampoline = "command.trampoline", Executable, "second line of the script",
        "pip and distlib: ScriptMaker; uv: format_shebang; conda: python_entry_point", "pip and distlib: ScriptMaker; uv: format_shebang; conda: python_entry_point",
        "Where the path of a Python is too long for a first line or has a blank in it, installers write a script for /bin/sh. Its second line is a command to the shell and the beginning of a string to Python. Only the exact texts of installers are followed.";
    PyenvVersion = "command.pyenv.version", Executable, "version of pyenv",
        "pyenv libexec/pyenv-version-name, pyenv-version-file", "pyenv libexec/pyenv-version-name, pyenv-version-file",
        "A shim of pyenv takes the versions from PYENV_VERSION, else from the nearest .python-version, searched from the working directory upwards, else from the file version of its root.";
    PyenvWhich = "command.pyenv.which", Executable, "program of pyenv",
        "pyenv libexec/pyenv-which, pyenv-exec", "pyenv libexec/pyenv-which, pyenv-exec",
        "pyenv starts the program of the first chosen version that has one of that name, and at last the one on PATH without its own shims.";
    AsdfVersion = "command.asdf.version", Executable, "version of asdf",
        "asdf lib/utils.bash: find_versions", "asdf lib/utils.bash: find_versions",
        "A shim of asdf takes the versions from ASDF_PYTHON_VERSION, else from the nearest .tool-versions, searched from the working directory upwards and then at home. Where .asdfrc says so, .python-version counts as well.";
    AsdfWhich = "command.asdf.which", Executable, "program of asdf",
        "asdf lib/utils.bash: with_shim_executable", "asdf lib/utils.bash: with_shim_executable",
        "asdf starts the program of the first chosen version that has one of that name, and for the version system the one on PATH without its own shims.";
    MiseVersion = "command.mise.version", Executable, "version of mise",
        "mise src/config/mod.rs", "mise src/config/mod.rs",
        "A shim of mise takes the versions from MISE_PYTHON_VERSION, else from the nearest mise.toml, .mise.toml or .tool-versions, searched from the working directory upwards, else from the global configuration.";
    MiseWhich = "command.mise.which", Executable, "program of mise",
        "mise src/shims.rs", "mise src/shims.rs",
        "mise starts the program of the first chosen version that has one of that name, and otherwise the one on PATH without its own shims.";
    CommandLauncher = "command.launcher", Executable, "launcher of the script",
        "distlib PC/launcher.c: find_shebang, process; uv crates/uv-trampoline/src/bounce.rs; setuptools launcher.c", "distlib PC/launcher.c: find_shebang, process; uv crates/uv-trampoline/src/bounce.rs; setuptools launcher.c",
        "On Windows, installers make a program of a script. That of pip and distlib finds a #! line and a zip file behind itself, that of uv a path there or in its resources, and that of setuptools a script next to itself. Each starts the Python that is named there, with the script as its first argument.";
    RedirectorCfg = "redirector.search", Executable, "pyvenv.cfg of the redirector",
        "PC/venvlauncher.c: calculate_pyvenvcfg_path (3.13 on); PC/launcher.c: process (3.7.2 to 3.12)", "PC/launcher.c: process, 3.7.2 on",
        "On Windows, python.exe of a virtual environment is not a Python but a redirector. It looks for pyvenv.cfg next to itself, then one directory above, and fails if there is none.";
    RedirectorHome = "redirector.home", Executable, "home of the redirector",
        "PC/venvlauncher.c: find_home_value (3.13 on); PC/launcher.c: find_home_value (3.7.2 to 3.12)", "PC/launcher.c: find_home_value, 3.7.2 on",
        "The redirector has its own reader of pyvenv.cfg. It takes the first home anywhere in the file or, if no equals sign follows, the next one at the beginning of a line. The key must be in lower case.";
    RedirectorStart = "redirector.start", Executable, "start of the base interpreter",
        "PC/venvlauncher.c: locate_python, smuggle_path, launch (3.13 on); PC/launcher.c: process (3.7.2 to 3.12)", "PC/launcher.c: process, 3.7.2 on",
        "The redirector starts the interpreter of the same name in home, and passes its own path in __PYVENV_LAUNCHER__.";
    Stub = "redirector.stub", Executable, "stub of the framework",
        "Mac/Tools/pythonw.c, all versions", "Mac/Tools/pythonw.c, all versions",
        "In a macOS framework, bin/python3 is a stub. It starts the interpreter in Resources/Python.app and passes its own path in __PYVENV_LAUNCHER__: symlinks in its directory are resolved, its own name is unchanged.";
    UnstartedCfg = "environment.cfg", Venv, "pyvenv.cfg of the environment",
        "venv-doctor itself: Python does not start, so it does not get this far", "venv-doctor itself: Python does not start, so it does not get this far",
        "Only where the interpreter cannot be executed: venv-doctor looks for pyvenv.cfg where that Python would look, and reads home, to show which interpreter the environment was made from.";
    UnstartedInterpreter = "environment.interpreter", Venv, "interpreter in home",
        "venv-doctor itself: Python does not start, so it does not get this far", "venv-doctor itself: Python does not start, so it does not get this far",
        "Only where the interpreter cannot be executed: venv-doctor looks whether the directory that home names exists, and whether an interpreter is in it.";
    Environment = "config.environment", Environment, "flags and variables",
        "Python/initconfig.c: config_read_env_vars, 3.8 on", "Python/initconfig.c (3.8 to 3.10), Modules/main.c (3.6, 3.7)",
        "Flags and PYTHON* variables decide which later steps run. -E and -I switch the variables off, -s and PYTHONNOUSERSITE the user site, -S the site module, -P and PYTHONSAFEPATH the implicit first entry of sys.path.";
    StandardStreams = "config.streams", Environment, "standard streams",
        "Python/pylifecycle.c: init_stdio_encoding and init_sys_streams, 3.8 on", "Python/pylifecycle.c: init_sys_streams (initstdio up to 3.6), up to 3.10",
        "Only if PYTHONIOENCODING is set: its encoding is looked up in the package encodings, first among the aliases, then as a module. If there is none, or it does not encode text, Python fails to start.";
    Tracemalloc = "config.tracemalloc", Environment, "tracemalloc",
        "Python/pylifecycle.c: init_interp_main, 3.8 on", "Python/pylifecycle.c and Modules/_tracemalloc.c, up to 3.10",
        "PYTHONTRACEMALLOC or -X tracemalloc asks for more frames than tracemalloc can keep, and Python fails to start.";
    WarningFilters = "config.warnings", Environment, "warning filters",
        "Lib/warnings.py (Lib/_py_warnings.py from 3.14 on): _processoptions", "Lib/warnings.py: _processoptions, up to 3.10",
        "Only if PYTHONWARNINGS is set: each of its filters is read before site runs. Python prints those that it does not understand, and goes on.";
    StartupFile = "config.startup-file", Environment, "PYTHONSTARTUP",
        "Modules/main.c: pymain_run_startup, all versions", "Modules/main.c: pymain_run_startup (RunStartupFile up to 3.6), up to 3.10",
        "Only in an interactive session: the file that PYTHONSTARTUP names runs before the first prompt. If it cannot be opened, Python says so, and goes on.";
    Store = "config.store", Environment, "Windows Store",
        "PC/python_uwp.cpp, 3.8 on", "PC/python_uwp.cpp, 3.7.2 on",
        "python.exe of the Windows Store sets values that Python would otherwise search for: the directory of its package is the home, an alias in the user's directory is the executable, and the user base is in the package's own data.";
    Executable = "getpath.executable", Executable, "executable",
        "Modules/getpath.py: program_name and executable, 3.11 on", "Modules/getpath.c: calculate_program; PC/getpathp.c: get_program_full_path, up to 3.10",
        "The name by which Python was started becomes sys.executable. A path with a slash is made absolute; a bare name is searched for on PATH. Symlinks are not followed, so sys.executable is the path of the symlink.";
    Launcher = "getpath.executable.launcher", Executable, "launcher variables",
        "Modules/getpath.py: executable, 3.11 on", "PC/getpathp.c: get_program_full_path (Windows); Python/initconfig.c: config_init_program_name (macOS), up to 3.10",
        "PYTHONEXECUTABLE or __PYVENV_LAUNCHER__ replaces sys.executable, and the real executable stays the base executable. From 3.11 on, this applies on every system, even with -E and -I. Up to 3.10, only the redirector of Windows and the stub of macOS frameworks use these variables.";
    Links = "getpath.links", Executable, "symlinks of the executable",
        "Modules/getpath.py: real_executable; getpath.c: getpath_realpath, 3.11 on", "Modules/getpath.c: resolve_symlinks, up to 3.10",
        "Python follows the chain of symlinks from the executable. It resolves only the last component of each path, never a directory that is a symlink.";
    VenvSearch = "getpath.venv.search", Venv, "pyvenv.cfg",
        "Modules/getpath.py: READ pyvenv.cfg, 3.11 on", "Modules/getpath.c: calculate_open_pyenv; PC/getpathp.c: calculate_pyvenv_file, up to 3.10",
        "Python looks for pyvenv.cfg. From 3.11 on, it looks one directory above the unresolved executable first, then next to it. Up to 3.10, it looks next to the resolved executable first, then one directory above, so an interpreter that is a symlink never finds the file of its environment in this step.";
    VenvHome = "getpath.venv.home", Venv, "home of pyvenv.cfg",
        "Modules/getpath.py: READ pyvenv.cfg, 3.11 on", "Modules/getpath.c: calculate_read_pyenv; Python/fileutils.c or pathconfig.c: _Py_FindEnvConfigValue, up to 3.10",
        "The first line whose key is home names the directory from which the search for the standard library goes upwards.";
    BaseExecutable = "getpath.venv.base-executable", Venv, "base executable",
        "Modules/getpath.py: READ pyvenv.cfg, 3.11 on", "not before 3.11",
        "The interpreter behind the environment becomes sys._base_executable. It is the file that the chain of symlinks leads to. If the executable is not a symlink, it is the file of the same name in home, or python3 or pythonX.Y there.";
    UnderPth = "getpath.underpth", Venv, "._pth file",
        "Modules/getpath.py: DETECT _pth FILE, 3.11 on", "PC/getpathp.c: get_pth_filename, up to 3.10; not on POSIX",
        "A file that is named like the library or the executable, with the suffix ._pth, replaces the whole computation of sys.path and isolates Python.";
    BuildTree = "getpath.build-tree", Prefix, "build tree",
        "Modules/getpath.py: CHECK FOR BUILD DIRECTORY, 3.11 on", "Modules/getpath.c: search_for_prefix, up to 3.10",
        "pybuilddir.txt (in older releases also Modules/Setup.local) next to the executable, or in home, marks a Python that was built but not installed.";
    PrefixHome = "getpath.prefix.home", Prefix, "prefix from PYTHONHOME or ._pth",
        "Modules/getpath.py: CALCULATE prefix, 3.11 on", "Modules/getpath.c: search_for_prefix; PC/getpathp.c: calculate_home_prefix, up to 3.10",
        "PYTHONHOME or a ._pth file sets the home. The prefix and the exec prefix are taken from it, and Python searches for nothing.";
    PrefixLibrary = "getpath.prefix.library", Prefix, "prefix next to the library",
        "Modules/getpath.py: CALCULATE prefix, 3.14 on (macOS frameworks and Windows: 3.11 on)", "not before 3.11",
        "If Python is in a shared library, the zip file of the standard library is searched for from that library upwards, then the standard library next to it.";
    PrefixZip = "getpath.prefix.zip", Prefix, "prefix by the zip file",
        "Modules/getpath.py: CALCULATE prefix, 3.11 on", "PC/getpathp.c: calculate_home_prefix, up to 3.10; not on POSIX",
        "The zip file of the standard library (lib/pythonXY.zip) is a landmark: the nearest directory upwards that contains it becomes the prefix.";
    PrefixSearch = "getpath.prefix.search", Prefix, "prefix by the standard library",
        "Modules/getpath.py: CALCULATE prefix, 3.11 on", "Modules/getpath.c and PC/getpathp.c: search_for_prefix, up to 3.10",
        "lib/pythonX.Y/os.py, or os.pyc, is searched for upwards. The root directory itself is skipped unless the search starts there.";
    PrefixCompiled = "getpath.prefix.compiled", Prefix, "compiled-in prefix",
        "Modules/getpath.py: CALCULATE prefix, 3.11 on", "Modules/getpath.c: search_for_prefix, up to 3.10",
        "If the searches find nothing, Python uses the prefix that the build compiled into the binary. It prints a warning only if that prefix does not contain a standard library either.";
    PrefixPath = "getpath.prefix.path", Prefix, "prefix above the entries of sys.path",
        "not from 3.11 on", "PC/getpathp.c: calculate_module_search_path, up to 3.10; not on POSIX",
        "On Windows, if nothing else determined the prefix, the standard library is searched for upwards from the parent of each entry of sys.path, the last entry first.";
    ExecPrefix = "getpath.exec-prefix", Prefix, "exec prefix",
        "Modules/getpath.py: CALCULATE exec_prefix, 3.11 on", "Modules/getpath.c: search_for_exec_prefix, up to 3.10",
        "lib/pythonX.Y/lib-dynload, the directory of the extension modules, determines the exec prefix. It is searched for upwards from the executable or home (from 3.14 on, below the prefix first); if it is not found, the compiled-in exec prefix is used.";
    VenvPrefix = "getpath.venv.prefix", Prefix, "prefix of the environment",
        "Modules/getpath.py: CALCULATE prefix, 3.14 on", "not before 3.14",
        "The directory of pyvenv.cfg becomes sys.prefix and sys.exec_prefix, and the prefixes found so far become the base prefixes.";
    Path = "getpath.path", Path, "first sys.path",
        "Modules/getpath.py: UPDATE pythonpath, 3.11 on", "Modules/getpath.c and PC/getpathp.c: calculate_module_search_path, up to 3.10",
        "The first sys.path consists of PYTHONPATH, the zip file, the standard library and its extension modules.";
    UnderPthPath = "getpath.underpth.path", Path, "sys.path from the ._pth file",
        "Modules/getpath.py: SET pythonpath FROM _PTH FILE, 3.11 on", "PC/getpathp.c: read_pth_file, up to 3.10; not on POSIX",
        "The lines of the ._pth file are the whole sys.path. The line import site enables the site module.";
    MissingStdlib = "getpath.missing-stdlib", Path, "existence of the standard library",
        "Modules/getpath.py: SANITY CHECKS, 3.15 on", "not before 3.15",
        "Python looks whether the zip file or the standard library exists, and whether the extension modules do. It warns if they do not.";
    Encodings = "import.encodings", Path, "first import",
        "Python/codecs.c and Python/pylifecycle.c: init_fs_encoding, all versions", "Python/codecs.c and Python/pylifecycle.c: init_fs_encoding, all versions",
        "The package encodings is imported before any other code. Without it, Python fails to start.";
    StartupModules = "import.startup", Path, "modules that startup imports",
        "Python/pylifecycle.c: init_fs_encoding, init_sys_streams and init_import_site, all versions", "Python/pylifecycle.c: init_fs_encoding, init_sys_streams and init_import_site, all versions",
        "Only where one of them is missing, damaged or hidden: the modules that startup imports before the user's code. Up to 3.10 these are io, codecs, os and some ten more; from 3.11 on they are frozen into the binary, except for the package encodings.";
    Site = "site.import", Site, "site module",
        "Python/pylifecycle.c: init_import_site; frozen from 3.11 on", "Python/pylifecycle.c: init_import_site, up to 3.10",
        "The site module runs unless -S or a ._pth file prevents it. From 3.11 on, it is frozen into the binary, so site.py on disk is not used.";
    VirtualenvRealPrefix = "site.virtualenv.real-prefix", Site, "real prefix",
        "virtualenv_embedded/site.py: virtual_install_main_packages, virtualenv 12 to 16", "virtualenv_embedded/site.py: virtual_install_main_packages, virtualenv 12 to 16",
        "Only in an environment of virtualenv before 20, up to Python 3.10: its own site.py reads orig-prefix.txt, sets sys.real_prefix, and adds the standard library of that interpreter.";
    VirtualenvSystem = "site.virtualenv.system-site", Site, "system site-packages",
        "virtualenv_embedded/site.py: main, virtualenv 12 to 16", "virtualenv_embedded/site.py: main, virtualenv 12 to 16",
        "Only in an environment of virtualenv before 20: if no-global-site-packages.txt exists next to site.py, the packages of the base and the user site are not added.";
    VirtualenvPackages = "site.virtualenv.packages", Site, "site-packages of the environment",
        "virtualenv_embedded/site.py: addsitepackages, virtualenv 12 to 16", "virtualenv_embedded/site.py: addsitepackages, virtualenv 12 to 16",
        "Only in an environment of virtualenv before 20: site-packages, site-python and Debian's dist-packages below the prefix are added if they exist, also those below lib64 and local.";
    VirtualenvSystemPackages = "site.virtualenv.system-packages", Site, "site-packages of the real prefix",
        "virtualenv_embedded/site.py: virtual_addsitepackages, virtualenv 12 to 16", "virtualenv_embedded/site.py: virtual_addsitepackages, virtualenv 12 to 16",
        "Only in an environment of virtualenv before 20 that sees the packages of its base: the same directories below sys.real_prefix are added.";
    SiteDuplicates = "site.duplicates", Site, "duplicate entries of sys.path",
        "Lib/site.py: removeduppaths, all versions", "Lib/site.py: removeduppaths, all versions",
        "Every entry of sys.path is made absolute, and duplicates are removed. Python does not look whether the entries exist.";
    SiteVenvSearch = "site.venv.search", Site, "pyvenv.cfg in site",
        "Lib/site.py: venv, all versions", "Lib/site.py: venv, all versions",
        "The site module looks for pyvenv.cfg again: next to the unresolved executable first, then one directory above. It accepts only a regular file.";
    SiteVenvCfg = "site.venv.cfg", Site, "keys of pyvenv.cfg",
        "Lib/site.py: venv, all versions", "Lib/site.py: venv, all versions",
        "The whole file is decoded as UTF-8. The last home becomes sys._home. include-system-site-packages counts as true if it is missing, and as false if it has any value other than true.";
    SiteVenvPrefix = "site.venv.prefix", Site, "prefix in site",
        "Lib/site.py: venv, all versions", "Lib/site.py: venv, all versions",
        "Up to 3.13, the site module sets sys.prefix and sys.exec_prefix to the environment. From 3.14 on, it only warns if the path configuration set other values.";
    SiteVenvPackages = "site.venv.packages", Site, "site-packages of the environment",
        "Lib/site.py: venv and addsitepackages, all versions", "Lib/site.py: venv and addsitepackages, all versions",
        "The environment's own site-packages are added first.";
    SiteVenvSystem = "site.venv.system-site", Site, "system site-packages",
        "Lib/site.py: venv, all versions", "Lib/site.py: venv, all versions",
        "include-system-site-packages decides whether the site-packages of the base are added later, and whether the user site may be added.";
    SiteUserEnabled = "site.user.enabled", Site, "user site: on or off",
        "Lib/site.py: check_enableusersite, all versions", "Lib/site.py: check_enableusersite, all versions",
        "The user site is off with -s, -I or PYTHONNOUSERSITE, in an environment that does not see system packages, and in a process whose real and effective user or group differ.";
    SiteUser = "site.user", Site, "user site",
        "Lib/site.py: addusersitepackages, all versions", "Lib/site.py: addusersitepackages, all versions",
        "The path of the user's own site-packages is always computed. The directory is added if the user site is on and the directory exists.";
    SitePackages = "site.packages", Site, "site-packages",
        "Lib/site.py: addsitepackages, all versions", "Lib/site.py: addsitepackages, all versions",
        "The site-packages of every prefix are added if they exist. Up to 3.14, an environment's own directory is processed a second time, together with its .pth files.";
    Pth = "site.pth", Pth, ".pth file",
        "Lib/site.py: addpackage (3.15: StartupState), all versions", "Lib/site.py: addpackage, all versions",
        "Each line of a .pth file is a path to add, a comment, or code that begins with import and is run.";
    Start = "site.start", Pth, ".start file",
        "Lib/site.py: StartupState, 3.15 on", "not before 3.15",
        "Each line of a .start file names a function to call. A readable .start file suppresses the import lines of the .pth file of the same name.";
    FlushPaths = "site.batch.paths", Pth, "paths of the batch",
        "Lib/site.py: StartupState._extend_syspath, 3.15 on", "not before 3.15",
        "All directories and paths collected so far are added to sys.path at once. A path that does not exist is reported and skipped.";
    FlushImports = "site.batch.imports", Pth, "import lines of the batch",
        "Lib/site.py: StartupState._exec_imports, 3.15 on", "not before 3.15",
        "The import lines of all .pth files run after all paths have been added.";
    FlushEntryPoints = "site.batch.entry-points", Pth, "entry points of the batch",
        "Lib/site.py: StartupState._execute_start_entrypoints, 3.15 on", "not before 3.15",
        "The functions that .start files name are called after everything else.";
    Sitecustomize = "site.sitecustomize", Customize, "sitecustomize",
        "Lib/site.py: execsitecustomize, all versions", "Lib/site.py: execsitecustomize, all versions",
        "The module sitecustomize is imported if it exists. If it does not, Python prints nothing.";
    Usercustomize = "site.usercustomize", Customize, "usercustomize",
        "Lib/site.py: execusercustomize, all versions", "Lib/site.py: execusercustomize, all versions",
        "The module usercustomize is imported if the user site is on. It is searched for on the whole sys.path.";
    Launch = "config.path0", Path, "implicit first entry",
        "Python/pathconfig.c: _PyPathConfig_ComputeSysPath0; Modules/main.c, all versions", "Python/pathconfig.c: _PyPathConfig_ComputeSysPath0; Modules/main.c, all versions",
        "After the site module, Python puts the directory of what it runs at the front of sys.path: the working directory, the script's directory, or the directory or zip file that is run.";
    LaunchModules = "import.launch", Path, "modules that the launch imports",
        "Modules/main.c: pymain_run_module; Python/pythonrun.c, all versions", "Modules/main.c: pymain_run_module, up to 3.10",
        "Only where one of them is missing, damaged or hidden: the modules that Python imports after the first entry of sys.path is in place and before the user's code. With -m, and for a directory or zip file, these are runpy and what it imports; with -c and in interactive sessions, linecache in 3.13 and 3.14.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_documented() {
        for (index, step) in StepId::ALL.iter().enumerate() {
            let later = &StepId::ALL[index + 1..];
            assert!(later.iter().all(|other| other.name() != step.name()), "{} twice", step.name());
            assert!(step.info().about.ends_with('.') && !step.info().title.is_empty(), "{}", step.name());
        }
    }
}
