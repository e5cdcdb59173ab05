//! What is known of `site.py`: digests of whole files, and of the statements that decide.

use super::outline::Item;
use super::{Changes, Program};

/// The function that distributions change most.
pub(super) const SITE_PACKAGES: &str = "getsitepackages";
/// What Debian's list of site directories names, and upstream's does not.
const OF_DEBIAN: &str = "\"dist-packages\"";

/// Functions and classes that change nothing of `sys.path` and end no start.
const BESIDE: &[&str] =
    &["setquit", "setcopyright", "sethelper", "enablerlcompleter", "_script", "_Printer", "_Helper"];

/// Upstream's files: 3.6.15, 3.7.16, 3.8.18, 3.9.18, 3.10 up to 3.10.13, and for build trees 3.11, 3.12.1, 3.13.0 and
/// 3.13.15.
const UPSTREAM: &[&str] = &[
    "232e9145d143f1e2",
    "5d5d5d03dbf857ec",
    "e12ca1a698513310",
    "d3ca6d3bd1fc0c2c",
    "a92fc1de9082615b",
    "6803396ba0719e4d",
    "25908e2b3986851f",
    "c3ef245f2ac524cf",
    "ea80b1f9fd676ec6",
];

/// The statements of upstream's files without [`SITE_PACKAGES`]: 3.6, 3.7, 3.8 and 3.9, 3.10, 3.11, 3.12, 3.13.0; then
/// PyPy's of 7.3.11 (3.9) and 8.0.1 (3.11); then, as Debian has them, those of 3.13.15, 3.14.8 and 3.15.0.
const UPSTREAM_STATEMENTS: &[&str] = &[
    "9b069039cde219ff",
    "5a28a01f34d9ecec",
    "9b3f1c7f084e267d",
    "194684f79e4ee4ef",
    "9f45a933b3ebf47c",
    "6af5a5bb92016c67",
    "0f08641ff39c9133",
    "fa88c3c87ce4aaf7",
    "38258890cbb4f9f7",
    "3df3f483de4038a3",
    "4b2dd82af736d339",
    "ae83b7227dd85b09",
];

/// The statements of [`SITE_PACKAGES`]: 3.6, 3.7 and 3.8, 3.9 and 3.10, 3.11 and 3.12, 3.13.
const PACKAGES: &[&str] =
    &["a0253690be703720", "d5b95571568b97f9", "c824cf9e4ce5f9ef", "cfc26ef7a559e6c7", "117270a2bc72077e"];

/// virtualenv's files, which take the version from the text of `sys.version`: 12.1.1 to 16.0, 16.1, 16.2, 16.3, 16.4 and
/// 16.5, 16.6.
const VIRTUALENV_CUTS: &[&str] = &[
    "ea6142c091a5f2b7",
    "7f574c854eb07cd7",
    "f354be443070de71",
    "a1130790bdebb514",
    "ac73e010c477a6df",
    "8e2ab7a7167944e6",
];

/// virtualenv's files from 16.7.0 on, and from 16.7.9 on.
const VIRTUALENV: &[&str] = &["4d4ff4f1ec95e957", "a59b911ea616ae9d"];

/// The statements of virtualenv's files that take the version from the text.
const VIRTUALENV_CUTS_STATEMENTS: &[&str] =
    &["387a0b04e21dba18", "c0fc1b3dbcfb735c", "7b4524dc30667f35", "7fdaec165c25ff37"];

/// The statements of virtualenv's other files.
const VIRTUALENV_STATEMENTS: &[&str] = &["7ca670acb2f9278c", "73ce5bab689561a5"];

/// The statements of setuptools' file, the same from 30 to 48.
const SETUPTOOLS_STATEMENTS: &[&str] = &["a9cc545edf665501"];

/// The program of a whole file.
pub(super) fn by_file(digest: &str) -> Option<Program> {
    program(digest, UPSTREAM, VIRTUALENV_CUTS, VIRTUALENV)
}

/// The program of the statements that decide, all of them.
pub(super) fn by_statements(digest: &str) -> Option<Program> {
    if SETUPTOOLS_STATEMENTS.contains(&digest) {
        return Some(Program::Setuptools);
    }
    program(digest, &[], VIRTUALENV_CUTS_STATEMENTS, VIRTUALENV_STATEMENTS)
}

fn program(digest: &str, upstream: &[&str], cuts: &[&str], whole: &[&str]) -> Option<Program> {
    if upstream.contains(&digest) {
        return Some(Program::Upstream(Changes::default()));
    }
    let cuts_version = cuts.contains(&digest);
    (cuts_version || whole.contains(&digest)).then_some(Program::Virtualenv { cuts_version })
}

/// Whether the statements, without [`SITE_PACKAGES`], are upstream's.
pub(super) fn is_upstream_but_packages(digest: &str) -> bool {
    UPSTREAM_STATEMENTS.contains(&digest)
}

/// Whether the statements of [`SITE_PACKAGES`] are upstream's.
pub(super) fn is_packages(digest: &str) -> bool {
    PACKAGES.contains(&digest)
}

/// Whether a function uses the directories of Debian.
pub(super) fn names_debian(item: &Item) -> bool {
    item.lines.iter().any(|line| line.code.split(' ').any(|token| token == OF_DEBIAN))
}

/// Whether a function or class changes nothing of `sys.path`.
pub(super) fn is_beside(name: &str) -> bool {
    BESIDE.contains(&name)
}
