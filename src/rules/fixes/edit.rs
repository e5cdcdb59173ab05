//! Commands that edit, rename and remove files, and leave everything else as it is.

use bstr::{BStr, BString, ByteSlice};

use super::line;
use crate::environment::Survey;
use crate::host::Platform;
use crate::rules::fix::Fix;
use crate::rules::shell::Line;
use crate::text::sentence;

/// So many names are tried for what is moved out of the way.
const MOST_UNUSED: usize = 100;

/// `sed` editing files in place; none on Windows, which has no such program.
pub fn sed<P, F>(survey: &Survey<'_>, programs: &[P], files: impl IntoIterator<Item = F>) -> Option<Line>
where
    P: AsRef<[u8]>,
    F: AsRef<[u8]>,
{
    let sed = match survey.platform() {
        Platform::Linux => line(survey, "sed").word("-i"),
        // The sed of BSD and macOS reads the next word as the suffix of a backup copy.
        Platform::Macos => line(survey, "sed").words(["-i", ""]),
        Platform::Windows => return None,
    };
    let sed = match programs {
        [program] => sed.word(program),
        _ => programs.iter().fold(sed, |sed, program| sed.word("-e").word(program)),
    };
    Some(changing(survey, sed, files))
}

/// Adds the paths that a line changes. If a fix of this environment may not change one of them, the line is not given.
fn changing<P: AsRef<[u8]>>(survey: &Survey<'_>, line: Line, paths: impl IntoIterator<Item = P>) -> Line {
    paths.into_iter().fold(line, |line, path| {
        let is_allowed = survey.may_change(path.as_ref().as_bstr());
        line.word(path).only_if(is_allowed)
    })
}

/// A basic regular expression that matches this text, for a `sed` script that is delimited by `|`.
///
/// What can stand between brackets does: a backslash would have to be written in its own way for each shell.
pub fn pattern(text: impl AsRef<[u8]>) -> BString {
    let mut pattern = BString::default();
    for &byte in text.as_ref() {
        match byte {
            b'.' | b'*' | b'[' | b'$' => pattern.extend_from_slice(&[b'[', byte, b']']),
            b'\\' | b'^' | b'|' => pattern.extend_from_slice(&[b'\\', byte]),
            _ => pattern.push(byte),
        }
    }
    pattern
}

/// A replacement that inserts this text, for a `sed` script that is delimited by `|`.
pub fn replacement(text: impl AsRef<[u8]>) -> BString {
    let mut replacement = BString::default();
    for &byte in text.as_ref() {
        if br"\&|".contains(&byte) {
            replacement.push(b'\\');
        }
        replacement.push(byte);
    }
    replacement
}

/// Deletes lines of a file by their numbers.
pub fn delete_lines(survey: &Survey<'_>, file: &BStr, numbers: &[usize]) -> Option<Line> {
    let script: Vec<String> = numbers.iter().map(|number| format!("{number}d")).collect();
    sed(survey, &[script.join(";")], [file])
}

/// Writes the output of a program that reads a file back into the file, which keeps its owner and mode; if the program
/// fails, the file stays as it is. None on Windows.
pub fn rewrite(survey: &Survey<'_>, file: &BStr, program: &[&str]) -> Option<Line> {
    let (first, arguments) = program.split_first().filter(|_| survey.platform() != Platform::Windows)?;
    let new = sentence!(file, ".new");
    let output = line(survey, first).words(arguments).word(file).raw(">").word(&new);
    let output = output.only_if(survey.may_write(file));
    Some(output.raw("&&").word("cat").word(&new).raw(">").word(file).raw("&&").word("rm").word(&new))
}

/// Removes the byte-order mark at the beginning of a file.
pub fn without_mark(survey: &Survey<'_>, file: &BStr) -> Option<Line> {
    rewrite(survey, file, &["tail", "-c", "+4"])
}

/// Sets one key of `pyvenv.cfg`, replacing its current value.
pub fn set_key(survey: &Survey<'_>, cfg: &BStr, key: &str, value: &BStr) -> Fix {
    let fix = Fix::advice(sentence!("set ", key, " to ", value, " in ", cfg));
    match assignment(survey, cfg, key, value) {
        Some(line) => fix.command(line).safe(),
        None => fix,
    }
}

/// The command that sets one key; none on Windows.
pub(super) fn assignment(survey: &Survey<'_>, cfg: &BStr, key: &str, value: &BStr) -> Option<Line> {
    let found = sentence!("^[[:space:]]*", pattern(key), "[[:space:]]*=.*");
    let program = sentence!("s|", found, "|", replacement(key), " = ", replacement(value), "|");
    sed(survey, &[program], [cfg])
}

/// Renames a file or a directory.
pub fn rename(survey: &Survey<'_>, file: &BStr, name: impl AsRef<[u8]>) -> Line {
    match survey.platform() {
        Platform::Windows => {
            changing(survey, line(survey, "Move-Item").word("-LiteralPath"), [file]).word("-Destination").word(name)
        }
        Platform::Linux | Platform::Macos => changing(survey, line(survey, "mv").word("--"), [file]).word(name),
    }
}

/// A path that does not exist, for what is moved out of the way: the path itself with an ending, and a number if need be.
pub fn unused(survey: &Survey<'_>, path: impl AsRef<[u8]>, ending: &str) -> BString {
    let first = sentence!(path.as_ref().as_bstr(), ending);
    let numbered = (2..MOST_UNUSED).map(|number| sentence!(first, "-", number.to_string()));
    let mut names = std::iter::once(first.clone()).chain(numbered);
    names.find(|name| survey.is_missing(name.as_bstr())).unwrap_or(first)
}

/// Removes a file, or a symlink but not its target.
pub fn remove_file(survey: &Survey<'_>, file: &BStr) -> Line {
    match survey.platform() {
        Platform::Windows => changing(survey, line(survey, "Remove-Item").word("-LiteralPath"), [file]),
        Platform::Linux | Platform::Macos => changing(survey, line(survey, "rm").word("--"), [file]),
    }
}

/// Removes files, and directories with everything in them.
pub fn remove<P: AsRef<[u8]>>(survey: &Survey<'_>, paths: impl IntoIterator<Item = P>) -> Line {
    match survey.platform() {
        Platform::Windows => {
            listed(survey, line(survey, "Remove-Item").words(["-Recurse", "-Force", "-LiteralPath"]), paths)
        }
        Platform::Linux | Platform::Macos => changing(survey, line(survey, "rm").words(["-rf", "--"]), paths),
    }
}

/// `PowerShell` separates the paths of one parameter by commas.
fn listed<P: AsRef<[u8]>>(survey: &Survey<'_>, line: Line, paths: impl IntoIterator<Item = P>) -> Line {
    let mut paths = paths.into_iter();
    let Some(first) = paths.next() else { return line };
    paths.fold(changing(survey, line, [first]), |line, path| changing(survey, line.raw(","), [path]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_escaped() {
        assert_eq!(pattern("/a.b|[c]"), r"/a[.]b\|[[]c]");
        assert_eq!(replacement(r"/a&b\c|d"), r"/a\&b\\c\|d");
    }
}
