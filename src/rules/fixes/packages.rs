//! Distributions installed, installed again and removed, by an installer that works on this environment.

use bstr::BString;

use super::{line, python};
use crate::environment::{Creator, DirectUrl, Distribution, Survey};
use crate::rules::fix::Fix;
use crate::rules::shell::Line;
use crate::text::sentence;

/// Whether uv is known to be there; its environments have no pip.
pub fn is_by_uv(survey: &Survey<'_>) -> bool {
    matches!(survey.creator(), Creator::Uv | Creator::UvTool(_))
}

/// The command that installs what its next words name.
pub fn install(survey: &Survey<'_>) -> Line {
    installer(survey, "install")
}

/// The command that removes the distributions that its next words name.
pub fn uninstall(survey: &Survey<'_>) -> Line {
    let line = installer(survey, "uninstall");
    if is_by_uv(survey) { line } else { line.word("-y") }
}

fn installer(survey: &Survey<'_>, command: &str) -> Line {
    if is_by_uv(survey) {
        line(survey, "uv").words(["pip", command, "-p"]).word(survey.executable())
    } else {
        pip(survey).word(command)
    }
}

/// The environment's own pip, or that of its base told to work on the environment (pip 22.3 and later).
fn pip(survey: &Survey<'_>) -> Line {
    if survey.has_distribution("pip") || !survey.is_environment() {
        line(survey, survey.executable()).words(["-m", "pip"])
    } else {
        base_pip(survey)
    }
}

/// The pip of the base, told to work on the environment.
pub fn base_pip(survey: &Survey<'_>) -> Line {
    line(survey, python(survey)).words(["-m", "pip", "--python"]).word(survey.executable())
}

/// Puts the pip into the environment that its base brings along.
pub fn seed(survey: &Survey<'_>) -> Line {
    line(survey, survey.executable()).words(["-m", "ensurepip", "--default-pip"])
}

/// Installs one distribution again, files and all.
pub fn reinstall(survey: &Survey<'_>, distribution: &Distribution) -> Fix {
    again(survey, distribution, distribution.version.as_ref(), "--force-reinstall")
}

/// Installs a distribution again, in whichever release suits this Python.
pub fn reinstall_another(survey: &Survey<'_>, distribution: &Distribution) -> Fix {
    again(survey, distribution, None, "--force-reinstall")
}

/// Installs one distribution without asking what is there: for one that cannot be uninstalled.
pub fn reinstall_over(survey: &Survey<'_>, distribution: &Distribution) -> Fix {
    let fix = again(survey, distribution, distribution.version.as_ref(), "--ignore-installed");
    if is_by_uv(survey) || fix.commands.is_empty() {
        return fix;
    }
    Fix { advice: sentence!(fix.advice, " over what is there, and look for files left over"), ..fix }
}

/// What came from the operating system's packages, from a directory or from a URL has to come from there again: by its
/// name, an index would give another project.
fn again(survey: &Survey<'_>, distribution: &Distribution, version: Option<&BString>, pip_option: &str) -> Fix {
    let name = &distribution.name;
    if distribution.is_managed(survey) {
        return Fix::advice(sentence!("have the package manager that put ", name, " there install it again"));
    }
    let option: &[&str] = if is_by_uv(survey) { &["--reinstall"] } else { &[pip_option, "--no-deps"] };
    let command = install(survey).words(option).words(requirement(survey, distribution, version));
    let source = match distribution.direct_url(survey) {
        Some(DirectUrl { editable: Some(dir), .. }) => sentence!(" from its project, ", dir),
        Some(direct) => sentence!(" from where it came from, ", direct.url),
        None => BString::default(),
    };
    Fix::advice(sentence!("install ", name, " again", source)).command(command)
}

/// The words by which an installer is asked for the same distribution again.
pub fn same_again(survey: &Survey<'_>, distribution: &Distribution) -> Vec<BString> {
    requirement(survey, distribution, distribution.version.as_ref())
}

fn requirement(survey: &Survey<'_>, distribution: &Distribution, version: Option<&BString>) -> Vec<BString> {
    let name = &distribution.name;
    match (distribution.direct_url(survey), version) {
        (Some(DirectUrl { editable: Some(dir), .. }), _) => vec!["-e".into(), dir],
        (Some(direct), _) => vec![sentence!(name, " @ ", direct.reference)],
        (None, Some(version)) => vec![sentence!(name, "==", version)],
        (None, None) => vec![name.clone()],
    }
}
