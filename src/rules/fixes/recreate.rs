//! Recreating an environment with the tool that created it, so that nothing is deleted: the old environment is moved aside.

use bstr::{BString, ByteSlice};

use super::maker::Maker;
use super::managers::by_manager;
use super::spare::spared;
use super::{install_into, is_pypy, line, make_dir, python, rename, unused};
use crate::environment::{Creator, Ground, Installed, Survey};
use crate::interpreter::Version;
use crate::rules::fix::Fix;
use crate::rules::shell::Line;
use crate::startup::behaviors::{Behavior, Behaviors};
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
    let maker = Maker::find(survey);
    let maker = maker.as_ref();
    if creation(survey, maker, &[]).is_none() {
        let wanted = python(survey);
        return Fix::advice(format!(
            "install {wanted}, which was not found on this machine, then recreate the environment with it and reinstall its packages"
        ));
    }
    match survey.ground() {
        Ground::Own => whole(survey, maker),
        Ground::Shared { others, parts } => in_parts(survey, &others, &parts, maker),
        Ground::Foreign => Fix::advice(sentence!(
            "create a new environment in another directory: ",
            survey.root(),
            " is not the directory of a virtual environment alone, so nothing in it may be replaced"
        )),
    }
}

/// Moves the directory aside, and creates the environment in its place, since its scripts hold its path: one that is built
/// under another name does not work under this one.
fn whole(survey: &Survey<'_>, maker: Option<&Maker>) -> Fix {
    let root = survey.root();
    let old = unused(survey, root, OLD);
    let advice = sentence!(
        "move the environment to ",
        old,
        ", ",
        work(survey, maker),
        "; remove ",
        old,
        " when nothing in it is needed"
    );
    let fix = Fix::advice(advice).command(rename(survey, root, &old));
    build(survey, fix, maker, &[root.to_owned()], &[])
}

/// Moves the parts of the environment aside, and creates it in their place. What else is in the directory stays.
fn in_parts(survey: &Survey<'_>, others: &[BString], parts: &[BString], maker: Option<&Maker>) -> Fix {
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
        ", ",
        work(survey, maker)
    );
    let moves = parts.iter().map(|part| rename(survey, survey.join(root, part).as_bstr(), survey.join(&old, part)));
    let fix = Fix::advice(advice).command(make_dir(survey, old.as_bstr())).commands(moves);
    let free = survey.free_places(parts);
    // `venv` would have git ignore all of the directory, and replace a `.gitignore` that is there.
    let minor = maker.and_then(|maker| maker.minor);
    let ignores = minor.is_some_and(|minor| Behaviors::of(Version::new(3, minor, 0)).has(Behavior::VenvIgnoresItself));
    let options: &[&str] = if ignores { &["--without-scm-ignore-files"] } else { &[] };
    build(survey, fix, maker, &free, options)
}

/// What is done after the old environment was moved, in words.
fn work(survey: &Survey<'_>, maker: Option<&Maker>) -> BString {
    let instead = maker.and_then(|maker| Some((maker.path.as_ref()?, maker.instead_of.as_ref()?)));
    let creation = match instead.filter(|_| needs_maker(survey)) {
        Some((python, wanted)) => {
            sentence!("recreate it with ", python, ", since ", wanted, " was not found on this machine")
        }
        None => "recreate it".into(),
    };
    let inventory = survey.inventory();
    let mut gone = inventory.iter().filter(|one| one.is_gone).map(|one| one.name.as_bstr());
    let names = bstr::join(", ", gone.by_ref().take(MOST_TOLD));
    let more = match gone.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let work = sentence!(creation, ", and reinstall its packages");
    if names.is_empty() { work } else { sentence!(work, ", but for ", names, more, ", whose source is gone") }
}

/// Adds the commands that create the environment where there is none, and that reinstall what was installed in it.
fn build(survey: &Survey<'_>, fix: Fix, maker: Option<&Maker>, places: &[BString], options: &[&str]) -> Fix {
    let Some(create) = creation(survey, maker, options) else { return fix };
    let inventory = survey.inventory();
    let wanted: Vec<&Installed> = inventory.iter().filter(|one| !one.requirement.is_empty()).collect();
    let install = (installs(survey) && !wanted.is_empty()).then(|| install_into(survey, &wanted));
    let lines = std::iter::once(create).chain(install).map(|line| line.building(places));
    Fix { inventory, ..fix.commands(lines) }
}

/// The command that creates the environment where there is none; none where no interpreter for it was found.
fn creation(survey: &Survey<'_>, maker: Option<&Maker>, options: &[&str]) -> Option<Line> {
    let root = survey.root();
    Some(match survey.creator() {
        Creator::Virtualenv | Creator::Virtualenvwrapper | Creator::PyenvVirtualenv(_) => {
            line(survey, "virtualenv").word("-p").word(maker?.path.as_ref()?).word(root)
        }
        Creator::Uv => uv_venv(survey).word(root),
        Creator::Poetry => line(survey, "poetry").word("install"),
        Creator::Nox => line(survey, "nox"),
        _ => maker?.line(survey).words(["-m", "venv"]).words(options).words(kept(survey)).word(root),
    })
}

/// Whether the tool that creates the environment has to be given an interpreter.
fn needs_maker(survey: &Survey<'_>) -> bool {
    !matches!(survey.creator(), Creator::Uv | Creator::Poetry | Creator::Nox)
}

/// Whether the tool that creates the environment leaves it to others to install packages.
fn installs(survey: &Survey<'_>) -> bool {
    !matches!(survey.creator(), Creator::Poetry | Creator::Nox)
}

/// `uv` chooses a `CPython` by itself, so a `PyPy` is named.
fn uv_venv(survey: &Survey<'_>) -> Line {
    let line = line(survey, "uv").word("venv");
    if is_pypy(survey) { line.word("--python").word(python(survey)) } else { line }
}
