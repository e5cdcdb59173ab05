//! Files that start a Python without being one: scripts, shims, and text files that were symlinks.

use bstr::{BStr, BString, ByteSlice};

use super::case::{Case, first_executable, in_bin, upwards};
use super::image::Image;
use super::links::{join, name, parent};
use super::{Problem, Shim};
use crate::host::Lookups;

/// Linux reads this many bytes of a `#!` line (`BINPRM_BUF_SIZE`).
const LONGEST_LINE: usize = 256;
/// A text longer than `PATH_MAX` is no path.
const LONGEST_PATH: u64 = 4096;
/// Files that choose a version are a few lines long.
const LARGEST_CHOICE: u64 = 64 << 10;

/// A script of which nothing is known.
pub(super) const UNKNOWN: Problem =
    Problem::Script { interpreter: BString::new(Vec::new()), shim: None, real: None, interpreter_exists: true };

/// Says what a file that begins with `#!` starts.
pub(super) fn examine(case: &Case<'_, '_>, head: &[u8]) -> Problem {
    let line = head.lines().next().unwrap_or_default();
    let line = &line[2..line.len().min(LONGEST_LINE)];
    let mut line_words = words(line);
    let program = line_words.next().unwrap_or_default();
    let through_env = name(program) == "env";
    // What follows another option may be its value.
    let options = |word: &&BStr| *word == "-S" || *word == "-vS" || !word.starts_with(b"-");
    let mut understood = line_words.take_while(options).filter(|word| !word.starts_with(b"-"));
    let wanted = understood.find(|word| through_env && !word.contains(&b'='));
    let interpreter = match wanted {
        // `env` replaces these marks, and what it starts then is another name.
        Some(wanted) if wanted.iter().any(|byte| b"$\\'\"".contains(byte)) => program.to_owned(),
        Some(wanted) => on_path(case.lookups, wanted).unwrap_or_else(|| wanted.to_owned()),
        None => program.to_owned(),
    };
    let interpreter_exists = interpreter.contains(&b'/') && case.lookups.is_file(interpreter.as_bstr());
    let (shim, real) = match known_shim(case, head) {
        Some((shim, real)) => (Some(shim), real),
        None => (None, None),
    };
    Problem::Script { interpreter, shim, real, interpreter_exists }
}

/// mise creates symlinks to itself, named like the programs that they start.
pub(super) fn binary_shim(case: &Case<'_, '_>) -> Option<Problem> {
    if !matches!(name(case.file).as_bytes(), b"mise" | b"rtx") {
        return None;
    }
    let real = shims_root(case.typed).and_then(|root| of_tool_versions(case.lookups, root, name(case.typed)));
    Some(Problem::Script { interpreter: case.file.to_owned(), shim: Some(Shim::Mise), real, interpreter_exists: true })
}

/// The text of a small file that looks like the target of a symlink.
pub(super) fn text_link(lookups: &Lookups<'_>, file: &BStr, image: &Image<'_>) -> Option<BString> {
    if image.size() >= LONGEST_PATH {
        return None;
    }
    let text = image.head().strip_suffix(b"\n").unwrap_or(image.head());
    let text = text.strip_suffix(b"\r").unwrap_or(text).as_bstr();
    if text.is_empty() || text.iter().any(|&byte| byte < b' ' || byte == 0x7f) {
        return None;
    }
    let named_so =
        !text.contains(&b' ') && (text.contains(&b'/') || text.starts_with(b"python") || text.starts_with(b"pypy"));
    let target = if text.starts_with(b"/") { text.to_owned() } else { join(parent(file)?, text) };
    (named_so || lookups.is_file(target.as_bstr())).then(|| text.to_owned())
}

/// The shim that a script is, and the Python that it would start.
fn known_shim(case: &Case<'_, '_>, head: &[u8]) -> Option<(Shim, Option<BString>)> {
    let program = name(case.typed);
    if let Some(root) = assignment(head, "PYENV_ROOT") {
        return Some((Shim::Pyenv, of_pyenv(case.lookups, root, program)));
    }
    let root = shims_root(case.file)?;
    if head.contains_str("asdf exec") || head.contains_str("# asdf-plugin:") {
        return Some((Shim::Asdf, of_tool_versions(case.lookups, root, program)));
    }
    if head.contains_str("mise exec") || head.contains_str("mise x ") {
        return Some((Shim::Mise, of_tool_versions(case.lookups, root, program)));
    }
    head.contains_str("pyenv").then_some((Shim::Pyenv, of_pyenv(case.lookups, root, program)))
}

/// The directory above `shims`, where the file lies in such a directory.
fn shims_root(file: &BStr) -> Option<&BStr> {
    let dir = parent(file)?;
    if name(dir) == "shims" { parent(dir) } else { None }
}

/// The value of `export NAME="…"`.
fn assignment<'t>(text: &'t [u8], variable: &str) -> Option<&'t BStr> {
    text.lines().find_map(|line| {
        let rest = line.strip_prefix(b"export ")?.strip_prefix(variable.as_bytes())?.strip_prefix(b"=")?;
        let value = rest.trim_with(|c| c == '"' || c == '\'');
        value.starts_with(b"/").then_some(value.as_bstr())
    })
}

/// What `pyenv which` would answer without `PYENV_VERSION`: the nearest `.python-version`, else the global choice.
fn of_pyenv(lookups: &Lookups<'_>, root: &BStr, program: &BStr) -> Option<BString> {
    let nearest = upwards(lookups).map(|dir| join(dir, ".python-version"));
    let mut files = nearest.chain([join(root, "version")]);
    let choice = files.find_map(|file| lookups.read(file.as_bstr(), LARGEST_CHOICE).ok())?;
    let versions = choice.lines().filter(|line| !line.starts_with(b"#")).flat_map(words);
    let dir = join(root, "versions");
    first_executable(lookups, versions.take(16).map(|version| in_bin(join(dir.as_bstr(), version).as_bstr(), program)))
}

/// What asdf and mise would choose by `.tool-versions`, the nearest first, the one at home last.
fn of_tool_versions(lookups: &Lookups<'_>, root: &BStr, program: &BStr) -> Option<BString> {
    let home = lookups.host().variable("HOME").filter(|home| home.starts_with(b"/"));
    let nearest = upwards(lookups).map(|dir| join(dir, ".tool-versions"));
    let mut files = nearest.chain(home.map(|home| join(home.as_bstr(), ".tool-versions")));
    let installs = join(root, "installs/python");
    files.find_map(|file| {
        let content = lookups.read(file.as_bstr(), LARGEST_CHOICE).ok()?;
        let line = content.lines().find_map(|line| line.strip_prefix(b"python "))?;
        let versions = words(line).take_while(|word| !word.starts_with(b"#")).take(16);
        let candidates = versions.map(|version| in_bin(join(installs.as_bstr(), version).as_bstr(), program));
        first_executable(lookups, candidates.collect::<Vec<_>>())
    })
}

/// The words of a line.
fn words(line: &[u8]) -> impl Iterator<Item = &BStr> {
    line.fields_with(|c| c.is_ascii_whitespace()).map(BStr::new)
}

/// The program that `env` would find.
fn on_path(lookups: &Lookups<'_>, program: &BStr) -> Option<BString> {
    if program.contains(&b'/') {
        return Some(program.to_owned());
    }
    let path = lookups.host().variable("PATH")?;
    let dirs = path.split_str(":").take(256);
    first_executable(lookups, dirs.map(|dir| join(dir.as_bstr(), program)).collect::<Vec<_>>())
}
