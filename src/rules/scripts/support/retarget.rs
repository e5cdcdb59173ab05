//! Commands that make scripts start another Python.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{Script, ScriptForm, Start, Survey};
use crate::host::Platform;
use crate::rules::fixes::substitute;
use crate::rules::{Line, Part, Substitution};

/// The longest first line that every kernel accepts: Linux before 5.1 read 128 bytes, including its own terminator.
pub const SAFE_LENGTH: usize = 126;

/// The environment's directory, without `.`, `..` or empty components that scripts should not contain.
pub fn root(survey: &Survey<'_>) -> BString {
    tidy(survey, survey.root())
}

/// The environment's Python.
pub fn python(survey: &Survey<'_>) -> BString {
    survey.join(bin(survey), survey.base_name(survey.executable()))
}

/// The directory of the environment's Python.
pub fn bin(survey: &Survey<'_>) -> BString {
    tidy(survey, survey.bin())
}

fn tidy(survey: &Survey<'_>, dir: &BStr) -> BString {
    let is_odd = dir.split_str("/").skip(1).any(|name| matches!(name, b"" | b"." | b".."));
    let real = is_odd.then(|| survey.ask.real_path(dir).ok()).flatten();
    real.unwrap_or_else(|| dir.to_owned())
}

/// Whether no character of a path is special to a shell, to `sed` or to the kernel.
pub fn is_plain(path: &BStr) -> bool {
    let is_odd = |c: char| !(c.is_alphanumeric() || "/._-+=:@%,~".contains(c));
    path.to_str().is_ok_and(|text| !text.contains(is_odd))
}

/// Whether a path can be put between double quotes, both for a shell and for Python.
fn can_be_quoted(path: &BStr) -> bool {
    path.to_str().is_ok_and(|text| !text.contains(|c: char| c.is_control() || "\"$`\\'".contains(c)))
}

/// Replaces the directory `old` in the scripts with that of this environment's Python.
pub fn replace_dir(survey: &Survey<'_>, scripts: &[(&Script, &Start)], old: &BStr) -> Vec<Line> {
    let new = bin(survey);
    let [old, new] = [bounded(old), bounded(new.as_bstr())];
    let fits = |(script, start): &(&Script, &Start)| {
        let grown = (script.first.len() + new.len()).saturating_sub(old.len());
        start.text.contains_str(&old) && (start.form == ScriptForm::Exec || grown <= SAFE_LENGTH)
    };
    if !(is_plain(new.as_bstr()) && scripts.iter().all(fits)) {
        return start(survey, scripts, python(survey).as_bstr());
    }
    let moved = Substitution::between(1, 2, Part::Text(old), new);
    let files = scripts.iter().map(|(script, _)| &script.path);
    substitute(survey, [moved], files).into_iter().collect()
}

/// A directory with a separator at its end, so that it does not match part of a longer name.
fn bounded(dir: &BStr) -> BString {
    crate::text::sentence!(dir, "/")
}

/// Makes every script start `python`, directly or through `/bin/sh` as its path requires. Empty if no command can.
pub fn start(survey: &Survey<'_>, scripts: &[(&Script, &Start)], python: &BStr) -> Vec<Line> {
    let is_direct = is_plain(python) && python.len() + 2 <= SAFE_LENGTH;
    let is_quotable = can_be_quoted(python) && survey.platform() == Platform::Linux;
    if !(is_direct || is_quotable) {
        return Vec::new();
    }
    let command = crate::text::sentence!("'''exec' \"", python, "\" \"$0\" \"$@\"");
    let first = if is_direct {
        crate::text::sentence!("#!", python)
    } else {
        crate::text::sentence!("#!/bin/sh\n", command, "\n' '''")
    };
    let first = Substitution::between(1, 1, Part::HashBang, first);
    let second = Substitution::between(2, 2, Part::Whole, command);
    let edits = [(first, false), (second, true)];
    let lines = edits.into_iter().filter_map(|(edit, through_shell)| {
        let has_form = |(_, start): &&(&Script, &Start)| (start.form == ScriptForm::Exec) == through_shell;
        let files: Vec<&BString> = scripts.iter().filter(has_form).map(|(script, _)| &script.path).collect();
        if files.is_empty() { None } else { substitute(survey, [edit], files) }
    });
    lines.collect()
}
