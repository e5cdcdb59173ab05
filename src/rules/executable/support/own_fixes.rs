//! What to do about a file that starts no Python.

use bstr::{BString, ByteSlice};

use crate::environment::{Creator, InterpreterName, Launcher, Survey};
use crate::host::FileKind;
use crate::interpreter::Problem;
use crate::rules::{Fix, fixes};
use crate::text::sentence;

/// The most that is read of a text that was a link once.
const LONGEST_PATH: u64 = 4096;
/// The most scripts that are looked into.
const MOST_SCRIPTS: usize = 256;

/// What fixes a problem of this executable.
pub fn fix(survey: &Survey<'_>, problem: &Problem) -> Fix {
    if let Problem::BadLibrary { library } = problem
        && is_on_library_path(survey, library)
    {
        return fixes::unset(survey, "LD_LIBRARY_PATH");
    }
    if !is_launcher(survey) {
        return outside(problem);
    }
    match problem {
        Problem::Missing => another_name(survey).unwrap_or_else(|| fixes::restore(survey)),
        Problem::NotExecutable => modes(survey),
        Problem::TextLink { .. } => links(survey).unwrap_or_else(|| fixes::restore(survey)),
        Problem::Script { real: Some(real), .. } => match survey.ask.real_path(real.as_bstr()) {
            Ok(real) if survey.cfg().is_some() => fixes::relink(survey, real.as_bstr()),
            _ => fixes::restore(survey),
        },
        Problem::WrongArchitecture { .. } | Problem::WrongSystem { .. } | Problem::MissingLoader { .. } => {
            // What is installed is built for the same system as the interpreter.
            let fix = fixes::recreate(survey);
            Fix { advice: sentence!("on this machine, ", fix.advice), ..fix }
        }
        Problem::Directory => outside(problem),
        _ => fixes::restore(survey),
    }
}

/// Whether it is the interpreter of an environment, under a name that environments have.
fn is_launcher(survey: &Survey<'_>) -> bool {
    let name = survey.base_name(survey.executable());
    let identification = &survey.resolution.identification;
    let is_unknown = identification.file.is_none() && identification.hops.is_empty();
    if is_unknown
        && survey.base_name(survey.resolution.invocation.executable.as_bstr())
            == survey.resolution.invocation.executable
    {
        // A bare name that is nowhere on PATH.
        return false;
    }
    let is_environment = survey.is_environment() || *survey.creator() != Creator::Unknown;
    let is_windows = survey.flavor() == crate::host::path::Flavor::Windows;
    is_environment && (is_windows || InterpreterName::parse(name.as_bstr()).is_some())
}

/// Whether the loader found a file because of `LD_LIBRARY_PATH`.
pub fn is_on_library_path(survey: &Survey<'_>, library: &BString) -> bool {
    let list = survey.resolution.invocation.variable("LD_LIBRARY_PATH").unwrap_or_default();
    let dir = survey.parent(library.as_bstr());
    let is_named = |part: &[u8]| !part.is_empty() && part.trim_end_with(|c| c == '/') == dir.as_slice();
    list.split(|byte| matches!(byte, b':' | b';')).any(is_named)
}

/// Where there is no environment to be mended.
fn outside(problem: &Problem) -> Fix {
    Fix::advice(match problem {
        Problem::Missing => "check the path".into(),
        Problem::DanglingLink { target, .. } => {
            sentence!("install the Python that ", target, " named, or link to one that exists")
        }
        Problem::Directory => "name the interpreter in it, such as bin/python".into(),
        Problem::NotExecutable => "chmod +x on the file".into(),
        Problem::TextLink { target } => sentence!("replace the file by a link to ", target),
        Problem::Script { real: Some(real), .. } => sentence!("ask about ", real, " instead"),
        Problem::Script { .. } => "ask about the interpreter that the script starts".into(),
        Problem::Unreachable { path } => sentence!("ask whoever owns ", path, ", or use a Python that you may start"),
        Problem::WrongArchitecture { .. } | Problem::WrongSystem { .. } | Problem::MissingLoader { .. } => {
            BString::from("install a Python that is built for this machine")
        }
        Problem::LinkLoop => "make the link anew, to a Python that exists".into(),
        _ => "install the Python that this file belongs to again".into(),
    })
}

/// The name is missing, and another one beside it works.
fn another_name(survey: &Survey<'_>) -> Option<Fix> {
    let launchers = survey.launchers();
    let works = |launcher: &&Launcher| launcher.end.as_ref().is_ok_and(|end| end.kind == FileKind::File);
    let other = launchers.iter().find(works)?;
    let typed = survey.base_name(survey.executable());
    let minor = |name: &BString| InterpreterName::parse(name.as_bstr()).and_then(|name| name.minor);
    if minor(&typed).is_some_and(|wanted| minor(&other.name) != Some(wanted)) {
        return None;
    }
    let command = fixes::line(survey, "ln").word("-s").word(&other.name).word(survey.executable());
    Some(Fix::advice(sentence!("link the name to ", other.name, ", which is there")).command(command).safe())
}

/// The bits of the interpreter, and of the scripts beside it that lost theirs in the same accident.
fn modes(survey: &Survey<'_>) -> Fix {
    let identification = &survey.resolution.identification;
    let file = identification.file.clone().unwrap_or_else(|| survey.executable().to_owned());
    let mut files: Vec<BString> = Vec::new();
    if survey.is_below(file.as_bstr(), survey.root()) {
        let bin = survey.bin();
        let paths = survey.list(bin).into_iter().take(MOST_SCRIPTS).map(|name| survey.join(bin, name));
        files.extend(paths.filter(|path| *path == file || lost_its_mode(survey, path)));
    }
    if !files.contains(&file) {
        files.push(file);
    }
    let command = fixes::line(survey, "chmod").words(["+x", "--"]).words(&files);
    Fix::advice("give the execution bits back").command(command).safe()
}

fn lost_its_mode(survey: &Survey<'_>, path: &BString) -> bool {
    let path = path.as_bstr();
    let is_link = survey.ask.read_link(path).is_ok();
    let metadata = survey.metadata(path).ok().filter(|metadata| metadata.kind == FileKind::File && !is_link);
    let is_program = |head: &[u8]| head.starts_with(b"#!") || head.starts_with(b"\x7fELF");
    metadata.is_some_and(|metadata| !metadata.executable) && survey.head(path, 4).is_some_and(|head| is_program(&head))
}

/// Makes links again of the texts in the directory of the interpreter, if that gives it one.
fn links(survey: &Survey<'_>) -> Option<Fix> {
    let launchers = survey.launchers();
    let mut texts = Vec::new();
    for launcher in launchers.iter().filter(|launcher| launcher.target.is_none()) {
        let Some(text) = text_of(survey, launcher) else { continue };
        let end = survey.join(survey.bin(), &text);
        let is_another = launchers.iter().any(|other| other.name == text && other.name != launcher.name);
        if !is_another && !survey.is_file(end.as_bstr()) {
            return None;
        }
        texts.push((text, launcher.path.clone()));
    }
    let is_end =
        |(text, _): &(BString, BString)| !texts.iter().any(|(_, path)| *path == survey.join(survey.bin(), text));
    if !texts.iter().any(is_end) {
        return None;
    }
    let link = |(text, path): &(BString, BString)| fixes::line(survey, "ln").words(["-s", "-f"]).word(text).word(path);
    Some(Fix::advice("make links of the texts again").commands(texts.iter().map(link)).safe())
}

/// The path that stands in a small file.
fn text_of(survey: &Survey<'_>, launcher: &Launcher) -> Option<BString> {
    let end = launcher.end.as_ref().ok().filter(|end| end.kind == FileKind::File && end.len < LONGEST_PATH)?;
    let content = (end.len > 0).then(|| survey.ask.read(launcher.path.as_bstr(), LONGEST_PATH).ok())??;
    let text = content.trim_end().as_bstr();
    let is_path = !text.is_empty() && !text.starts_with(b"#!") && text.iter().all(|&byte| byte >= b' ');
    is_path.then(|| text.to_owned())
}
