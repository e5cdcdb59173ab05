//! Commands that install, reinstall and uninstall distributions, with an installer that works on this environment.

use bstr::BString;

use super::{line, python};
use crate::environment::{Creator, DirectUrl, Distribution, Installed, Survey};
use crate::host::path::Flavor;
use crate::rules::fix::Fix;
use crate::rules::shell::Line;
use crate::text::sentence;

/// Whether uv created the environment: uv is then available, and pip usually is not installed.
pub fn is_by_uv(survey: &Survey<'_>) -> bool {
    matches!(survey.creator(), Creator::Uv | Creator::UvTool(_))
}

/// The command that installs the distributions named by the words that follow.
pub fn install(survey: &Survey<'_>) -> Line {
    installer(survey, "install")
}

/// The command that uninstalls the distributions named by the words that follow.
pub fn uninstall(survey: &Survey<'_>) -> Line {
    let line = installer(survey, "uninstall");
    if is_by_uv(survey) { line } else { line.word("-y") }
}

/// The command that installs all of these into a new environment in the place of this one, with its own pip.
pub fn install_into(survey: &Survey<'_>, distributions: &[&Installed]) -> Line {
    let name = if survey.flavor() == Flavor::Windows { "python.exe" } else { "python" };
    let python = survey.join(survey.bin(), name);
    let line = if is_by_uv(survey) {
        line(survey, "uv").words(["pip", "install", "-p"]).word(python)
    } else {
        line(survey, python).words(["-m", "pip", "install"])
    };
    line.words(distributions.iter().flat_map(|one| &one.requirement))
}

fn installer(survey: &Survey<'_>, command: &str) -> Line {
    if is_by_uv(survey) {
        line(survey, "uv").words(["pip", command, "-p"]).word(survey.executable())
    } else {
        pip(survey).word(command)
    }
}

/// The environment's own pip, or that of its base with the option to work on the environment (pip 22.3 and later).
fn pip(survey: &Survey<'_>) -> Line {
    if survey.has_distribution("pip") || !survey.is_environment() {
        line(survey, survey.executable()).words(["-m", "pip"])
    } else {
        base_pip(survey)
    }
}

/// The pip of the base, with the option to work on the environment.
pub fn base_pip(survey: &Survey<'_>) -> Line {
    line(survey, python(survey)).words(["-m", "pip", "--python"]).word(survey.executable())
}

/// Installs the pip that is bundled with the base.
pub fn seed(survey: &Survey<'_>) -> Line {
    line(survey, survey.executable()).words(["-m", "ensurepip", "--default-pip"])
}

/// Reinstalls one distribution in the same version.
pub fn reinstall(survey: &Survey<'_>, distribution: &Distribution) -> Fix {
    reinstall_with(survey, distribution, distribution.version.as_ref(), "--force-reinstall")
}

/// Reinstalls a distribution in whichever version suits this Python.
pub fn reinstall_another(survey: &Survey<'_>, distribution: &Distribution) -> Fix {
    reinstall_with(survey, distribution, None, "--force-reinstall")
}

/// Reinstalls one distribution without uninstalling it first, which is not possible.
pub fn reinstall_over(survey: &Survey<'_>, distribution: &Distribution) -> Fix {
    let fix = reinstall_with(survey, distribution, distribution.version.as_ref(), "--ignore-installed");
    if is_by_uv(survey) || fix.commands.is_empty() {
        return fix;
    }
    Fix { advice: sentence!(fix.advice, ", overwriting the existing files, and check for leftover files"), ..fix }
}

/// What was installed by the operating system's package manager, from a directory or from a URL has to be reinstalled
/// from there: an index may have another project of the same name.
fn reinstall_with(
    survey: &Survey<'_>,
    distribution: &Distribution,
    version: Option<&BString>,
    pip_option: &str,
) -> Fix {
    let name = &distribution.name;
    if distribution.is_managed(survey) {
        return Fix::advice(sentence!("reinstall ", name, " with the package manager that installed it"));
    }
    let option: &[&str] = if is_by_uv(survey) { &["--reinstall"] } else { &[pip_option, "--no-deps"] };
    let command = install(survey).words(option).words(requirement(survey, distribution, version));
    let source = match distribution.direct_url(survey) {
        Some(DirectUrl { editable: Some(dir), .. }) => sentence!(" from its project, ", dir),
        Some(direct) => sentence!(" from its source, ", direct.url),
        None => BString::default(),
    };
    Fix::advice(sentence!("reinstall ", name, source)).command(command)
}

/// The requirement that names the same distribution in the same version, as words of an installer's command line.
pub fn same_requirement(survey: &Survey<'_>, distribution: &Distribution) -> Vec<BString> {
    requirement(survey, distribution, distribution.version.as_ref())
}

/// The requirement that names a distribution: its project, its URL, or its name and perhaps version.
fn requirement(survey: &Survey<'_>, distribution: &Distribution, version: Option<&BString>) -> Vec<BString> {
    let name = &distribution.name;
    match (distribution.direct_url(survey), version) {
        (Some(direct), _) => direct.requirement(name),
        (None, Some(version)) => vec![sentence!(name, "==", version)],
        (None, None) => vec![name.clone()],
    }
}
