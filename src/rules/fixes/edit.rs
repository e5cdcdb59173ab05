//! Files changed, renamed and removed by commands that keep what is not meant.

use bstr::{BStr, BString};

use super::line;
use crate::environment::Survey;
use crate::host::Platform;
use crate::rules::fix::Fix;
use crate::rules::shell::Line;
use crate::text::sentence;

/// `sed` editing a file in its place, without the script and the file; none on Windows, which has no such program.
pub fn sed(survey: &Survey<'_>) -> Option<Line> {
    match survey.platform() {
        Platform::Linux => Some(line(survey, "sed").word("-i")),
        // The sed of the BSDs takes the next word for the suffix of a copy.
        Platform::Macos => Some(line(survey, "sed").words(["-i", ""])),
        Platform::Windows => None,
    }
}

/// A text as a basic regular expression that finds it, and with `|` around it.
pub fn pattern(text: impl AsRef<[u8]>) -> BString {
    escaped(text.as_ref(), br"\.*[]^$|")
}

/// A text as what `sed` puts in the place of what it found.
pub fn replacement(text: impl AsRef<[u8]>) -> BString {
    escaped(text.as_ref(), br"\&|")
}

fn escaped(text: &[u8], special: &[u8]) -> BString {
    let mut escaped = BString::default();
    for byte in text {
        if special.contains(byte) {
            escaped.push(b'\\');
        }
        escaped.push(*byte);
    }
    escaped
}

/// Takes lines out of a file by their numbers.
pub fn delete_lines(survey: &Survey<'_>, file: &BStr, numbers: &[usize]) -> Option<Line> {
    let script: Vec<String> = numbers.iter().map(|number| format!("{number}d")).collect();
    Some(sed(survey)?.word(script.join(";")).word(file))
}

/// Writes what a program makes of a file back into it, so that its owner and its mode stay; where the program fails,
/// the file stays as it is. None on Windows.
pub fn rewrite(survey: &Survey<'_>, file: &BStr, program: &[&str]) -> Option<Line> {
    let (first, arguments) = program.split_first().filter(|_| survey.platform() != Platform::Windows)?;
    let new = sentence!(file, ".new");
    let made = line(survey, first).words(arguments).word(file).raw(">").word(&new);
    Some(made.raw("&&").word("cat").word(&new).raw(">").word(file).raw("&&").word("rm").word(&new))
}

/// Takes a byte-order mark from the beginning of a file.
pub fn without_mark(survey: &Survey<'_>, file: &BStr) -> Option<Line> {
    rewrite(survey, file, &["tail", "-c", "+4"])
}

/// Writes one key of `pyvenv.cfg`, in the place of whatever it says now.
pub fn set_key(survey: &Survey<'_>, cfg: &BStr, key: &str, value: &BStr) -> Fix {
    let fix = Fix::advice(sentence!("set ", key, " to ", value, " in ", cfg));
    match assignment(survey, cfg, key, value) {
        Some(line) => fix.command(line).safe(),
        None => fix,
    }
}

/// The command that writes one key; Windows has none for it.
pub(super) fn assignment(survey: &Survey<'_>, cfg: &BStr, key: &str, value: &BStr) -> Option<Line> {
    let found = sentence!("^[[:space:]]*", pattern(key), "[[:space:]]*=.*");
    let program = sentence!("s|", found, "|", replacement(key), " = ", replacement(value), "|");
    Some(sed(survey)?.word(program).word(cfg))
}

/// Gives a file another name.
pub fn rename(survey: &Survey<'_>, file: &BStr, name: impl AsRef<[u8]>) -> Line {
    let line = match survey.platform() {
        Platform::Windows => line(survey, "move"),
        Platform::Linux | Platform::Macos => line(survey, "mv").word("--"),
    };
    line.word(file).word(name)
}

/// Removes a file, or a link and not what it leads to.
pub fn remove_file(survey: &Survey<'_>, file: &BStr) -> Line {
    match survey.platform() {
        Platform::Windows => line(survey, "del").word(file),
        Platform::Linux | Platform::Macos => line(survey, "rm").word("--").word(file),
    }
}

/// Removes files and directories with all that is in them.
pub fn remove<P: AsRef<[u8]>>(survey: &Survey<'_>, paths: impl IntoIterator<Item = P>) -> Line {
    match survey.platform() {
        Platform::Windows => line(survey, "Remove-Item").words(["-Recurse", "-Force"]).words(paths),
        Platform::Linux | Platform::Macos => line(survey, "rm").words(["-rf", "--"]).words(paths),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_for_themselves() {
        assert_eq!(pattern("/a.b|[c]"), r"/a\.b\|\[c\]");
        assert_eq!(replacement(r"/a&b\c|d"), r"/a\&b\\c\|d");
    }
}
