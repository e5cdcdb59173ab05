//! Recreating an environment with the tool that created it, so that nothing is deleted: the old environment is moved aside.

use bstr::{BString, ByteSlice};

use super::spare::spared;
use super::{is_pypy, line, make_dir, python, rename, unused};
use crate::environment::{Creator, Ground, Survey};
use crate::host::path::Flavor;
use crate::rules::fix::Fix;
use crate::rules::shell::Line;
use crate::text::{python, sentence};

/// The ending of the name to which an environment is moved.
const OLD: &str = ".old";
/// The directory to which the parts of an environment are moved, where the directory also holds something else.
const OLD_PARTS: &str = "old-environment";
/// So many names of what is in the way are told.
const MOST_TOLD: usize = 3;

/// The options of `venv` that keep the settings of `pyvenv.cfg` when `venv` rewrites the file. For Python, a missing
/// `include-system-site-packages` means true.
pub fn kept(survey: &Survey<'_>) -> Vec<BString> {
    let Some(cfg) = survey.pyvenv_cfg().filter(|cfg| cfg.is_text()) else { return Vec::new() };
    let shared = cfg.last("include-system-site-packages").map(|line| line.value.eq_ignore_ascii_case(b"true"));
    let mut words = Vec::new();
    if shared.unwrap_or_else(|| cfg.last("home").is_some()) {
        words.push("--system-site-packages".into());
    }
    if let Some(prompt) = cfg.last("prompt") {
        words.extend(["--prompt".into(), python::unquoted(&prompt.value)]);
    }
    words
}

/// Recreates the environment with its creator. The installed packages have to be reinstalled, so this is never safe; but
/// they stay where they are moved to, and nothing else is touched.
pub fn recreate(survey: &Survey<'_>) -> Fix {
    spared(survey, recreation(survey)).recreating()
}

fn recreation(survey: &Survey<'_>) -> Fix {
    if let Some(fix) = by_manager(survey) {
        return fix;
    }
    let Some(create) = creation(survey) else {
        let wanted = python(survey);
        return Fix::advice(format!(
            "install {wanted}, which was not found on this machine, then recreate the environment with it and reinstall its packages"
        ));
    };
    match survey.ground() {
        Ground::Own => whole(survey, create),
        Ground::Shared { others, parts } => in_parts(survey, &others, &parts, create),
        Ground::Foreign => Fix::advice(sentence!(
            "create a new environment in another directory: ",
            survey.root(),
            " is not the directory of a virtual environment alone, so nothing in it may be replaced"
        )),
    }
}

/// Moves the directory aside, and creates the environment in its place.
fn whole(survey: &Survey<'_>, create: Vec<Line>) -> Fix {
    let root = survey.root();
    let old = unused(survey, root, OLD);
    let advice = sentence!(
        "move the environment to ",
        old,
        ", recreate it, and reinstall its packages; remove ",
        old,
        " when nothing in it is needed"
    );
    Fix::advice(advice).command(rename(survey, root, &old)).commands(create)
}

/// Moves the parts of the environment aside, and creates it in their place. What else is in the directory stays.
fn in_parts(survey: &Survey<'_>, others: &[BString], parts: &[BString], create: Vec<Line>) -> Fix {
    let root = survey.root();
    let old = unused(survey, survey.join(root, OLD_PARTS), "");
    let told = bstr::join(", ", &others[..others.len().min(MOST_TOLD)]);
    let advice = sentence!(
        root,
        " also holds ",
        told,
        match others.len().saturating_sub(MOST_TOLD) {
            0 => String::new(),
            more => format!(" and {more} more"),
        },
        ", so it must not be cleared: move the environment's parts to ",
        old,
        ", recreate it, and reinstall its packages"
    );
    let moves = parts.iter().map(|part| rename(survey, survey.join(root, part).as_bstr(), survey.join(&old, part)));
    Fix::advice(advice).command(make_dir(survey, old.as_bstr())).commands(moves).commands(create)
}

/// The commands that create the environment where there is none; none where no interpreter for it was found.
fn creation(survey: &Survey<'_>) -> Option<Vec<Line>> {
    let root = survey.root();
    let lines = match survey.creator() {
        Creator::Virtualenv | Creator::Virtualenvwrapper | Creator::PyenvVirtualenv(_) => {
            vec![line(survey, "virtualenv").word("-p").word(survey.maker()?).word(root)]
        }
        Creator::Uv => vec![uv_venv(survey).word(root)],
        Creator::Poetry => vec![line(survey, "poetry").word("install")],
        Creator::Nox => vec![line(survey, "nox")],
        _ => vec![maker(survey)?.words(["-m", "venv"]).words(kept(survey)).word(root)],
    };
    Some(lines)
}

/// The command that starts a Python of the environment's version; on Windows, the `py` launcher.
fn maker(survey: &Survey<'_>) -> Option<Line> {
    if survey.flavor() != Flavor::Windows {
        return Some(line(survey, survey.maker()?));
    }
    let version = survey.version().map(|version| version.short());
    Some(match version.or_else(|| survey.wanted().map(|wanted| wanted.short())) {
        Some(version) => line(survey, "py").word(format!("-{version}")),
        None => line(survey, "py"),
    })
}

/// `uv` chooses a `CPython` by itself, so a `PyPy` is named.
fn uv_venv(survey: &Survey<'_>) -> Line {
    let line = line(survey, "uv").word("venv");
    if is_pypy(survey) { line.word("--python").word(python(survey)) } else { line }
}

/// The creators that manage the directories of their environments themselves.
fn by_manager(survey: &Survey<'_>) -> Option<Fix> {
    let fix = |advice: &str, line: Line| Some(Fix::advice(advice).command(line));
    match survey.creator() {
        Creator::UvTool(name) => {
            fix("let uv reinstall the tool", line(survey, "uv").words(["tool", "install", "--force"]).word(name))
        }
        Creator::Pipx(name) => {
            fix("let pipx reinstall the application", line(survey, "pipx").word("reinstall").word(name))
        }
        Creator::Pdm => {
            Some(Fix::advice("let PDM recreate its environment, in the directory of the project: pdm venv create"))
        }
        Creator::Hatch => Some(Fix::advice(
            "let Hatch recreate its environment, in the directory of the project: hatch env remove NAME, hatch env create NAME",
        )),
        Creator::Pipenv => {
            let remove = line(survey, "pipenv").word("--rm");
            fix("let Pipenv recreate its environment, in the directory of the project", remove)
                .map(|fix| fix.command(line(survey, "pipenv").word("sync")))
        }
        Creator::Tox => fix(
            "let tox recreate its environment, in the directory of the project",
            line(survey, "tox").words(["-r", "-e"]).word(survey.base_name(survey.root())),
        ),
        Creator::PreCommit => {
            let clean = line(survey, "pre-commit").word("clean");
            fix("let pre-commit recreate its environments", clean)
                .map(|fix| fix.command(line(survey, "pre-commit").words(["install", "--install-hooks"])))
        }
        Creator::PipxShared => {
            fix("let pipx recreate what its applications share", line(survey, "pipx").word("upgrade-shared"))
        }
        Creator::Rye => fix(
            "let Rye recreate its environment, in the directory of the project",
            line(survey, "rye").words(["sync", "-f"]),
        ),
        Creator::Pixi => fix(
            "let pixi recreate its environment, in the directory of the project",
            line(survey, "pixi").word("reinstall"),
        ),
        Creator::Conda => Some(Fix::advice("recreate the environment with conda, from its exported list of packages")),
        _ => None,
    }
}
