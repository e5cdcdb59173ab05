//! The table: which situation, who makes it, who plays it, and what must be said about it.

use std::fmt;

use crate::catalogue::scene::{Made, Scene};
use crate::catalogue::{base, cfg, executable};

/// Which interpreter plays.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Runs {
    /// A shared build of 3.11 or later, installed where it was built for.
    Modern,
    /// A shared build of 3.10 or before.
    Legacy,
    /// A build whose compiled prefix does not exist.
    Relocated,
    /// Any build of 3.11 or later that everybody may start.
    Open,
}

impl Runs {
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

/// What must be told.
#[derive(Clone, Copy)]
pub enum Told {
    /// It starts, with these findings, and the values of the case betray what is wrong.
    Starts(&'static [&'static str]),
    /// Whether it starts is not claimed, and there is this finding.
    NotSimulated(&'static str),
    /// It does not.
    Fails {
        /// `outcome.status`.
        status: &'static str,
        /// The rule of `outcome.step`.
        rule: &'static str,
        /// A finding that there must be.
        finding: &'static str,
    },
}

/// A situation.
pub struct Row {
    /// Number and name in the catalogue, and what sets this row apart.
    pub name: &'static str,
    /// Who plays.
    pub runs: Runs,
    /// Makes it.
    pub make: for<'s, 'p> fn(&'s Scene<'p>) -> Made,
    /// What must be told.
    pub told: Told,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:52} {:10} ", self.name, self.runs.name())?;
        match self.told {
            Told::NotSimulated(finding) => write!(f, "not-simulated {finding}"),
            Told::Starts(findings) => write!(f, "starts {}", findings.join(" ")),
            Told::Fails { status, rule, finding } => write!(f, "{status} {rule} {finding}"),
        }
    }
}

/// Situations that no test can make, and why.
pub const NOT_HERE: &[(&str, &str)] = &[
    ("1.16 exe-noexec-mount", "needs a file system mounted for the purpose"),
    ("3.3 copied-binary-outdated", "needs two micro releases of one minor release with the same library"),
    ("3.8 windows-no-python-at", "Windows"),
    ("3.9 windows-store-python", "Windows"),
    ("3.10 macos-clt-framework-copy", "macOS"),
];

type Make = for<'s, 'p> fn(&'s Scene<'p>) -> Made;

const fn row(name: &'static str, runs: Runs, make: Make, told: Told) -> Row {
    Row { name, runs, make, told }
}

/// The kernel or the loader refuses, for this finding.
const fn refused(finding: &'static str) -> Told {
    Told::Fails { status: "fails-to-execute", rule: "interpreter.identify", finding }
}

/// Python dies in the step with this rule, for this finding.
const fn dies(rule: &'static str, finding: &'static str) -> Told {
    Told::Fails { status: "fails-to-initialize", rule, finding }
}

const STARTS: Told = Told::Starts(&[]);

/// Every row, in the order of the catalogue.
pub fn rows() -> Vec<Row> {
    use Runs::{Legacy, Modern, Open, Relocated};
    vec![
        row("1.1 exe-dangling-symlink", Modern, executable::dangling, refused("VD102")),
        row("1.1 exe-dangling-symlink", Legacy, executable::dangling, refused("VD102")),
        row("1.1 exe-dangling-symlink, second hop", Modern, executable::dangling_second_hop, refused("VD102")),
        row("1.2 refresh-left-dangling", Modern, executable::refreshed, refused("VD120")),
        row("1.3 exe-symlink-loop", Modern, executable::links_in_a_circle, refused("VD103")),
        row("1.4 exe-missing", Modern, executable::missing, refused("VD101")),
        row("1.5 exe-not-executable", Modern, executable::not_executable, refused("VD107")),
        row("1.6 exe-is-text-symlink", Modern, executable::text_link, refused("VD109")),
        row("1.7 exe-truncated, empty", Modern, executable::empty, refused("VD108")),
        row("1.7 exe-truncated, half", Modern, executable::half, refused("VD112")),
        row("1.8 exe-wrong-architecture", Modern, executable::wrong_architecture, refused("VD113")),
        row("1.9 exe-missing-loader", Modern, executable::missing_loader, refused("VD115")),
        row("1.10 exe-libpython-missing", Modern, executable::libpython_missing, refused("VD116")),
        row("1.10 exe-libpython-missing", Legacy, executable::libpython_missing, refused("VD116")),
        row("1.11 exe-libpython-substituted", Modern, executable::libpython_substituted, Told::Starts(&["VD125"])),
        row("1.12 exe-unreachable-by-user", Modern, executable::unreachable, refused("VD106")),
        row("1.13 exe-is-shim, wrapper", Modern, executable::wrapper, Told::NotSimulated("VD110")),
        row("1.13 exe-is-shim, pyenv", Modern, executable::pyenv_shim, Told::NotSimulated("VD110")),
        row("1.13 exe-is-shim, its shell is gone", Modern, executable::wrapper_without_shell, refused("VD110")),
        row("1.14 exe-names-disagree", Modern, executable::names_disagree, STARTS),
        row("1.15 exe-underpth-override", Modern, executable::under_pth, Told::Starts(&["VD127"])),
        row("1.15 exe-underpth-override", Legacy, executable::under_pth_ignored, STARTS),
        row("2.1 cfg-missing", Modern, cfg::missing, STARTS),
        row("2.1 cfg-missing", Legacy, cfg::missing, STARTS),
        row("2.2 cfg-home-missing", Modern, cfg::without_home, Told::Starts(&["VD204"])),
        row("2.2 cfg-home-missing", Legacy, cfg::without_home, Told::Starts(&["VD204"])),
        row("2.2 cfg-home-missing, copy", Relocated, cfg::without_home_copied, dies("import.encodings", "VD204")),
        row("2.3 cfg-home-nonexistent", Relocated, cfg::home_nonexistent, dies("import.encodings", "VD205")),
        row("2.3 cfg-home-nonexistent", Legacy, cfg::home_masked, Told::Starts(&["VD205"])),
        row("2.4 cfg-home-masked", Modern, cfg::home_masked, Told::Starts(&["VD202"])),
        row("2.5 cfg-home-is-file", Modern, cfg::home_is_file, dies("getpath.build-tree", "VD206")),
        row("2.5 cfg-home-is-file", Legacy, cfg::home_is_file_legacy, Told::Starts(&["VD206"])),
        row("2.6 cfg-home-relative, from the right directory", Modern, cfg::home_relative, Told::Starts(&["VD207"])),
        row("2.6 cfg-home-relative, from another", Modern, cfg::home_relative_elsewhere, Told::Starts(&["VD207"])),
        row("2.7 cfg-home-decorated", Modern, cfg::home_decorated, Told::Starts(&["VD208"])),
        row("2.7 cfg-home-decorated", Relocated, cfg::home_decorated_fatal, dies("import.encodings", "VD208")),
        row("2.8 cfg-key-duplicate", Modern, cfg::home_twice, Told::Starts(&["VD209"])),
        row("2.9 cfg-bom", Modern, cfg::byte_order_mark, Told::Starts(&["VD210"])),
        row("2.9 cfg-bom", Legacy, cfg::byte_order_mark, Told::Starts(&["VD210"])),
        row("2.10 cfg-not-utf8, Latin-1", Modern, cfg::latin1, dies("site.venv.cfg", "VD211")),
        row("2.10 cfg-not-utf8, Latin-1", Legacy, cfg::latin1, dies("site.venv.cfg", "VD211")),
        row("2.10 cfg-not-utf8, UTF-16", Modern, cfg::utf16, dies("site.venv.cfg", "VD211")),
        row("2.10 cfg-not-utf8, without site", Modern, cfg::latin1_without_site, STARTS),
        row("2.11 cfg-unreadable", Open, cfg::unreadable, dies("site.venv.cfg", "VD212")),
        row("2.12 cfg-is-directory, 3.13", Modern, cfg::directory_before_314, Told::Starts(&["VD213"])),
        row("2.12 cfg-is-directory, 3.14", Modern, cfg::directory_in_314, Told::Starts(&["VD213"])),
        row("2.13 cfg-in-bin-directory, 3.13", Modern, cfg::in_bin_before_314, Told::Starts(&["VD214"])),
        row("2.13 cfg-in-bin-directory, 3.14", Modern, cfg::in_bin_in_314, Told::Starts(&["VD214"])),
        row("2.14 cfg-stray-in-base", Modern, cfg::stray_in_base, Told::Starts(&["VD215"])),
        row("2.14 cfg-stray-in-base", Legacy, cfg::stray_in_base, Told::Starts(&["VD215"])),
        row("2.15 cfg-version-stale", Modern, cfg::version_stale, STARTS),
        row("2.16 cfg-system-site-ambiguous, missing", Modern, cfg::system_site_missing, Told::Starts(&["VD217"])),
        row("2.16 cfg-system-site-ambiguous, missing", Legacy, cfg::system_site_missing, Told::Starts(&["VD217"])),
        row("2.16 cfg-system-site-ambiguous, 1", Modern, cfg::system_site_odd, Told::Starts(&["VD218"])),
        row("3.1 home-pinned-to-versioned-path", Modern, base::pinned, STARTS),
        row("3.2 site-packages-orphaned", Modern, base::orphaned, STARTS),
        row("3.2 site-packages-orphaned", Legacy, base::orphaned, STARTS),
        row("3.4 stdlib-from-other-installation", Modern, base::foreign_stdlib, STARTS),
        row("3.5 home-barren-symlink-dir", Relocated, base::barren_link, dies("import.encodings", "VD224")),
        row("3.5 home-barren-symlink-dir", Modern, base::barren_link_masked, Told::Starts(&["VD202"])),
        row("3.6 homebrew-cellar-removed", Modern, base::cellar_removed, refused("VD121")),
        row("3.7 nix-store-collected", Modern, base::store_collected, refused("VD122")),
        row("3.11 base-stdlib-incomplete", Modern, base::without_encodings, dies("import.encodings", "VD232")),
        row("3.11 base-stdlib-incomplete", Legacy, base::without_encodings, dies("import.encodings", "VD232")),
        row(
            "3.12 base-relocated-or-build-tree, pybuilddir.txt",
            Modern,
            base::stray_builddir,
            dies("import.encodings", "VD226"),
        ),
        row("3.12 base-relocated-or-build-tree, pybuilddir.txt", Legacy, base::stray_builddir_legacy, STARTS),
        row("3.12 base-relocated-or-build-tree, empty zip", Modern, base::stray_zip, dies("import.encodings", "VD226")),
        row("3.13 tool-environment-stale", Modern, base::tool_environment, refused("VD102")),
    ]
}
