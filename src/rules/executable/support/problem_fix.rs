//! How to fix an executable that is not a Python that starts.

use bstr::{BStr, BString, ByteSlice};

use super::library_path;
use crate::environment::{Creator, InterpreterName, Launcher, Survey};
use crate::host::FileKind;
use crate::interpreter::Problem;
use crate::rules::{Fix, ModeChange, fixes};
use crate::text::sentence;

/// How much is read of a text file that was a symlink.
const LONGEST_PATH: u64 = 4096;
/// How many scripts are read at most.
const MOST_SCRIPTS: usize = 256;

/// Fixes a problem of the executable.
pub fn fix(survey: &Survey<'_>, problem: &Problem) -> Fix {
    if let Some(fix) = of_loader(survey, problem) {
        return fix;
    }
    if !is_in_environment(survey) {
        return outside_environment(problem);
    }
    match problem {
        Problem::Missing => another_name(survey).unwrap_or_else(|| fixes::restore(survey)),
        Problem::NotExecutable => execute_permissions(survey),
        Problem::TextLink { .. } => texts_to_symlinks(survey).unwrap_or_else(|| fixes::restore(survey)),
        Problem::Script { real: Some(real), .. } => match survey.ask.real_path(real.as_bstr()) {
            Ok(real) if survey.cfg().is_some() && may_replace(survey, real.as_bstr()) => {
                fixes::relink(survey, real.as_bstr())
            }
            _ => fixes::restore(survey),
        },
        Problem::WrongArchitecture { .. } | Problem::WrongSystem { .. } | Problem::MissingLoader { .. } => {
            // Installed packages are built for the same system as the interpreter.
            let fix = fixes::recreate(survey);
            Fix { advice: sentence!("on this machine, ", fix.advice), ..fix }
        }
        Problem::Directory => outside_environment(problem),
        _ => fixes::restore(survey),
    }
}

/// Whether the environment has a library for an interpreter of this name, where the name tells the version.
fn may_replace(survey: &Survey<'_>, interpreter: &BStr) -> bool {
    let name = survey.base_name(interpreter);
    let library =
        InterpreterName::parse(name.as_bstr()).and_then(|name| Some(format!("lib/{}3.{}", name.stem, name.minor?)));
    library.is_none_or(|library| survey.ask.is_dir(survey.join(survey.root(), library).as_bstr()))
}

/// Where a variable or the rights of the file are what is wrong, and not the environment.
fn of_loader(survey: &Survey<'_>, problem: &Problem) -> Option<Fix> {
    match problem {
        Problem::BadLibrary { library, .. }
        | Problem::MissingVersion { library, .. }
        | Problem::LoadingUnknown { object: library, .. }
            if library_path::contains(survey, library.as_bstr()) =>
        {
            Some(fixes::unset(survey, "LD_LIBRARY_PATH"))
        }
        Problem::MissingSymbol { .. } => {
            let is_set = survey.resolution.invocation.variable("LD_LIBRARY_PATH").is_some_and(|list| !list.is_empty());
            is_set.then(|| fixes::unset(survey, "LD_LIBRARY_PATH"))
        }
        Problem::OnlyListed { variable } => Some(fixes::unset(survey, variable)),
        Problem::LoadingUnknown { .. } => {
            Some(Fix::advice("compare with a real start: run the interpreter with -c 'import sys; print(sys.prefix)'"))
        }
        Problem::BadLoader { .. } => {
            Some(Fix::advice("reinstall the package that provides the dynamic loader, which is that of the C library"))
        }
        Problem::ForbiddenLibrary { .. } => Some(Fix::advice(
            "remove the set-user-ID and set-group-ID bits (chmod u-s,g-s) and the capabilities (setcap -r) from the \
             interpreter, and give these rights to a program that does one thing",
        )),
        _ => None,
    }
}

/// Whether the executable is that of an environment, under a name that environments use.
fn is_in_environment(survey: &Survey<'_>) -> bool {
    let name = survey.base_name(survey.executable());
    let identification = &survey.resolution.identification;
    let is_unknown = identification.file.is_none() && identification.hops.is_empty();
    if is_unknown
        && survey.base_name(survey.resolution.invocation.executable.as_bstr())
            == survey.resolution.invocation.executable
    {
        // A name without a directory that PATH does not find.
        return false;
    }
    let is_environment = survey.is_environment() || *survey.creator() != Creator::Unknown;
    let is_windows = survey.flavor() == crate::host::path::Flavor::Windows;
    is_environment && (is_windows || InterpreterName::parse(name.as_bstr()).is_some())
}

/// Advice where there is no environment to fix.
fn outside_environment(problem: &Problem) -> Fix {
    Fix::advice(match problem {
        Problem::Missing => "check the path".into(),
        Problem::DanglingLink { target, .. } => {
            sentence!("install the Python that ", target, " was part of, or point the symlink to one that exists")
        }
        Problem::Directory => "give the path of the interpreter in that directory, such as bin/python".into(),
        Problem::NotExecutable => "run chmod +x on the file".into(),
        Problem::TextLink { target } => sentence!("replace the file with a symlink to ", target),
        Problem::Script { real: Some(real), .. } => sentence!("run venv-doctor on ", real, " instead"),
        Problem::Script { .. } => "run venv-doctor on the interpreter that the script starts".into(),
        Problem::Unreachable { path } => {
            sentence!("ask the owner of ", path, " for access, or use a Python that you may start")
        }
        Problem::WrongArchitecture { .. } | Problem::WrongSystem { .. } | Problem::MissingLoader { .. } => {
            BString::from("install a Python that is built for this machine")
        }
        Problem::LinkLoop => "replace the symlink with one to a Python that exists".into(),
        Problem::NotPython | Problem::EmbedsPython { .. } => "name a Python interpreter instead".into(),
        _ => "reinstall the Python that installed this file".into(),
    })
}

/// Where the name is missing, but another one next to it works.
fn another_name(survey: &Survey<'_>) -> Option<Fix> {
    let launchers = survey.launchers();
    let works = |launcher: &&Launcher| launcher.end.as_ref().is_ok_and(|end| end.kind == FileKind::File);
    let other = launchers.iter().find(works)?;
    let typed = survey.base_name(survey.executable());
    let minor = |name: &BString| InterpreterName::parse(name.as_bstr()).and_then(|name| name.minor);
    if minor(&typed).is_some_and(|wanted| minor(&other.name) != Some(wanted)) {
        return None;
    }
    let command = fixes::symlink(survey, &other.name, survey.executable());
    Some(
        Fix::advice(sentence!("create a symlink with this name to ", other.name, ", which exists"))
            .command(command)
            .safe(),
    )
}

/// Restores the execute permission of the interpreter, and of the scripts next to it that have lost theirs.
fn execute_permissions(survey: &Survey<'_>) -> Fix {
    let identification = &survey.resolution.identification;
    let file = identification.file.clone().unwrap_or_else(|| survey.executable().to_owned());
    let mut files: Vec<BString> = Vec::new();
    if survey.is_below(file.as_bstr(), survey.root()) {
        let bin = survey.bin();
        let paths = survey.list(bin).into_iter().take(MOST_SCRIPTS).map(|name| survey.join(bin, name));
        files.extend(paths.filter(|path| *path == file || lost_permission(survey, path)));
    }
    if !files.contains(&file) {
        files.push(file);
    }
    let command = fixes::chmod(survey, ModeChange::EXECUTABLE, &files);
    Fix::advice("restore the execute permissions").command(command).safe()
}

/// Whether a program or script has no execute permission.
fn lost_permission(survey: &Survey<'_>, path: &BString) -> bool {
    let path = path.as_bstr();
    let is_symlink = survey.ask.read_link(path).is_ok();
    let metadata = survey.metadata(path).ok().filter(|metadata| metadata.kind == FileKind::File && !is_symlink);
    let is_program = |head: &[u8]| head.starts_with(b"#!") || head.starts_with(b"\x7fELF");
    metadata.is_some_and(|metadata| !metadata.executable) && survey.head(path, 4).is_some_and(|head| is_program(&head))
}

/// Turns the text files in the directory of the interpreter back into symlinks, if that makes them lead to a program.
fn texts_to_symlinks(survey: &Survey<'_>) -> Option<Fix> {
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
    let symlink = |(text, path): &(BString, BString)| fixes::symlink(survey, text, path.as_bstr());
    Some(Fix::advice("turn the text files back into symlinks").commands(texts.iter().map(symlink)).safe())
}

/// The path that a small text file contains.
fn text_of(survey: &Survey<'_>, launcher: &Launcher) -> Option<BString> {
    let end = launcher.end.as_ref().ok().filter(|end| end.kind == FileKind::File && end.len < LONGEST_PATH)?;
    let content = (end.len > 0).then(|| survey.ask.read(launcher.path.as_bstr(), LONGEST_PATH).ok())??;
    let text = content.trim_end().as_bstr();
    let is_path = !text.is_empty() && !text.starts_with(b"#!") && text.iter().all(|&byte| byte >= b' ');
    is_path.then(|| text.to_owned())
}
