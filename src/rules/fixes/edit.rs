//! Changes of files, each with the command line that does the same. Everything else stays as it is.

use bstr::{BStr, BString, ByteSlice};

use super::line;
use crate::environment::Survey;
use crate::host::Platform;
use crate::rules::action::{Action, ModeChange, Removal};
use crate::rules::edit::{Edit, Encoding, Part, Substitution};
use crate::rules::fix::Fix;
use crate::rules::shell::Line;
use crate::text::sentence;

/// Larger files are not looked into.
const MOST_BYTES: u64 = 16 << 20;
/// So many names are tried for what is moved out of the way.
const MOST_UNUSED: usize = 100;

/// Edits files in place, all in the same way. The shell of Windows has no program for it, so that this program does it.
pub fn edit<F: AsRef<[u8]>>(survey: &Survey<'_>, edit: &Edit, files: impl IntoIterator<Item = F>) -> Option<Line> {
    let programs = edit.sed()?;
    let files: Vec<BString> = files.into_iter().map(|file| file.as_ref().into()).collect();
    // Where characters have several bytes, `.` matches no byte that is none, and `.*` ends in front of it.
    let sed = if files.iter().all(|file| is_text(survey, file.as_bstr())) {
        line(survey, "sed")
    } else {
        line(survey, "env").words(["LC_ALL=C", "sed"])
    };
    let sed = match survey.platform() {
        Platform::Linux => sed.word("-i"),
        // The sed of BSD and macOS reads the next word as the suffix of a backup copy.
        Platform::Macos => sed.words(["-i", ""]),
        Platform::Windows => sed.without_text(),
    };
    let sed = match programs.as_slice() {
        [program] => sed.word(program),
        _ => programs.iter().fold(sed, |sed, program| sed.word("-e").word(program)),
    };
    let actions = files.iter().map(|file| Action::Write { path: file.clone(), edit: edit.clone() });
    Some(changing(survey, sed, &files).doing(actions))
}

/// Whether a file is UTF-8, as far as it can be read.
fn is_text(survey: &Survey<'_>, file: &BStr) -> bool {
    survey.ask.read(file, MOST_BYTES).map_or(true, |content| content.is_utf8())
}

/// Replaces parts of lines of files.
pub fn substitute<F: AsRef<[u8]>>(
    survey: &Survey<'_>,
    substitutions: impl IntoIterator<Item = Substitution>,
    files: impl IntoIterator<Item = F>,
) -> Option<Line> {
    edit(survey, &Edit::Substitute(substitutions.into_iter().collect()), files)
}

/// A line that begins with a program of Unix. On Windows, it has no text.
fn unixes(survey: &Survey<'_>, program: &str) -> Line {
    let line = line(survey, program);
    if survey.platform() == Platform::Windows { line.without_text() } else { line }
}

/// Adds the paths that a line changes. If a fix of this environment may not change one of them, the line is not given.
fn changing<P: AsRef<[u8]>>(survey: &Survey<'_>, line: Line, paths: impl IntoIterator<Item = P>) -> Line {
    paths.into_iter().fold(line, |line, path| {
        let is_allowed = survey.may_change(path.as_ref().as_bstr());
        line.word(path).only_if(is_allowed)
    })
}

/// Deletes lines of a file by their numbers.
pub fn delete_lines(survey: &Survey<'_>, file: &BStr, numbers: &[usize]) -> Option<Line> {
    edit(survey, &Edit::DeleteLines(numbers.to_vec()), [file])
}

/// Writes the output of a program that reads a file back into the file, which keeps its owner and mode; if the program
/// fails, the file stays as it is.
fn rewrite(survey: &Survey<'_>, file: &BStr, program: &[&str], edit: Edit) -> Option<Line> {
    let (first, arguments) = program.split_first()?;
    let new = sentence!(file, ".new");
    let output = unixes(survey, first).words(arguments).word(file).raw(">").word(&new);
    let output = output.only_if(survey.may_write(file));
    let text = output.raw("&&").word("cat").word(&new).raw(">").word(file).raw("&&").word("rm").word(&new);
    Some(text.doing([Action::Write { path: file.to_owned(), edit }]))
}

/// Removes the byte-order mark at the beginning of a file.
pub fn without_mark(survey: &Survey<'_>, file: &BStr) -> Option<Line> {
    rewrite(survey, file, &["tail", "-c", "+4"], Edit::WithoutMark)
}

/// Converts a file to UTF-8, which loses nothing.
pub fn to_utf8(survey: &Survey<'_>, file: &BStr, encoding: Encoding) -> Option<Line> {
    rewrite(survey, file, &["iconv", "-f", encoding.name(), "-t", "UTF-8"], Edit::ToUtf8(encoding))
}

/// Writes lines into a file, whatever is in it now; not through a symlink.
pub fn write<L: AsRef<[u8]>>(survey: &Survey<'_>, file: &BStr, lines: impl IntoIterator<Item = L>) -> Line {
    write_new(survey, file, lines).only_if(survey.may_write(file))
}

/// The same, where what is there now is removed first.
pub fn write_new<L: AsRef<[u8]>>(survey: &Survey<'_>, file: &BStr, lines: impl IntoIterator<Item = L>) -> Line {
    let (mut text, mut content) = (unixes(survey, "printf").word("%s\\n"), BString::default());
    for one in lines {
        content.extend_from_slice(one.as_ref());
        content.push(b'\n');
        text = text.word(one);
    }
    let text = text.raw(">").word(file).only_if(survey.may_change(file));
    text.doing([Action::Write { path: file.to_owned(), edit: Edit::Content(content) }])
}

/// Appends a line to a file, whose last line ends in a line break or does not.
pub fn append(survey: &Survey<'_>, file: &BStr, is_ended: bool, text: &BStr) -> Line {
    let format = if is_ended { "%s\\n" } else { "\\n%s\\n" };
    let command = unixes(survey, "printf").word(format).word(text).raw(">>").word(file).only_if(survey.may_write(file));
    command.doing([Action::Write { path: file.to_owned(), edit: Edit::Append(text.to_owned()) }])
}

/// Gives a file the content of another one. The file is replaced, not written into.
pub fn copy(survey: &Survey<'_>, from: &BStr, file: &BStr) -> Line {
    let text = changing(survey, unixes(survey, "cp").words(["-f", "--"]).word(from), [file]);
    text.doing([Action::Write { path: file.to_owned(), edit: Edit::CopyOf(from.to_owned()) }])
}

/// Creates a symlink, also where a symlink or a file is now.
pub fn symlink(survey: &Survey<'_>, target: impl AsRef<[u8]>, path: &BStr) -> Line {
    let target = target.as_ref().as_bstr();
    let text = changing(survey, unixes(survey, "ln").words(["-s", "-f", "-n", "--"]).word(target), [path]);
    text.doing([Action::Symlink { path: path.to_owned(), target: target.to_owned() }])
}

/// Changes permission bits.
pub fn chmod<P: AsRef<[u8]>>(survey: &Survey<'_>, mode: ModeChange, paths: impl IntoIterator<Item = P>) -> Line {
    let paths: Vec<BString> = paths.into_iter().map(|path| path.as_ref().into()).collect();
    let text = changing(survey, unixes(survey, "chmod").words([mode.symbols, "--"]), &paths);
    text.doing(paths.into_iter().map(|path| Action::ChangeMode { path, mode }))
}

/// Creates a directory.
pub fn make_dir(survey: &Survey<'_>, path: &BStr) -> Line {
    let text = match survey.platform() {
        Platform::Windows => line(survey, "New-Item").words(["-ItemType", "Directory", "-Path"]),
        Platform::Linux | Platform::Macos => line(survey, "mkdir").word("--"),
    };
    changing(survey, text, [path]).doing([Action::MakeDir { path: path.to_owned() }])
}

/// Sets one key of `pyvenv.cfg`, replacing its current value.
pub fn set_key(survey: &Survey<'_>, cfg: &BStr, key: &str, value: &BStr) -> Fix {
    let fix = Fix::advice(sentence!("set ", key, " to ", value, " in ", cfg));
    match assignment(survey, cfg, key, value) {
        Some(line) => fix.command(line).safe(),
        None => fix,
    }
}

/// The command that sets one key.
pub(super) fn assignment(survey: &Survey<'_>, cfg: &BStr, key: &str, value: &BStr) -> Option<Line> {
    let set = Substitution::everywhere(Part::Assignment(key.into()), sentence!(key, " = ", value));
    substitute(survey, [set], [cfg])
}

/// Renames a file or a directory.
pub fn rename(survey: &Survey<'_>, file: &BStr, name: impl AsRef<[u8]>) -> Line {
    let to = BString::from(name.as_ref());
    let text = match survey.platform() {
        Platform::Windows => {
            changing(survey, line(survey, "Move-Item").word("-LiteralPath"), [file]).word("-Destination").word(name)
        }
        Platform::Linux | Platform::Macos => changing(survey, line(survey, "mv").word("--"), [file]).word(name),
    };
    text.doing([Action::Rename { path: file.to_owned(), to }])
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
    remove_files(survey, [file])
}

/// Removes files, or symlinks but not their targets.
pub fn remove_files<P: AsRef<[u8]>>(survey: &Survey<'_>, files: impl IntoIterator<Item = P>) -> Line {
    let text = match survey.platform() {
        Platform::Windows => line(survey, "Remove-Item").word("-LiteralPath"),
        Platform::Linux | Platform::Macos => line(survey, "rm").word("--"),
    };
    removing(survey, text, Removal::File, files)
}

/// Removes a directory in which nothing is.
pub fn remove_empty(survey: &Survey<'_>, dir: &BStr) -> Line {
    let text = match survey.platform() {
        Platform::Windows => line(survey, "Remove-Item").word("-LiteralPath"),
        Platform::Linux | Platform::Macos => line(survey, "rmdir").word("--"),
    };
    removing(survey, text, Removal::EmptyDir, [dir])
}

/// Removes files, and directories with everything in them.
pub fn remove<P: AsRef<[u8]>>(survey: &Survey<'_>, paths: impl IntoIterator<Item = P>) -> Line {
    let text = match survey.platform() {
        Platform::Windows => line(survey, "Remove-Item").words(["-Recurse", "-Force", "-LiteralPath"]),
        Platform::Linux | Platform::Macos => line(survey, "rm").words(["-rf", "--"]),
    };
    removing(survey, text, Removal::Tree, paths)
}

/// `PowerShell` separates the paths of one parameter by commas.
fn removing<P: AsRef<[u8]>>(
    survey: &Survey<'_>,
    text: Line,
    removal: Removal,
    paths: impl IntoIterator<Item = P>,
) -> Line {
    let mut actions = Vec::new();
    let mut text = text;
    for path in paths {
        if !actions.is_empty() && survey.platform() == Platform::Windows {
            text = text.raw(",");
        }
        actions.push(Action::Remove { path: path.as_ref().into(), removal });
        text = changing(survey, text, [path]);
    }
    text.doing(actions)
}
