//! The table of situations: how each is made, with which interpreter, and what the report must say.

use std::fmt;

use crate::situations::case::Made;
use crate::situations::{base, cfg, executable};
use crate::support::stage::Stage;

/// Which interpreter a situation is made with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// A shared build of 3.11 or later, in the prefix that it was built for.
    Modern,
    /// A shared build of 3.10 or earlier.
    Legacy,
    /// A build of 3.11 or later whose compiled-in prefix does not exist.
    Relocated,
    /// Any build of 3.11 or later that every user may start.
    Open,
}

impl Build {
    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Modern => "modern",
            Self::Legacy => "legacy",
            Self::Relocated => "relocated",
            Self::Open => "open",
        }
    }
}

/// What the report must say.
#[derive(Clone, Copy)]
pub enum Expected {
    /// Python starts, with these findings; the values of the case show what is wrong.
    Starts(&'static [&'static str]),
    /// Whether it starts is not claimed, and there is this finding.
    NotSimulated(&'static str),
    /// Python does not start.
    Fails {
        /// `outcome.status`.
        status: &'static str,
        /// The ID of `outcome.step`, which the report calls `rule`.
        rule: &'static str,
        /// The finding about the cause.
        finding: &'static str,
    },
}

/// A situation.
pub struct Row {
    /// What is wrong, in a few words.
    pub name: &'static str,
    /// The interpreter.
    pub build: Build,
    /// Makes it.
    pub make: for<'s, 'p> fn(&'s Stage<'p>) -> Made,
    /// What the report must say.
    pub expected: Expected,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:52} {:10} ", self.name, self.build.name())?;
        match self.expected {
            Expected::Starts(findings) => write!(f, "starts {}", findings.join(" ")),
            Expected::NotSimulated(finding) => write!(f, "not-simulated {finding}"),
            Expected::Fails { status, rule, finding } => write!(f, "{status} {rule} {finding}"),
        }
    }
}

/// Situations that cannot be made here, and why.
pub const NOT_HERE: &[(&str, &str)] = &[
    ("executable on a file system mounted with noexec", "needs a file system mounted for the purpose"),
    ("copied executable older than its base", "needs two micro versions of one minor version with the same library"),
    ("base removed on Windows", "Windows"),
    ("Python of the Microsoft Store", "Windows"),
    ("copied executable of a framework", "macOS"),
];

type Make = for<'s, 'p> fn(&'s Stage<'p>) -> Made;

const fn row(name: &'static str, build: Build, make: Make, expected: Expected) -> Row {
    Row { name, build, make, expected }
}

/// The kernel or the loader refuses the executable, for the reason of this finding.
const fn refused(finding: &'static str) -> Expected {
    Expected::Fails { status: "fails-to-execute", rule: "interpreter.identify", finding }
}

/// Python fails to start in this step, for the reason of this finding.
const fn fails(rule: &'static str, finding: &'static str) -> Expected {
    Expected::Fails { status: "fails-to-initialize", rule, finding }
}

const STARTS: Expected = Expected::Starts(&[]);

/// Every situation: first the executable, then `pyvenv.cfg`, then the base.
pub fn rows() -> Vec<Row> {
    use Build::{Legacy, Modern, Open, Relocated};
    vec![
        row("symlink dangles", Modern, executable::dangling, refused("VD102")),
        row("symlink dangles", Legacy, executable::dangling, refused("VD102")),
        row("second symlink dangles", Modern, executable::dangling_second_hop, refused("VD102")),
        row("new pyvenv.cfg, old dangling symlink", Modern, executable::refreshed, refused("VD120")),
        row("symlink loop", Modern, executable::symlink_loop, refused("VD103")),
        row("no executable", Modern, executable::missing, refused("VD101")),
        row("executable without mode x", Modern, executable::not_executable, refused("VD107")),
        row("symlink became a text file", Modern, executable::text_link, refused("VD109")),
        row("executable is empty", Modern, executable::empty, refused("VD108")),
        row("executable is truncated", Modern, executable::half, refused("VD112")),
        row("executable of another architecture", Modern, executable::wrong_architecture, refused("VD113")),
        row("loader does not exist", Modern, executable::missing_loader, refused("VD115")),
        row("libpython does not exist", Modern, executable::libpython_missing, refused("VD116")),
        row("libpython does not exist", Legacy, executable::libpython_missing, refused("VD116")),
        row("libpython of LD_LIBRARY_PATH", Modern, executable::libpython_substituted, Expected::Starts(&["VD125"])),
        row("base in a directory without access", Modern, executable::unreachable, refused("VD106")),
        row("executable is a wrapper", Modern, executable::wrapper, Expected::NotSimulated("VD110")),
        row("executable is a shim of pyenv", Modern, executable::pyenv_shim, Expected::NotSimulated("VD110")),
        row(
            "executable is a wrapper whose shell does not exist",
            Modern,
            executable::wrapper_without_shell,
            refused("VD110"),
        ),
        row("pyvenv.cfg of another version than the executable", Modern, executable::names_disagree, STARTS),
        row("python._pth next to the executable", Modern, executable::under_pth, Expected::Starts(&["VD127"])),
        row("python._pth next to the executable", Legacy, executable::under_pth_ignored, STARTS),
        row("no pyvenv.cfg", Modern, cfg::missing, STARTS),
        row("no pyvenv.cfg", Legacy, cfg::missing, STARTS),
        row("no home", Modern, cfg::without_home, Expected::Starts(&["VD204"])),
        row("no home", Legacy, cfg::without_home, Expected::Starts(&["VD204"])),
        row("no home, copied executable", Relocated, cfg::without_home_copied, fails("import.encodings", "VD204")),
        row("home does not exist", Relocated, cfg::home_nonexistent, fails("import.encodings", "VD205")),
        row("home does not exist", Legacy, cfg::home_masked, Expected::Starts(&["VD205"])),
        row("home does not exist, compiled-in prefix does", Modern, cfg::home_masked, Expected::Starts(&["VD202"])),
        row("home is the executable", Modern, cfg::home_is_file, fails("getpath.build-tree", "VD206")),
        row("home is the executable", Legacy, cfg::home_is_file_legacy, Expected::Starts(&["VD206"])),
        row("home is relative, in the right directory", Modern, cfg::home_relative, Expected::Starts(&["VD207"])),
        row(
            "home is relative, in another directory",
            Modern,
            cfg::home_relative_elsewhere,
            Expected::Starts(&["VD207"]),
        ),
        row("home in quotes", Modern, cfg::home_decorated, Expected::Starts(&["VD208"])),
        row("home in quotes", Relocated, cfg::home_decorated_fatal, fails("import.encodings", "VD208")),
        row("home twice", Modern, cfg::home_twice, Expected::Starts(&["VD209"])),
        row("pyvenv.cfg with byte order mark", Modern, cfg::byte_order_mark, Expected::Starts(&["VD210"])),
        row("pyvenv.cfg with byte order mark", Legacy, cfg::byte_order_mark, Expected::Starts(&["VD210"])),
        row("pyvenv.cfg in Latin-1", Modern, cfg::latin1, fails("site.venv.cfg", "VD211")),
        row("pyvenv.cfg in Latin-1", Legacy, cfg::latin1, fails("site.venv.cfg", "VD211")),
        row("pyvenv.cfg in UTF-16", Modern, cfg::utf16, fails("site.venv.cfg", "VD211")),
        row("pyvenv.cfg in Latin-1, without site", Modern, cfg::latin1_without_site, STARTS),
        row("pyvenv.cfg cannot be read", Open, cfg::unreadable, fails("site.venv.cfg", "VD212")),
        row("pyvenv.cfg is a directory, before 3.14", Modern, cfg::directory_before_314, Expected::Starts(&["VD213"])),
        row("pyvenv.cfg is a directory, in 3.14", Modern, cfg::directory_in_314, Expected::Starts(&["VD213"])),
        row("pyvenv.cfg in bin, before 3.14", Modern, cfg::in_bin_before_314, Expected::Starts(&["VD214"])),
        row("pyvenv.cfg in bin, in 3.14", Modern, cfg::in_bin_in_314, Expected::Starts(&["VD214"])),
        row("pyvenv.cfg in an installation", Modern, cfg::stray_in_base, Expected::Starts(&["VD215"])),
        row("pyvenv.cfg in an installation", Legacy, cfg::stray_in_base, Expected::Starts(&["VD215"])),
        row("version in pyvenv.cfg is another", Modern, cfg::version_stale, STARTS),
        row("no include-system-site-packages", Modern, cfg::system_site_missing, Expected::Starts(&["VD217"])),
        row("no include-system-site-packages", Legacy, cfg::system_site_missing, Expected::Starts(&["VD217"])),
        row("include-system-site-packages = 1", Modern, cfg::system_site_odd, Expected::Starts(&["VD218"])),
        row("symlink with a full version", Modern, base::pinned, STARTS),
        row("packages of another minor version", Modern, base::orphaned, STARTS),
        row("packages of another minor version", Legacy, base::orphaned, STARTS),
        row("standard library of another installation", Modern, base::foreign_stdlib, STARTS),
        row("home contains only a symlink", Relocated, base::barren_link, fails("import.encodings", "VD224")),
        row("home contains only a symlink", Modern, base::barren_link_masked, Expected::Starts(&["VD202"])),
        row("version of Homebrew removed", Modern, base::cellar_removed, refused("VD121")),
        row("store path of Nix removed", Modern, base::store_collected, refused("VD122")),
        row("standard library without encodings", Modern, base::without_encodings, fails("import.encodings", "VD232")),
        row("standard library without encodings", Legacy, base::without_encodings, fails("import.encodings", "VD232")),
        row("pybuilddir.txt in an installation", Modern, base::stray_builddir, fails("import.encodings", "VD226")),
        row("pybuilddir.txt in an installation", Legacy, base::stray_builddir_legacy, STARTS),
        row("empty zip archive of the standard library", Modern, base::stray_zip, fails("import.encodings", "VD226")),
        row("environment of pre-commit, base removed", Modern, base::tool_environment, refused("VD102")),
    ]
}
