//! The one table of behaviors that changed between releases.
//!
//! The algorithms ask [`Behaviors::has`] by name; no other file compares versions. A behavior that was back-ported
//! lists the first release of each branch that has it.

use std::cell::RefCell;

use crate::interpreter::{Level, Version};

/// A behavior that some releases have and others have not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Behavior {
    /// `PYTHONHOME` set to nothing counts as unset.
    EmptyHomeIgnored,
    /// `PYTHONNOUSERSITE` is read as an integer flag, so that `0` is off.
    IntegerFlags,
    /// The site module computes the user site itself instead of asking `sysconfig`.
    UserSiteWithoutSysconfig,
    /// `-m` puts the working directory first instead of `""`.
    ModuleLaunchCwd,
    /// `-m` puts nothing first where the working directory has been removed.
    RemovedCwdSkipped,
    /// An error while `site` is imported ends Python as a fatal error.
    SiteFailureIsFatal,
    /// POSIX has `sys._base_executable`.
    BaseExecutable,
    /// The build-tree landmark is `Modules/Setup.local` instead of `Modules/Setup`.
    SetupLocalLandmark,
    /// A path in a `.pth` line with a NUL byte does not exist instead of being an error.
    NulPathMissing,
    /// `pybuilddir.txt` is opened without asking first whether it is a file.
    BuilddirOpened,
    /// Links in the executable's chain are counted, and 40 are too many.
    LinkLimit,
    /// A script's directory on `sys.path` is absolute.
    ScriptPathAbsolute,
    /// `sys.platlibdir` exists and site directories follow it.
    Platlibdir,
    /// `PYTHONPLATLIBDIR` is honored.
    PlatlibdirVariable,
    /// Blank lines of `.pth` files are skipped before anything else.
    PthBlankLines,
    /// `.` as the directory that is run becomes the working directory itself.
    DotIsCwd,
    /// `sys._stdlib_dir` exists.
    StdlibDir,
    /// `site` and the modules it needs are frozen into the binary.
    FrozenSite,
    /// The path configuration is computed by `getpath.py`.
    GetpathInPython,
    /// `-P` and `PYTHONSAFEPATH`.
    SafePath,
    /// Windows: the user site is named after `sys.winver`.
    WinverInUserSite,
    /// Windows: site-packages lies below `Lib`, before below `lib`.
    CapitalLib,
    /// Fatal errors name the state of the runtime.
    RuntimeStateLine,
    /// The C locale is coerced to UTF-8.
    LocaleCoercion,
    /// `encoding="locale"` means the locale's encoding also in the UTF-8 mode.
    LocaleIgnoresUtf8Mode,
    /// The site module stops looking for `pyvenv.cfg` at the first that is a file.
    LazyCfgSearch,
    /// The base executable may be found under the names `python3` and `pythonX.Y`.
    BaseExecutableNames,
    /// A landmark file that may not be read is passed over.
    LandmarkPermission,
    /// `.pth` files that are hidden or begin with a dot are skipped.
    HiddenPthSkipped,
    /// `.pth` files are read as UTF-8 first and split as `str.splitlines` does.
    PthUtf8,
    /// Directory names of free-threaded builds end in `t`.
    ThreadSuffix,
    /// A failed search for the real executable names that path, not the base executable.
    RealpathMessage,
    /// `Modules/Setup.local` is no landmark of a build tree any more.
    SetupLocalIgnored,
    /// A lone `.` is normalized away.
    LoneDotDropped,
    /// `getpath` sets the prefix of a virtual environment; `site` only compares.
    VenvPrefixInGetpath,
    /// The shared library's place counts on every system.
    LibraryEverywhere,
    /// `exec_prefix` is `prefix` where that holds the extension modules.
    ExecPrefixPrefersPrefix,
    /// A `pyvenv.cfg` without `home` still marks a virtual environment for `getpath`.
    HomelessCfgAnchors,
    /// A `._pth` file switches the user site off.
    UnderPthNoUserSite,
    /// A missing standard library is warned about.
    MissingStdlibWarning,
    /// The same, but not with a `._pth` file.
    MissingStdlibWarningNotUnderPth,
    /// `.start` files, and site directories processed as one batch.
    StartFiles,
    /// Import lines of `.pth` files see the local variable `sitedir` again.
    SitedirRestored,
    /// Debian's `site` no longer looks at `VIRTUAL_ENV`.
    DebianIgnoresVirtualEnv,
    /// A dump of the path configuration is printed when `encodings` cannot be imported.
    ConfigurationDump,
    /// The dump is missing: `encodings` failed before it could be printed.
    ConfigurationDumpLost,
    /// The dump is back.
    ConfigurationDumpRestored,
    /// The fatal message says `Failed to import encodings module`.
    EncodingsFatalText,
    /// Thread lines name the thread.
    NamedThreads,
    /// `Python runtime state: core initialized` also when `site` fails.
    CoreStateInSiteFailure,
    /// Windows: the real path of an executable is resolved.
    WindowsRealpath,
    /// Windows: the registry's core key counts only where nothing else was found.
    RegistryCoreKeyLast,
    /// Windows: `__PYVENV_LAUNCHER__` replaces the executable, and `venv` installs a redirector that sets it.
    WindowsLauncher,
    /// Windows and macOS: a launched Python has `sys._base_executable`.
    LauncherBase,
    /// Windows: every Python has `sys._base_executable`.
    WindowsBaseExecutable,
    /// Windows: the path of the executable is cleaned of `.` and `..`.
    WindowsCleanExecutable,
    /// Windows: blank lines of a `._pth` file are skipped.
    UnderPthBlankLines,
    /// Windows: the `._pth` file beside the library is overlooked.
    LibraryUnderPthLost,
    /// Windows: the `._pth` file beside the library counts again.
    LibraryUnderPthRestored,
    /// Windows: `-E` keeps the registry out.
    RegistryObeysFlags,
    /// macOS: frameworks have no site-packages below `/Library` any more.
    AppleSiteDirDropped,
    /// macOS: `__PYVENV_LAUNCHER__` is taken out of the environment before `site` looks for it.
    LauncherVariableCleared,
    /// `expanduser` on Windows does not look at `HOME`.
    WindowsIgnoresHome,
    /// The `venv` redirector puts the path of the interpreter into quotes, the first of which shows in its messages.
    RedirectorQuotes,
    /// The `venv` redirector is a program of its own, with other messages and another reader of `home`.
    OwnVenvLauncher,
    /// Windows: `exec_prefix` is always `prefix`.
    ExecPrefixIsPrefix,
    /// The base executable of a launched Python is the process's own file, not its name.
    LauncherBaseIsFile,
    /// No link is read where no executable is known.
    NothingToResolve,
    /// Windows: a missing `DLLs` directory is replaced.
    MissingDllsReplaced,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The behavior.
    pub behavior: Behavior,
    /// The upstream issue, such as `bpo-45582` or `gh-126985`.
    pub issue: &'static str,
    /// The first release of each branch that has it, the oldest branch first; later branches all have it.
    pub since: &'static [Version],
    /// What changes, in words.
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

const fn row(behavior: Behavior, issue: &'static str, since: &'static [Version], effect: &'static str) -> Row {
    Row { behavior, issue, since, effect }
}

use Behavior as B;

/// Every behavior, in the order of the releases that brought it.
pub const BEHAVIORS: &[Row] = &[
    row(B::UnderPthBlankLines, "bpo-29326", &[rc(6, 1, 1)], "Windows: blank lines of a ._pth file are skipped"),
    row(
        B::WindowsCleanExecutable,
        "bpo-32457",
        &[rc(6, 5, 1), b(7, 0, 2)],
        "Windows: the path of the executable is cleaned of . and ..",
    ),
    row(
        B::UserSiteWithoutSysconfig,
        "bpo-29585",
        &[a(7, 0, 1)],
        "the user site is the user base joined as text; before, sysconfig normalized it and expanded `~`",
    ),
    row(
        B::AppleSiteDirDropped,
        "bpo-28440",
        &[b(7, 0, 1)],
        "macOS: site-packages below /Library is not for frameworks any more",
    ),
    row(
        B::ModuleLaunchCwd,
        "bpo-33053",
        &[b(7, 0, 3)],
        "`-m` puts the working directory on sys.path, not an empty string",
    ),
    row(B::EmptyHomeIgnored, "bpo-32030", &[v(7, 0)], "an empty PYTHONHOME is ignored; before, it was fatal"),
    row(B::LocaleCoercion, "PEP 538", &[v(7, 0)], "the C locale is taken for UTF-8"),
    row(B::IntegerFlags, "bpo-32030", &[v(7, 0)], "PYTHONNOUSERSITE=0 is off; before, any text was on"),
    row(B::SiteFailureIsFatal, "bpo-32030", &[v(7, 0)], "a failing site module is reported as a fatal error"),
    row(
        B::WindowsLauncher,
        "bpo-34977",
        &[v(7, 2), a(8, 0, 1)],
        "Windows: python.exe of an environment is a redirector, which names itself in __PYVENV_LAUNCHER__",
    ),
    row(
        B::LauncherBase,
        "bpo-35872",
        &[v(7, 3), a(8, 0, 2)],
        "Windows, macOS: a launched Python has sys._base_executable",
    ),
    row(
        B::WindowsBaseExecutable,
        "bpo-37369",
        &[v(7, 4), b(8, 0, 2)],
        "Windows: every Python has sys._base_executable",
    ),
    row(
        B::RemovedCwdSkipped,
        "bpo-36236",
        &[v(7, 4), a(8, 0, 3)],
        "`-m` in a removed directory puts nothing on sys.path",
    ),
    row(B::RuntimeStateLine, "bpo-36763", &[v(8, 0)], "fatal errors name the state of the runtime"),
    row(
        B::SetupLocalLandmark,
        "bpo-32430",
        &[a(8, 0, 1)],
        "a build tree is recognized by Modules/Setup.local, no longer by Modules/Setup",
    ),
    row(
        B::NulPathMissing,
        "bpo-33721",
        &[a(8, 0, 1)],
        "a path with a NUL byte does not exist; before, asking was an error",
    ),
    row(B::WindowsIgnoresHome, "bpo-36264", &[a(8, 0, 4)], "Windows: HOME is not the user's directory any more"),
    row(
        B::LauncherVariableCleared,
        "bpo-22490",
        &[rc(7, 8, 1), rc(8, 3, 1), a(9, 0, 5)],
        "macOS: __PYVENV_LAUNCHER__ of a framework is gone before site could see it",
    ),
    row(
        B::LibraryUnderPthLost,
        "bpo-29778",
        &[v(8, 4), b(9, 0, 4)],
        "Windows: the ._pth file beside the library is overlooked",
    ),
    row(
        B::LibraryUnderPthRestored,
        "bpo-41304",
        &[v(8, 5), b(9, 0, 5)],
        "Windows: the ._pth file beside the library counts again",
    ),
    row(B::BaseExecutable, "PEP 587", &[v(8, 0)], "sys._base_executable exists on POSIX"),
    row(
        B::ConfigurationDump,
        "bpo-38236",
        &[rc(8, 0, 1), a(9, 0, 1)],
        "the path configuration is printed when encodings cannot be imported",
    ),
    row(
        B::BuilddirOpened,
        "bpo-38353",
        &[a(9, 0, 1)],
        "pybuilddir.txt is opened at once; before, it had to be a regular file",
    ),
    row(B::LinkLimit, "bpo-38353", &[a(9, 0, 1)], "40 links are too many; before, a loop was followed for ever"),
    row(
        B::ScriptPathAbsolute,
        "bpo-20443",
        &[a(9, 0, 1)],
        "a directory or zip file that is run stands on sys.path as an absolute path",
    ),
    row(
        B::Platlibdir,
        "bpo-1294959",
        &[a(9, 0, 5)],
        "sys.platlibdir exists, and site-packages is looked for below it and below lib",
    ),
    row(B::RegistryObeysFlags, "bpo-8901", &[a(9, 0, 6)], "Windows: -E and -I keep the registry out"),
    row(B::PlatlibdirVariable, "bpo-40854", &[b(9, 0, 2)], "PYTHONPLATLIBDIR replaces the platform library directory"),
    row(B::DebianIgnoresVirtualEnv, "Debian", &[v(10, 0)], "Debian's site module no longer consults VIRTUAL_ENV"),
    row(
        B::WinverInUserSite,
        "bpo-41627",
        &[a(10, 0, 1)],
        "Windows: the user site of 32-bit builds is named PythonXY-32",
    ),
    row(
        B::RedirectorQuotes,
        "bpo-46686",
        &[v(9, 11), v(10, 3), a(11, 0, 6)],
        "Windows: the venv redirector copes with blanks in the path of the interpreter",
    ),
    row(B::PthBlankLines, "bpo-33689", &[a(10, 0, 1)], "blank lines of .pth files are skipped"),
    row(
        B::DotIsCwd,
        "bpo-45582",
        &[a(11, 0, 3)],
        "running the directory . puts the working directory on sys.path, without a final dot",
    ),
    row(B::StdlibDir, "bpo-45211", &[a(11, 0, 1)], "sys._stdlib_dir exists"),
    row(
        B::FrozenSite,
        "bpo-45020",
        &[a(11, 0, 1)],
        "the site module that runs is frozen into the binary; the file on disk is not read",
    ),
    row(B::LocaleIgnoresUtf8Mode, "bpo-47000", &[v(11, 0)], "the locale's encoding counts also in the UTF-8 mode"),
    row(
        B::GetpathInPython,
        "bpo-45582",
        &[a(11, 0, 3)],
        "the path configuration is computed by getpath.py: pyvenv.cfg beside the unresolved executable decides, the parent directory first",
    ),
    row(B::CapitalLib, "bpo-45582", &[v(12, 0)], "Windows: site-packages is spelled with a capital Lib"),
    row(
        B::LazyCfgSearch,
        "bpo-45582",
        &[v(12, 0)],
        "the site module looks for a second pyvenv.cfg only where the first is missing",
    ),
    row(
        B::SafePath,
        "gh-57684",
        &[b(11, 0, 1)],
        "-P and PYTHONSAFEPATH keep the implicit first entry off sys.path, and -I implies them",
    ),
    row(
        B::LandmarkPermission,
        "gh-96005",
        &[v(11, 1), a(12, 0, 1)],
        "a landmark file that may not be read is passed over",
    ),
    row(
        B::BaseExecutableNames,
        "gh-99204",
        &[v(11, 1), a(12, 0, 2)],
        "the base executable may be called python3 or pythonX.Y",
    ),
    row(
        B::MissingDllsReplaced,
        "gh-98790",
        &[v(11, 1), a(12, 0, 2)],
        "Windows: a missing DLLs directory is replaced by the prefix",
    ),
    row(
        B::ExecPrefixIsPrefix,
        "gh-100320",
        &[v(11, 2), a(12, 0, 5)],
        "Windows: exec_prefix is prefix; before, it was the executable's directory where that held DLLs",
    ),
    row(
        B::RegistryCoreKeyLast,
        "gh-101543",
        &[v(11, 2), a(12, 0, 5)],
        "Windows: the registry's core key counts only where no standard library was found",
    ),
    row(
        B::HiddenPthSkipped,
        "gh-113659",
        &[v(8, 19), v(9, 19), v(10, 14), v(11, 8), v(12, 2), a(13, 0, 3)],
        "hidden .pth files are skipped",
    ),
    row(B::WindowsRealpath, "gh-86179", &[a(13, 0, 3)], "Windows: links to the executable are resolved"),
    row(B::NothingToResolve, "gh-86179", &[a(13, 0, 3)], "no link is read where no executable is known"),
    row(
        B::OwnVenvLauncher,
        "gh-112984",
        &[a(13, 0, 4)],
        "Windows: the venv redirector is a program of its own, with other messages",
    ),
    row(
        B::LauncherBaseIsFile,
        "gh-112984",
        &[a(13, 0, 4)],
        "the base executable of a launched Python is the file that runs; before, it was the name by which it was started",
    ),
    row(
        B::PthUtf8,
        "gh-77102",
        &[v(12, 4), b(13, 0, 1)],
        ".pth files are UTF-8 first, may begin with a byte-order mark, and are split at every Unicode line end",
    ),
    row(B::ThreadSuffix, "gh-121103", &[b(13, 0, 4)], "free-threaded builds use directories named pythonX.Yt"),
    row(B::EncodingsFatalText, "gh-111374", &[v(13, 0)], "a missing encodings module is named in the fatal error"),
    row(
        B::ConfigurationDumpLost,
        "gh-151253",
        &[v(13, 0)],
        "the path configuration is not printed when encodings cannot be imported",
    ),
    row(
        B::ConfigurationDumpRestored,
        "gh-151253",
        &[v(13, 15), v(14, 7), b(15, 0, 3)],
        "the path configuration is printed again when encodings cannot be imported",
    ),
    row(
        B::VenvPrefixInGetpath,
        "gh-126985",
        &[a(14, 0, 3)],
        "getpath.py sets the prefix of a virtual environment, also under -S and PYTHONHOME; site only warns where it expected another",
    ),
    row(
        B::RealpathMessage,
        "gh-127970",
        &[a(14, 0, 4)],
        "the warning about an unresolvable executable names that executable",
    ),
    row(B::LibraryEverywhere, "gh-127970", &[a(14, 0, 4)], "the place of libpython counts on every system"),
    row(B::ExecPrefixPrefersPrefix, "gh-66409", &[a(14, 0, 4)], "exec_prefix is prefix where that holds lib-dynload"),
    row(B::HomelessCfgAnchors, "gh-135773", &[v(14, 0)], "a pyvenv.cfg without home marks a virtual environment"),
    row(B::NamedThreads, "gh-59705", &[v(14, 0)], "fatal errors name the thread"),
    row(
        B::LoneDotDropped,
        "no issue found",
        &[v(13, 15), v(14, 8), v(15, 0)],
        "a lone dot is normalized away by the path configuration; seen in these releases and not in 3.13.0, the first may be earlier",
    ),
    row(
        B::SetupLocalIgnored,
        "gh-151544",
        &[v(11, 16), v(12, 14), v(13, 15), v(14, 7), b(15, 0, 3)],
        "Modules/Setup.local is no sign of a build tree any more",
    ),
    row(B::UnderPthNoUserSite, "gh-120037", &[a(15, 0, 1)], "a ._pth file switches the user site off"),
    row(B::MissingStdlibWarning, "gh-145273", &[a(15, 0, 7)], "a missing standard library is warned about"),
    row(
        B::StartFiles,
        "gh-148641",
        &[b(15, 0, 1)],
        ".start files; site directories are processed as one batch: paths, then import lines, then entry points",
    ),
    row(
        B::SitedirRestored,
        "gh-149671",
        &[b(15, 0, 3)],
        "import lines of .pth files see the local variable sitedir, as they did up to 3.14",
    ),
    row(
        B::CoreStateInSiteFailure,
        "gh-146302",
        &[b(15, 0, 1)],
        "the runtime state of a site failure is called core initialized",
    ),
    row(
        B::MissingStdlibWarningNotUnderPth,
        "gh-155254",
        &[rc(15, 0, 2)],
        "a missing standard library is not warned about with a ._pth file",
    ),
];

/// The behaviors of one version.
#[derive(Debug)]
pub struct Behaviors {
    version: Version,
    /// Behaviors that were asked about and that depend on a micro release that is not known.
    unsure: RefCell<Vec<Behavior>>,
}

impl Behaviors {
    /// The behaviors of `version`; an unknown micro release is taken for the newest of its branch.
    pub fn of(version: Version) -> Self {
        Self { version, unsure: RefCell::default() }
    }

    /// The version.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Whether this version behaves so.
    pub fn has(&self, behavior: Behavior) -> bool {
        let rule = lookup(behavior);
        let same_branch = rule.since.iter().find(|since| since.minor == self.version.minor);
        match (same_branch, self.version.micro) {
            (Some(since), Some(_)) => self.version >= *since,
            (Some(since), None) => {
                if since.micro != Some(0) {
                    self.doubt(behavior);
                }
                true
            }
            (None, _) => rule.since.last().is_some_and(|last| self.version.minor > last.minor),
        }
    }

    /// The issue that brought a behavior.
    pub fn issue(behavior: Behavior) -> &'static str {
        lookup(behavior).issue
    }

    /// The behaviors asked about whose answer depends on a micro release that is not known.
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

/// The row of a behavior.
///
/// # Panics
/// Never: a test asserts that every behavior has its row.
pub fn lookup(behavior: Behavior) -> &'static Row {
    BEHAVIORS.iter().find(|rule| rule.behavior == behavior).expect("every behavior has a row, as a test asserts")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_behavior_has_one_row_and_rows_are_in_order() {
        for (index, rule) in BEHAVIORS.iter().enumerate() {
            assert!(
                BEHAVIORS[index + 1..].iter().all(|other| other.behavior != rule.behavior),
                "{:?} twice",
                rule.behavior
            );
            assert!(rule.since.is_sorted(), "{:?}: branches out of order", rule.behavior);
            assert!(!rule.issue.is_empty() && !rule.effect.is_empty());
        }
        // The last variant's number is the count of variants less one.
        assert_eq!(BEHAVIORS.len(), Behavior::MissingDllsReplaced as usize + 1, "a behavior has no row");
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
    fn an_unknown_micro_release_is_noted() {
        let behaviors = Behaviors::of("3.12".parse().unwrap());
        assert!(behaviors.has(B::HiddenPthSkipped));
        assert!(behaviors.has(B::GetpathInPython));
        assert_eq!(behaviors.unsure(), [B::HiddenPthSkipped]);
    }
}
