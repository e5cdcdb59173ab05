//! The catalogue of steps: every element that an explanation may have.

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
        /// is an error of the compiler and not a diagnosis that is silently lost.
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
    Which = "executable.which", Executable, "lookup on PATH",
        "execvp(3) of the C library, all versions", "execvp(3) of the C library, all versions",
        "A name without a slash is looked up in the directories of PATH, as a shell does, before Python runs at all.";
    Identify = "interpreter.identify", Executable, "interpreter",
        "venv-doctor itself: no Python asks this", "venv-doctor itself: no Python asks this",
        "The file behind the path is read, never run: which program it is, which version, what its build wrote into it, and whether the kernel and the dynamic loader could start it.";
    RedirectorCfg = "redirector.search", Executable, "pyvenv.cfg for the redirector",
        "PC/venvlauncher.c: calculate_pyvenvcfg_path (3.13 on); PC/launcher.c: process (3.7.2 to 3.12)", "PC/launcher.c: process, 3.7.2 on",
        "On Windows, python.exe of an environment is no Python but a redirector. It looks for pyvenv.cfg beside itself, then one directory above, and gives up where there is none.";
    RedirectorHome = "redirector.home", Executable, "home for the redirector",
        "PC/venvlauncher.c: find_home_value (3.13 on); PC/launcher.c: find_home_value (3.7.2 to 3.12)", "PC/launcher.c: find_home_value, 3.7.2 on",
        "The redirector has its own reader of pyvenv.cfg: the first home of all, wherever it stands, or else the next at the beginning of a line, in lower case, with an equals sign behind it.";
    RedirectorStart = "redirector.start", Executable, "start of the base interpreter",
        "PC/venvlauncher.c: locate_python, smuggle_path, launch (3.13 on); PC/launcher.c: process (3.7.2 to 3.12)", "PC/launcher.c: process, 3.7.2 on",
        "The redirector starts the interpreter of the same name in home, and names itself in __PYVENV_LAUNCHER__.";
    Stub = "redirector.stub", Executable, "stub of the framework",
        "Mac/Tools/pythonw.c, all versions", "Mac/Tools/pythonw.c, all versions",
        "In a macOS framework, bin/python3 is a stub: it starts the interpreter in Resources/Python.app and names itself in __PYVENV_LAUNCHER__, its directory with every link resolved, its own name as it is.";
    UnstartedCfg = "environment.cfg", Venv, "pyvenv.cfg of the environment",
        "venv-doctor itself: Python does not start, so it does not get this far", "venv-doctor itself: Python does not start, so it does not get this far",
        "Only where the interpreter cannot be executed: venv-doctor looks for pyvenv.cfg where that Python would look, and reads home, to show which interpreter the environment was made from.";
    UnstartedInterpreter = "environment.interpreter", Venv, "interpreter in home",
        "venv-doctor itself: Python does not start, so it does not get this far", "venv-doctor itself: Python does not start, so it does not get this far",
        "Only where the interpreter cannot be executed: venv-doctor looks whether the directory that home names exists, and whether an interpreter is in it.";
    Environment = "config.environment", Environment, "flags and variables",
        "Python/initconfig.c: config_read_env_vars, 3.8 on", "Python/initconfig.c (3.8 to 3.10), Modules/main.c (3.6, 3.7)",
        "Flags and PYTHON* variables decide what counts later: -E and -I switch the variables off, -s and PYTHONNOUSERSITE the user site, -S the site module, -P and PYTHONSAFEPATH the implicit first entry of sys.path.";
    Store = "config.store", Environment, "Windows Store",
        "PC/python_uwp.cpp, 3.8 on", "PC/python_uwp.cpp, 3.7.2 on",
        "The Store's python.exe fills in what Python would search otherwise: the package's directory as home, an alias in the user's directory as executable, and a user base within the package's own data.";
    Executable = "getpath.executable", Executable, "executable",
        "Modules/getpath.py: program_name and executable, 3.11 on", "Modules/getpath.c: calculate_program; PC/getpathp.c: get_program_full_path, up to 3.10",
        "The name by which Python was started becomes sys.executable: a path with a slash is made absolute, a bare name is looked up on PATH. Links are not followed: the link's own place counts.";
    Launcher = "getpath.executable.launcher", Executable, "launcher variables",
        "Modules/getpath.py: executable, 3.11 on", "PC/getpathp.c: get_program_full_path (Windows); Python/initconfig.c: config_init_program_name (macOS), up to 3.10",
        "PYTHONEXECUTABLE or __PYVENV_LAUNCHER__ replaces sys.executable, from 3.11 on on every system and also under -E and -I; the real executable is kept as base executable. Up to 3.10, the redirector of Windows and the stub of macOS frameworks are the only users.";
    Links = "getpath.links", Executable, "links of the executable",
        "Modules/getpath.py: real_executable; getpath.c: getpath_realpath, 3.11 on", "Modules/getpath.c: resolve_symlinks, up to 3.10",
        "The chain of links is followed from the executable, the last path component only; directories that are links are never resolved.";
    VenvSearch = "getpath.venv.search", Venv, "pyvenv.cfg",
        "Modules/getpath.py: READ pyvenv.cfg, 3.11 on", "Modules/getpath.c: calculate_open_pyenv; PC/getpathp.c: calculate_pyvenv_file, up to 3.10",
        "pyvenv.cfg is looked for. From 3.11 on: one directory above the unresolved executable first, then beside it. Up to 3.10: beside the resolved executable first, then one directory above, so that a linked interpreter never sees the environment's own file here.";
    VenvHome = "getpath.venv.home", Venv, "home of pyvenv.cfg",
        "Modules/getpath.py: READ pyvenv.cfg, 3.11 on", "Modules/getpath.c: calculate_read_pyenv; Python/fileutils.c or pathconfig.c: _Py_FindEnvConfigValue, up to 3.10",
        "The first line whose key is home gives the directory from which the standard library is searched upwards.";
    BaseExecutable = "getpath.venv.base-executable", Venv, "base executable",
        "Modules/getpath.py: READ pyvenv.cfg, 3.11 on", "not before 3.11",
        "The interpreter behind the environment becomes sys._base_executable: the end of the chain of links, or where there is no link, a file of the same name in home, or python3 or pythonX.Y there.";
    UnderPth = "getpath.underpth", Venv, "._pth file",
        "Modules/getpath.py: DETECT _pth FILE, 3.11 on", "PC/getpathp.c: get_pth_filename, up to 3.10; not on POSIX",
        "A file named like the library or the executable with ._pth behind it replaces the whole computation of sys.path and isolates Python.";
    BuildTree = "getpath.build-tree", Prefix, "build tree",
        "Modules/getpath.py: CHECK FOR BUILD DIRECTORY, 3.11 on", "Modules/getpath.c: search_for_prefix, up to 3.10",
        "pybuilddir.txt (and in older releases Modules/Setup.local) beside the executable, or in home, is the mark of a Python that was built but not installed.";
    PrefixHome = "getpath.prefix.home", Prefix, "prefix from PYTHONHOME or ._pth",
        "Modules/getpath.py: CALCULATE prefix, 3.11 on", "Modules/getpath.c: search_for_prefix; PC/getpathp.c: calculate_home_prefix, up to 3.10",
        "A home that was given is believed: prefix and exec prefix are taken from it and nothing is searched.";
    PrefixLibrary = "getpath.prefix.library", Prefix, "prefix beside the library",
        "Modules/getpath.py: CALCULATE prefix, 3.14 on (macOS frameworks and Windows: 3.11 on)", "not before 3.11",
        "Where Python lives in a shared library, the zip file of the standard library is searched upwards from it, then the standard library beside it.";
    PrefixZip = "getpath.prefix.zip", Prefix, "prefix by the zip file",
        "Modules/getpath.py: CALCULATE prefix, 3.11 on", "PC/getpathp.c: calculate_home_prefix, up to 3.10; not on POSIX",
        "The zip file of the standard library (lib/pythonXY.zip) is a landmark: the nearest directory upwards that has it becomes the prefix.";
    PrefixSearch = "getpath.prefix.search", Prefix, "prefix by the standard library",
        "Modules/getpath.py: CALCULATE prefix, 3.11 on", "Modules/getpath.c and PC/getpathp.c: search_for_prefix, up to 3.10",
        "lib/pythonX.Y/os.py, or os.pyc, is searched upwards; the root directory itself is never asked unless the search starts there.";
    PrefixCompiled = "getpath.prefix.compiled", Prefix, "prefix compiled into the binary",
        "Modules/getpath.py: CALCULATE prefix, 3.11 on", "Modules/getpath.c: search_for_prefix, up to 3.10",
        "Nothing was found: the prefix that the build wrote into the binary is the last resort. Python only complains where that has no standard library either.";
    PrefixPath = "getpath.prefix.path", Prefix, "prefix beside the entries of sys.path",
        "not from 3.11 on", "PC/getpathp.c: calculate_module_search_path, up to 3.10; not on POSIX",
        "Windows, where nothing else gave a prefix: the standard library is searched upwards from the parent of each entry of sys.path, the last entry first.";
    ExecPrefix = "getpath.exec-prefix", Prefix, "exec prefix",
        "Modules/getpath.py: CALCULATE exec_prefix, 3.11 on", "Modules/getpath.c: search_for_exec_prefix, up to 3.10",
        "lib/pythonX.Y/lib-dynload, where the extension modules lie, gives the exec prefix: from 3.14 on below the prefix first, then upwards from the executable or home, then the compiled-in one.";
    VenvPrefix = "getpath.venv.prefix", Prefix, "prefix of the environment",
        "Modules/getpath.py: CALCULATE prefix, 3.14 on", "not before 3.14",
        "The directory of pyvenv.cfg becomes sys.prefix and sys.exec_prefix, and what was found so far remains as base prefix.";
    Path = "getpath.path", Path, "first sys.path",
        "Modules/getpath.py: UPDATE pythonpath, 3.11 on", "Modules/getpath.c and PC/getpathp.c: calculate_module_search_path, up to 3.10",
        "PYTHONPATH, the zip file, the standard library and its extension modules make the first sys.path.";
    UnderPthPath = "getpath.underpth.path", Path, "sys.path from the ._pth file",
        "Modules/getpath.py: SET pythonpath FROM _PTH FILE, 3.11 on", "PC/getpathp.c: read_pth_file, up to 3.10; not on POSIX",
        "The lines of the ._pth file are the whole sys.path; import site switches the site module on.";
    MissingStdlib = "getpath.missing-stdlib", Path, "is the standard library there?",
        "Modules/getpath.py: SANITY CHECKS, 3.15 on", "not before 3.15",
        "Python looks whether the zip file or the standard library exists, and whether the extension modules do, and warns where not.";
    Encodings = "import.encodings", Path, "first import",
        "Python/codecs.c and Python/pylifecycle.c: init_fs_encoding, all versions", "Python/codecs.c and Python/pylifecycle.c: init_fs_encoding, all versions",
        "The package encodings is imported before any other code; without it Python dies.";
    Site = "site.import", Site, "site module",
        "Python/pylifecycle.c: init_import_site; frozen from 3.11 on", "Python/pylifecycle.c: init_import_site, up to 3.10",
        "The site module runs unless -S or a ._pth file forbids it. From 3.11 on it is frozen into the binary, so that site.py on disk is not what runs.";
    SiteDuplicates = "site.duplicates", Site, "duplicates",
        "Lib/site.py: removeduppaths, all versions", "Lib/site.py: removeduppaths, all versions",
        "Every entry of sys.path is made absolute, and entries that were there before are dropped; nobody asks whether they exist.";
    SiteVenvSearch = "site.venv.search", Site, "pyvenv.cfg, second reading",
        "Lib/site.py: venv, all versions", "Lib/site.py: venv, all versions",
        "site looks for pyvenv.cfg again, on its own: beside the unresolved executable first, then one directory above. It wants a regular file.";
    SiteVenvCfg = "site.venv.cfg", Site, "keys of pyvenv.cfg",
        "Lib/site.py: venv, all versions", "Lib/site.py: venv, all versions",
        "The whole file is decoded as UTF-8. The last home becomes sys._home; include-system-site-packages counts as true where it is missing, and as false where it is anything but true.";
    SiteVenvPrefix = "site.venv.prefix", Site, "prefix, second decision",
        "Lib/site.py: venv, all versions", "Lib/site.py: venv, all versions",
        "Up to 3.13 site moves sys.prefix and sys.exec_prefix into the environment. From 3.14 on it only warns where the path configuration decided otherwise.";
    SiteVenvPackages = "site.venv.packages", Site, "site-packages of the environment",
        "Lib/site.py: venv and addsitepackages, all versions", "Lib/site.py: venv and addsitepackages, all versions",
        "The environment's own site-packages come first.";
    SiteVenvSystem = "site.venv.system-site", Site, "does the environment see system packages?",
        "Lib/site.py: venv, all versions", "Lib/site.py: venv, all versions",
        "include-system-site-packages decides whether the base's site-packages are added later, and whether the user site may be.";
    SiteUserEnabled = "site.user.enabled", Site, "is the user site allowed?",
        "Lib/site.py: check_enableusersite, all versions", "Lib/site.py: check_enableusersite, all versions",
        "The user site is off under -s, -I and PYTHONNOUSERSITE, in an isolated environment, and for a process whose real and effective user or group differ.";
    SiteUser = "site.user", Site, "user site",
        "Lib/site.py: addusersitepackages, all versions", "Lib/site.py: addusersitepackages, all versions",
        "The user's own site-packages are computed always, and added where they are allowed and exist.";
    SitePackages = "site.packages", Site, "site-packages",
        "Lib/site.py: addsitepackages, all versions", "Lib/site.py: addsitepackages, all versions",
        "The site-packages of every prefix are added where they exist. Up to 3.14 an environment's own directory comes a second time, and its .pth files with it.";
    Pth = "site.pth", Pth, "path configuration file",
        "Lib/site.py: addpackage (3.15: StartupState), all versions", "Lib/site.py: addpackage, all versions",
        "Each line of a .pth file is a path to add, a comment, or code that begins with import and is run.";
    Start = "site.start", Pth, "startup configuration file",
        "Lib/site.py: StartupState, 3.15 on", "not before 3.15",
        "Each line of a .start file names a function that is called. A readable .start file suppresses the import lines of the .pth file of the same name.";
    FlushPaths = "site.batch.paths", Pth, "paths of the batch",
        "Lib/site.py: StartupState._extend_syspath, 3.15 on", "not before 3.15",
        "All directories and paths collected so far are put on sys.path at once; a path that does not exist is reported and skipped.";
    FlushImports = "site.batch.imports", Pth, "import lines of the batch",
        "Lib/site.py: StartupState._exec_imports, 3.15 on", "not before 3.15",
        "The import lines of all .pth files are run, after all paths have been added.";
    FlushEntryPoints = "site.batch.entry-points", Pth, "entry points of the batch",
        "Lib/site.py: StartupState._execute_start_entrypoints, 3.15 on", "not before 3.15",
        "The functions named in .start files are called, last of all.";
    Sitecustomize = "site.sitecustomize", Customize, "sitecustomize",
        "Lib/site.py: execsitecustomize, all versions", "Lib/site.py: execsitecustomize, all versions",
        "The module sitecustomize is imported where one is found; a missing one is silent.";
    Usercustomize = "site.usercustomize", Customize, "usercustomize",
        "Lib/site.py: execusercustomize, all versions", "Lib/site.py: execusercustomize, all versions",
        "The module usercustomize is imported where the user site is on; it is looked for on the whole of sys.path.";
    Launch = "config.path0", Path, "the implicit first entry",
        "Python/pathconfig.c: _PyPathConfig_ComputeSysPath0; Modules/main.c, all versions", "Python/pathconfig.c: _PyPathConfig_ComputeSysPath0; Modules/main.c, all versions",
        "What is run puts its own directory first, after the site module is done: the working directory, the script's directory, or the directory or zip file that is run.";
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
