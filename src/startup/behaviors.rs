//! The one table of behaviors that changed between releases.
//!
//! The algorithms ask [`Behaviors::has`] by name; no other file compares versions, and a test holds that. A behavior
//! that was backported lists the first release of each branch that has it.

use std::cell::RefCell;

use crate::interpreter::{Level, Version};

/// The oldest minor version whose startup is simulated.
const OLDEST: Version = v(6, 0);

/// Whether the startup of that version of CPython is simulated.
pub fn is_simulated(version: Version) -> bool {
    version.major == OLDEST.major && version.minor >= OLDEST.minor
}

/// Whether the startup of a `PyPy` of that version of Python is simulated.
pub fn is_simulated_in_pypy(version: Version) -> bool {
    (9..=11).contains(&version.minor)
}

/// The newest minor version in the table below.
const NEWEST: u8 = 15;

/// The minor version whose behavior is taken for that of a version of CPython that is newer than the table; none where the
/// version is known.
pub fn stand_in(version: Version) -> Option<Version> {
    (version.minor > NEWEST).then_some(Version { minor: NEWEST, micro: None, ..version })
}

/// What holds for every `PyPy`, whatever its version of Python says.
fn in_pypy(behavior: Behavior) -> Option<bool> {
    match behavior {
        // Flags are set by any text, `site` is always a file, and the paths are computed in another way.
        Behavior::IntegerFlags
        | Behavior::FrozenSite
        | Behavior::GetpathInPython
        | Behavior::LocaleCoercion
        | Behavior::LocaleIgnoresUtf8Mode => Some(false),
        Behavior::DebianIgnoresVirtualEnv => Some(true),
        _ => None,
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The behavior.
    pub behavior: Behavior,
    /// The upstream issue, such as `bpo-45582` or `gh-126985`, or the upstream file where no issue is known.
    pub issue: &'static str,
    /// The first release of each branch that has it, the oldest branch first; later branches all have it.
    pub since: &'static [Version],
    /// What Python does since then, in words.
    pub effect: &'static str,
}

const fn a(minor: u8, micro: u8, serial: u8) -> Version {
    Version::pre(minor, micro, Level::Alpha, serial)
}

const fn b(minor: u8, micro: u8, serial: u8) -> Version {
    Version::pre(minor, micro, Level::Beta, serial)
}

const fn rc(minor: u8, micro: u8, serial: u8) -> Version {
    Version::pre(minor, micro, Level::Candidate, serial)
}

const fn v(minor: u8, micro: u8) -> Version {
    Version::new(3, minor, micro)
}

macro_rules! behaviors {
    ($($name:ident, $issue:literal, [$($since:expr),+], $effect:literal;)+) => {
        /// A behavior that some releases have and others do not.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Behavior {
            $(#[doc = $effect] $name,)+
        }

        /// Every behavior, roughly in the order of the releases that brought it.
        pub const BEHAVIORS: &[Row] = &[$(Row {
            behavior: Behavior::$name, issue: $issue, since: &[$($since),+], effect: $effect,
        },)+];
    };
}

behaviors! {
    UnderPthBlankLines, "bpo-29326", [rc(6, 1, 1)],
        "Windows: blank lines of a `._pth` file are skipped";
    WindowsCleanExecutable, "bpo-32457", [rc(6, 5, 1), b(7, 0, 2)],
        "Windows: `.` and `..` are removed from the path of the executable";
    UserSiteWithoutSysconfig, "bpo-29585", [a(7, 0, 1)],
        "`site` joins the user site to the user base as text; before, `sysconfig` also normalized it and expanded `~`";
    AppleSiteDirDropped, "bpo-28440", [b(7, 0, 1)],
        "macOS: framework builds no longer use site-packages below `/Library`";
    DevelopmentMode, "bpo-32101", [a(7, 0, 3)],
        "PYTHONDEVMODE switches the development mode on";
    ModuleLaunchCwd, "bpo-33053", [b(7, 0, 3)],
        "`-m` puts the working directory on sys.path; before, it put an empty string there";
    AsyncKeywords, "bpo-30406", [v(7, 0)],
        "`async` and `await` are keywords";
    HomeWithAnyBytes, "bpo-32030", [v(7, 0)],
        "PYTHONHOME may contain bytes that the locale cannot decode; before, Python then ignores it";
    EmptyHomeIgnored, "bpo-32030", [v(7, 0)],
        "an empty PYTHONHOME is ignored; before, it was a fatal error";
    LocaleCoercion, "PEP 538", [v(7, 0)],
        "the C locale is coerced to UTF-8";
    IntegerFlags, "bpo-32030", [v(7, 0)],
        "PYTHONNOUSERSITE and similar variables are read as integers, so that 0 is off; before, any text was on";
    FatalErrorNamesFunction, "bpo-32030", [v(7, 0)],
        "a fatal error during initialization names the C function that failed";
    FirstOptionCounts, "bpo-32030", [v(7, 0)],
        "if a `-X` option is given twice, the first counts; before, the last did";
    CoreConfiguration, "bpo-32030", [v(7, 0)],
        "variables and options are read into one configuration before any path is computed";
    IsolatedIgnoresAllVariables, "bpo-32030", [v(7, 0)],
        "`-I` also covers PYTHONHASHSEED and PYTHONMALLOC; before, only `-E` did";
    Utf8Mode, "PEP 540", [v(7, 0)],
        "PYTHONUTF8 and `-X utf8` switch the UTF-8 mode on and off, and the C locale switches it on";
    ImportTimes, "bpo-31415", [v(7, 0)],
        "PYTHONPROFILEIMPORTTIME and `-X importtime` print how long each import takes";
    DefaultAllocator, "bpo-32096", [v(7, 0)],
        "PYTHONMALLOC may be `default`";
    CategoryLookedUp, "Lib/warnings.py", [v(7, 0)],
        "the category of a filter of warnings is looked up among the built-in names; before, it was evaluated";
    SiteFailureIsFatal, "bpo-32030", [v(7, 0)],
        "an error during the import of `site` is reported as a fatal error";
    AbcInC, "bpo-31333", [a(7, 0, 4)],
        "`abc` is written in C and no longer imports `_weakrefset`";
    ImportErrorNamesFile, "bpo-29546", [v(7, 0)],
        "an ImportError about a missing name says in which file it is missing";
    PathLikeChecksMethods, "Lib/os.py", [v(7, 0)],
        "`os` needs `_check_methods` of `_collections_abc` first";
    TypesWithoutFunctools, "Lib/types.py", [v(7, 0)],
        "`types` no longer imports `functools`, which imports less itself";
    BytecodeFlags, "PEP 552", [a(7, 0, 4)],
        "the header of compiled modules has flags, which say how the file is compared with its source";
    CachePrefix, "bpo-33499", [a(8, 0, 1)],
        "PYTHONPYCACHEPREFIX and `-X pycache_prefix` name a directory for all compiled modules";
    WindowsLauncher, "bpo-34977", [v(7, 2), a(8, 0, 1)],
        "Windows: `python.exe` of an environment is a redirector, which passes its own path in `__PYVENV_LAUNCHER__`";
    LauncherBase, "bpo-35872", [v(7, 3), a(8, 0, 2)],
        "Windows and macOS: a Python that a launcher started has sys._base_executable";
    WindowsBaseExecutable, "bpo-37369", [v(7, 4), b(8, 0, 2)],
        "Windows: every Python has sys._base_executable";
    RemovedCwdSkipped, "bpo-36236", [v(7, 4), a(8, 0, 3)],
        "`-m` in a working directory that has been removed puts nothing on sys.path";
    RuntimeStateLine, "bpo-36763", [v(8, 0)],
        "a fatal error is followed by a line with the state of the runtime";
    Preconfiguration, "PEP 587", [v(8, 0)],
        "what decides how everything else is read (UTF-8 mode, memory allocator) is read first";
    StdioEncodingLookedUp, "PEP 587", [v(8, 0)],
        "the encoding of PYTHONIOENCODING is looked up before the standard streams are made";
    TracemallocZero, "bpo-34247", [v(8, 0)],
        "PYTHONTRACEMALLOC may be 0; before, it had to be at least 1";
    WarningFiltersOnce, "PEP 587", [v(8, 0)],
        "a filter that PYTHONWARNINGS holds twice counts once";
    IntMaxStrDigits, "gh-95778", [v(7, 14), v(8, 14), v(9, 14), v(10, 7), v(11, 0)],
        "PYTHONINTMAXSTRDIGITS and `-X int_max_str_digits` limit the conversion of numbers";
    FilesystemCodecText, "Python/pylifecycle.c", [v(8, 0)],
        "the fatal error for a missing `encodings` names the codec of the filesystem encoding; before, it named the locale's encoding";
    BootlocaleOnlyForFiles, "Modules/_io/textio.c", [v(8, 0)],
        "`_bootlocale` is imported only where a text file is opened; before, the standard streams needed it";
    OpenCode, "PEP 578", [a(8, 0, 1)],
        "`io` takes `open_code` from its module in C";
    ContextlibNeedsMethodType, "Lib/contextlib.py", [v(8, 0)],
        "`contextlib` needs `MethodType` of `types`";
    SiteFunctionRenamed, "Python/pylifecycle.c", [v(8, 0)],
        "the fatal error for a failing `site` names init_import_size (misspelled upstream); before, initsite";
    BackslashNeedsLine, "bpo-33899", [v(8, 0)],
        "a backslash that is the last character of code is a syntax error; before, it was ignored";
    ZipImportInPython, "bpo-25711", [v(8, 0)],
        "`zipimport` is written in Python and refuses sources with a NUL byte; before, it reads them up to that byte";
    AssignmentExpressions, "PEP 572", [v(8, 0)],
        "the grammar has `:=` and, in parameters, `/`";
    SetupLocalLandmark, "bpo-32430", [a(8, 0, 1)],
        "a build tree is recognized by `Modules/Setup.local`, no longer by `Modules/Setup`";
    PositionalOnlyInCode, "PEP 570", [a(8, 0, 4)],
        "code objects have a number of positional-only parameters";
    NulPathMissing, "bpo-33721", [a(8, 0, 1)],
        "a path with a NUL byte counts as missing; before, looking it up was an error";
    WindowsIgnoresHome, "bpo-36264", [a(8, 0, 4)],
        "Windows: `expanduser` no longer uses HOME";
    LauncherVariableCleared, "bpo-22490", [rc(7, 8, 1), rc(8, 3, 1), a(9, 0, 5)],
        "macOS: a framework build removes `__PYVENV_LAUNCHER__` from the environment before `site` can see it";
    LibraryUnderPthLost, "bpo-29778", [v(8, 4), b(9, 0, 4)],
        "Windows: the `._pth` file next to the library is overlooked";
    FinderPathsAbsolute, "bpo-43105", [v(8, 10), v(9, 5), b(10, 0, 1)],
        "the paths of directories that are searched for modules are made absolute, which fails in a removed working directory";
    FinderKnowsRoots, "bpo-43105", [v(9, 5), b(10, 0, 1)],
        "Windows: for the search of modules, an entry of sys.path with a root and without a drive is on the current drive; before, 3.8.10 and later put it below the working directory";
    LibraryUnderPthRestored, "bpo-41304", [v(8, 5), b(9, 0, 5)],
        "Windows: the `._pth` file next to the library counts again";
    BaseExecutable, "PEP 587", [v(8, 0)],
        "sys._base_executable exists on POSIX";
    ConfigurationDump, "bpo-38236", [rc(8, 0, 1), a(9, 0, 1)],
        "Python prints its path configuration when `encodings` cannot be imported";
    TracemallocLimit, "bpo-37961", [v(9, 0)],
        "tracemalloc cannot be started with more than 65535 frames";
    ErrorHandlersChecked, "bpo-37388", [v(9, 0)],
        "the development mode looks error handlers up";
    AsciiEncodingNames, "bpo-39337", [v(9, 0)],
        "characters beyond ASCII in the name of an encoding are skipped";
    SiteFunctionCorrected, "Python/pylifecycle.c", [v(9, 0)],
        "the fatal error for a failing `site` names init_import_site";
    ImportlibNeedsTyping, "bpo-39791", [v(9, 0)],
        "what `-m` needs of `importlib` imports `typing`";
    OpenSetAfterStreams, "Python/pylifecycle.c", [v(9, 0)],
        "the standard streams are made before `open` becomes a built-in function";
    GenericAliases, "PEP 585", [v(9, 0)],
        "`functools` and other modules need `GenericAlias` of `types`, and `collections` needs `eq` of `operator` first";
    BuilddirOpened, "bpo-38353", [a(9, 0, 1)],
        "`pybuilddir.txt` is opened without a prior lookup; before, it had to be a regular file";
    LinkLimit, "bpo-38353", [a(9, 0, 1)],
        "a chain of 40 symlinks is too long; before, a loop of symlinks was followed forever";
    ScriptPathAbsolute, "bpo-20443", [a(9, 0, 1)],
        "a directory or zip file that is run is on sys.path as an absolute path";
    Platlibdir, "bpo-1294959", [a(9, 0, 5)],
        "sys.platlibdir exists, and site-packages is looked for below it and below `lib`";
    RegistryObeysFlags, "bpo-8901", [a(9, 0, 6)],
        "Windows: with `-E` or `-I`, the registry is not read";
    PlatlibdirVariable, "bpo-40854", [b(9, 0, 2)],
        "PYTHONPLATLIBDIR replaces the platform library directory";
    DebianIgnoresVirtualEnv, "Debian", [v(10, 0)],
        "Debian's `site` no longer uses VIRTUAL_ENV";
    WinverInUserSite, "bpo-41627", [a(10, 0, 1)],
        "Windows: the user site is named after sys.winver, for example PythonXY-32 in 32-bit builds";
    PthBlankLines, "bpo-33689", [a(10, 0, 1)],
        "blank lines of `.pth` files are skipped";
    StreamsWithoutLatin1, "bpo-42208", [v(10, 0)],
        "the standard streams need neither `_bootlocale` nor the codec `latin_1`";
    TextEncoding, "PEP 597", [v(10, 0)],
        "`io` takes `text_encoding` from its module in C";
    PathConfigAfterCore, "bpo-42260", [v(10, 0)],
        "the path configuration is computed after the first imports, those that need no path";
    RunpyWithoutPkgutil, "Lib/runpy.py", [v(10, 0)],
        "`runpy` no longer imports `pkgutil`, and neither what that imports";
    ZipImportSaysWhy, "PEP 451", [v(10, 0)],
        "`zipimport` says why it cannot load compiled code; before, it says that there is no such module";
    MuslSuffix, "bpo-43112", [a(10, 0, 1)],
        "the suffix of extension modules says musl in builds for musl, so that gnu in it is reliable; before, such builds said gnu too";
    WarnDefaultEncoding, "bpo-43510", [a(10, 0, 7)],
        "PYTHONWARNDEFAULTENCODING switches on a warning about `open` without an encoding";
    RedirectorQuotes, "bpo-46686", [v(9, 11), v(10, 3), a(11, 0, 6)],
        "Windows: the venv redirector puts the path of the interpreter into quotes, so that it may contain spaces, and ends the text of `home`; before, it did so only where it appended a backslash";
    PypyPathsUtf8, "PyPy", [v(11, 0)],
        "PyPy: paths are UTF-8 in the C locale, too; before, they are ASCII; observed in PyPy 7.3.11 (3.9) and 8.0.1 (3.11)";
    PypyCodecsOnPythonPath, "PyPy", [v(11, 0)],
        "PyPy: the codecs are imported with PYTHONPATH, and looked up once more before, where an ImportError is printed; observed in PyPy 7.3.11 (3.9) and 8.0.1 (3.11)";
    PypyLocaleChecked, "PyPy", [v(11, 0)],
        "PyPy: a locale that is not installed is a fatal error; observed in PyPy 8.0.1 (3.11)";
    StdlibDir, "bpo-45211", [a(11, 0, 1)],
        "sys._stdlib_dir exists";
    FrozenSite, "bpo-45020", [a(11, 0, 1)],
        "`site` and the modules that it needs are frozen into the binary; their files on disk are not read";
    LocalsPlusInCode, "bpo-43693", [a(11, 0, 1)],
        "compiled modules hold the names of all local variables in one list";
    SourceHashSipHash13, "bpo-29410", [a(11, 0, 2)],
        "hash-based compiled modules use SipHash-1-3; before, SipHash-2-4";
    DotIsCwd, "bpo-45582", [a(11, 0, 3)],
        "running the directory `.` puts the working directory on sys.path, without a final dot";
    AbsoluteScriptKept, "bpo-45582", [a(11, 0, 3)],
        "Windows: a directory or zip file that is run under an absolute path is on sys.path as written; before, normalized";
    GetpathInPython, "bpo-45582", [a(11, 0, 3)],
        "`getpath.py` computes the path configuration: it looks for `pyvenv.cfg` one directory above the unresolved executable, then next to it";
    LocaleIgnoresUtf8Mode, "bpo-47000", [v(11, 0)],
        "`encoding=\"locale\"` means the locale's encoding even in UTF-8 mode";
    CapitalLib, "bpo-45582", [v(11, 0)],
        "Windows: the path of site-packages contains `Lib`; before, `lib`";
    SafePath, "gh-57684", [b(11, 0, 1)],
        "`-P` and PYTHONSAFEPATH keep the implicit first entry off sys.path, and `-I` implies them";
    TracemallocStart, "gh-101520", [v(12, 0)],
        "the fatal error for too many frames says \"can't start tracemalloc\"; before, \"can't initialize tracemalloc\"";
    MatchStatement, "PEP 634", [v(10, 0)],
        "the grammar has the statement `match`";
    StarIndex, "PEP 646", [v(11, 0)],
        "the grammar has `a[*b]` and `except*`";
    NestedFStringQuotes, "PEP 701", [v(12, 0)],
        "f-strings may contain quotes of every kind in their fields; the grammar has `type X = …` and type parameters";
    ImportlibUtilAlone, "Lib/importlib/util.py", [v(12, 0)],
        "`importlib.util` no longer imports `contextlib`, and neither what that imports";
    LazyCfgSearch, "bpo-45582", [v(12, 0)],
        "`site` looks for a second `pyvenv.cfg` only if the first is missing";
    VenvWithoutSetuptools, "gh-95299", [b(12, 0, 1)],
        "`venv` no longer installs setuptools";
    LandmarkPermission, "gh-96005", [v(11, 1), a(12, 0, 1)],
        "a landmark file that may not be read is skipped";
    BaseExecutableNames, "gh-99204", [v(11, 1), a(12, 0, 2)],
        "the base executable may be named `python3` or `pythonX.Y`";
    MissingDllsReplaced, "gh-98790", [v(11, 1), a(12, 0, 2)],
        "Windows: the prefix takes the place of a missing `DLLs` directory";
    ExecPrefixIsPrefix, "gh-100320", [v(11, 2), a(12, 0, 5)],
        "Windows: exec_prefix is always prefix; before, it was the executable's directory if that contained `DLLs`";
    RegistryCoreKeyLast, "gh-101543", [v(11, 2), a(12, 0, 5)],
        "Windows: the registry's core key counts only if no standard library was found";
    HiddenPthSkipped, "gh-113659", [v(8, 19), v(9, 19), v(10, 14), v(11, 8), v(12, 2), a(13, 0, 3)],
        "`.pth` files that are hidden, or whose names begin with a dot, are skipped";
    FirstEntryInDump, "gh-109853", [a(13, 0, 1)],
        "the printed path configuration has a line for sys.path[0]";
    VenvIgnoresItself, "gh-108125", [a(13, 0, 2)],
        "`venv` writes a `.gitignore` into the environment that has git ignore all of it";
    IgnoredInRunningGetpath, "gh-108082", [a(13, 0, 2)],
        "an exception in `getpath.py` is announced as \"Exception ignored in running getpath\"; before, as \"Exception ignored error evaluating path\"";
    WindowsRealpath, "gh-86179", [a(13, 0, 3)],
        "Windows: symlinks to the executable are resolved";
    NothingToResolve, "gh-86179", [a(13, 0, 3)],
        "no symlink is read if no executable is known";
    OwnVenvLauncher, "gh-112984", [a(13, 0, 4)],
        "Windows: the venv redirector is a separate program, with other messages and its own reader of `home`";
    LauncherBaseIsFile, "gh-112984", [a(13, 0, 4)],
        "the base executable of a Python that a launcher started is the file that runs; before, the name by which it was started";
    PthUtf8, "gh-77102", [v(12, 4), b(13, 0, 1)],
        "`.pth` files are read as UTF-8 first, may begin with a byte-order mark, and are split at every line end that Unicode knows";
    ThreadSuffix, "gh-121103", [b(13, 0, 4)],
        "free-threaded builds use directories named `pythonX.Yt`";
    GilSetting, "PEP 703", [v(13, 0)],
        "PYTHON_GIL and `-X gil` are read";
    CpuCount, "gh-109595", [v(13, 0)],
        "PYTHON_CPU_COUNT and `-X cpu_count` are read";
    FrozenModulesVariable, "gh-111374", [v(13, 0)],
        "PYTHON_FROZEN_MODULES is read";
    Mimalloc, "gh-90815", [v(13, 0)],
        "PYTHONMALLOC may be `mimalloc` or `mimalloc_debug`";
    EncodingsFatalText, "gh-111374", [v(13, 0)],
        "the fatal error for a missing `encodings` says \"Failed to import encodings module\"";
    ShadowingAdvice, "gh-95754", [v(13, 0)],
        "an error about a missing name recommends renaming a file next to the script that hides a module";
    LinecacheAtLaunch, "Python/pythonrun.c", [v(13, 0)],
        "`-c` and interactive sessions import `linecache` after sys.path[0] is in place";
    ImportlibWithoutWarnings, "Lib/importlib/__init__.py", [v(13, 0)],
        "`importlib` no longer imports `warnings`";
    ConfigurationDumpLost, "gh-151253", [v(13, 0)],
        "Python does not print its path configuration when `encodings` cannot be imported";
    ConfigurationDumpRestored, "gh-151253", [v(13, 15), v(14, 7), b(15, 0, 3)],
        "Python prints its path configuration again when `encodings` cannot be imported";
    VenvPrefixInGetpath, "gh-126985", [a(14, 0, 3)],
        "`getpath.py` sets the prefix of a virtual environment, even with `-S` and PYTHONHOME; `site` only warns if it expected another";
    RealpathMessage, "gh-127970", [a(14, 0, 4)],
        "the warning about an executable that cannot be resolved names that executable; before, it named the base executable";
    LibraryEverywhere, "gh-127970", [a(14, 0, 4)],
        "the location of libpython counts on every system";
    ExecPrefixPrefersPrefix, "gh-66409", [a(14, 0, 4)],
        "exec_prefix is prefix if that contains `lib-dynload`";
    IgnoredWhileRunningGetpath, "gh-129354", [a(14, 0, 5)],
        "an exception in `getpath.py` is announced as \"Exception ignored while running getpath\"";
    ContextSettings, "gh-128639", [v(14, 0)],
        "PYTHON_THREAD_INHERIT_CONTEXT, PYTHON_CONTEXT_AWARE_WARNINGS and their options are read";
    ImportTimeNumbers, "gh-118655", [v(14, 0)],
        "PYTHONPROFILEIMPORTTIME and `-X importtime` accept no numbers but 0, 1 and 2";
    FrozenModulesReadTwice, "Python/import.c", [v(14, 0)],
        "every `-X frozen_modules` is checked, not only the first, and the last counts";
    StreamsWithoutIo, "Python/pylifecycle.c", [v(14, 0)],
        "the standard streams no longer need the modules `io` and `abc`";
    JythonOptionUnknown, "Python/getopt.c", [v(14, 0)],
        "`-J` is an unknown option like others; before, it is reserved for Jython. Messages about long options begin with a capital letter";
    NotTextEncodingShort, "gh-131178", [v(14, 0)],
        "the error about an encoding that is not for text no longer recommends codecs.open()";
    TemplateStrings, "PEP 750", [v(14, 0)],
        "the grammar has template strings, and `except` with commas";
    HomelessCfgAnchors, "gh-135773", [v(14, 0)],
        "a `pyvenv.cfg` without `home` marks a virtual environment for `getpath.py`, too";
    ZipDirectoriesInferred, "gh-59110", [v(14, 0)],
        "`zipimport` finds directories of a zip file that have no record of their own";
    NamedThreads, "gh-59705", [v(14, 0)],
        "the thread line of a fatal error contains the name of the thread";
    RunpyMessageNamesFunction, "Modules/main.c", [v(14, 0)],
        "the message about a failing `runpy` names the function _run_module_as_main";
    TypingWithoutModules, "gh-92871", [v(13, 0)],
        "`typing` no longer puts objects named `typing.io` and `typing.re` into sys.modules";
    CaseVariableIgnored, "Lib/importlib/_bootstrap_external.py", [v(12, 0)],
        "PYTHONCASEOK is ignored with `-E` and `-I`";
    SiteImportsErrno, "Lib/site.py", [v(13, 1), v(14, 0)],
        "`site` imports `errno`; observed in 3.13.15 and not in 3.13.0, so that a release between may be the first";
    LinecacheTakesCode, "gh-129098", [v(13, 4), v(14, 0)],
        "`linecache` is given a code object for the code of `-c`; before, a name, with which a later `linecache` fails";
    LoneDotDropped, "no issue found", [v(13, 15), v(14, 8), v(15, 0)],
        "the path configuration normalizes a lone dot to nothing; observed in these releases and not in 3.13.0, so that an earlier release may be the first";
    SetupLocalIgnored, "gh-151544", [v(11, 16), v(12, 14), v(13, 15), v(14, 7), b(15, 0, 3)],
        "`Modules/Setup.local` no longer marks a build tree";
    UnderPthNoUserSite, "gh-120037", [a(15, 0, 1)],
        "a `._pth` file switches the user site off";
    NormalizedCodecNames, "Python/codecs.c", [v(15, 0)],
        "the error about an unknown encoding has its normalized name";
    EncodingsNormalizedInC, "Lib/encodings/__init__.py", [v(15, 0)],
        "`encodings` takes `_normalize_encoding` from `_codecs`";
    LinecacheFrozen, "Python/frozen.c", [v(15, 0)],
        "`linecache` is frozen into the binary";
    MissingStdlibWarning, "gh-145273", [a(15, 0, 7)],
        "Python warns about a missing standard library";
    MetadataNotFound, "gh-143387", [a(15, 0, 8)],
        "`importlib.metadata` raises MetadataNotFound for a distribution without a metadata file; before, its version was None";
    FreeThreadedStableAbi, "gh-146636", [b(15, 0, 1)],
        "free-threaded builds load stable-ABI modules only if their suffix says abi3t";
    LazyImports, "PEP 810", [v(15, 0)],
        "PYTHON_LAZY_IMPORTS and `-X lazy_imports` are read; the grammar has lazy imports, and unpacking in comprehensions";
    PathWarningsSetting, "Python/initconfig.c", [v(15, 0)],
        "PYTHON_PATHCONFIG_WARNINGS and `-X pathconfig_warnings` switch warnings about the path configuration off";
    StartFiles, "gh-148641", [b(15, 0, 1)],
        "`site` reads `.start` files and processes all site directories as one batch: paths, then import lines, then entry points";
    SitedirRestored, "gh-149671", [b(15, 0, 3)],
        "import lines of `.pth` files can read the local variable `sitedir` again, as up to 3.14";
    CoreStateInSiteFailure, "gh-146302", [b(15, 0, 1)],
        "the runtime state of a failing `site` is called \"core initialized\"";
    MissingStdlibWarningNotUnderPth, "gh-155254", [rc(15, 0, 2)],
        "Python does not warn about a missing standard library if a `._pth` file is used";
}

impl Behavior {
    /// The row of this behavior: the enum and the table are generated from one list, so that its number is its index.
    pub const fn row(self) -> &'static Row {
        &BEHAVIORS[self as usize]
    }
}

/// The behaviors of one version.
#[derive(Debug)]
pub struct Behaviors {
    version: Version,
    /// Whether they are those of a `PyPy`.
    is_pypy: bool,
    /// Behaviors that were asked about and that depend on an unknown micro version.
    unsure: RefCell<Vec<Behavior>>,
}

impl Behaviors {
    /// The behaviors of `version`; an unknown micro version is taken for the newest of its branch.
    pub fn of(version: Version) -> Self {
        Self { version, is_pypy: false, unsure: RefCell::default() }
    }

    /// The behaviors of a `PyPy` of that version of Python.
    pub fn of_pypy(version: Version) -> Self {
        Self { is_pypy: true, ..Self::of(version) }
    }

    /// The version.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Whether they are those of a `PyPy`.
    pub fn is_pypy(&self) -> bool {
        self.is_pypy
    }

    /// Whether this version has the behavior.
    pub fn has(&self, behavior: Behavior) -> bool {
        if let Some(always) = in_pypy(behavior).filter(|_| self.is_pypy) {
            return always;
        }
        let since = behavior.row().since;
        let same_branch = since.iter().find(|since| since.minor == self.version.minor);
        match (same_branch, self.version.micro) {
            (Some(since), Some(_)) => self.version >= *since,
            (Some(since), None) => {
                if since.micro != Some(0) {
                    self.doubt(behavior);
                }
                true
            }
            (None, _) => since.last().is_some_and(|last| self.version.minor > last.minor),
        }
    }

    /// The behaviors asked about whose answer depends on an unknown micro version.
    pub fn unsure(&self) -> Vec<Behavior> {
        self.unsure.borrow().clone()
    }

    fn doubt(&self, behavior: Behavior) {
        let mut unsure = self.unsure.borrow_mut();
        if !unsure.contains(&behavior) {
            unsure.push(behavior);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Behavior as B;
    use super::*;

    #[test]
    fn each_behavior_is_documented_and_its_branches_are_in_order() {
        for row in BEHAVIORS {
            assert_eq!(row.behavior.row().behavior, row.behavior, "the number of a behavior is not its index");
            assert!(row.since.is_sorted(), "{:?}: branches out of order", row.behavior);
            assert!(!row.issue.is_empty() && !row.effect.is_empty(), "{:?} is not documented", row.behavior);
        }
    }

    #[test]
    fn backports_count_in_their_branch_only() {
        let has = |text: &str, behavior| Behaviors::of(text.parse().unwrap()).has(behavior);
        assert!(!has("3.12.1", B::HiddenPthSkipped));
        assert!(has("3.12.2", B::HiddenPthSkipped));
        assert!(has("3.8.19", B::HiddenPthSkipped));
        assert!(!has("3.9.18", B::HiddenPthSkipped));
        assert!(!has("3.7.17", B::HiddenPthSkipped));
        assert!(has("3.13.0", B::HiddenPthSkipped));
        assert!(!has("3.15.0a6", B::MissingStdlibWarning));
        assert!(has("3.15.0a7", B::MissingStdlibWarning));
    }

    #[test]
    fn an_unknown_micro_version_is_noted() {
        let behaviors = Behaviors::of("3.12".parse().unwrap());
        assert!(behaviors.has(B::HiddenPthSkipped));
        assert!(behaviors.has(B::GetpathInPython));
        assert_eq!(behaviors.unsure(), [B::HiddenPthSkipped]);
    }
}
