//! Settings that make pip install outside the environment.

use bstr::{BStr, BString, ByteSlice};

use super::support::settings;
use crate::environment::{Creator, PipSetting, Survey};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::python::strip;
use crate::text::sentence;

pub(in crate::rules) static PIP_REDIRECTED: Rule = Rule {
    code: Code("VD315"),
    name: "pip-redirected",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "An environment variable or a configuration file makes pip install outside the environment.",
    why: "\
Every option of pip can be set as a variable PIP_OPTION or in one of several configuration files, of which the last \
one read wins: the system's, the user's, and pip.conf in the environment itself. The options user, target, prefix, \
root and python redirect an installation. With user, pip refuses to install into an environment; with the others it \
reports success, but nothing that it installed can be imported.",
    example: "\
$ cat ~/.config/pip/pip.conf
[global]
user = true
$ .venv/bin/pip install requests
ERROR: Can not perform a '--user' install. User site-packages are not visible in this virtualenv.",
    fix: "Unset the variable, remove the line, or set the opposite in the environment's pip.conf.",
    sources: &["pypa/pip#2341", "pip docs/html/topics/configuration.md"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&PIP_REDIRECTED], judges: &[Judge { when: When::Environment(240), find }] };

/// The options that redirect an installation, with the variables that set them.
const OPTIONS: [(&str, &str); 5] = [
    ("user", "PIP_USER"),
    ("target", "PIP_TARGET"),
    ("prefix", "PIP_PREFIX"),
    ("root", "PIP_ROOT"),
    ("python", "PIP_PYTHON"),
];

/// Judges what redirects `pip install` in this environment: for each option its variable, or the file that wins.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if !survey.is_environment() || !uses_pip(survey) {
        return;
    }
    let settings = survey.pip_settings();
    for (option, variable) in OPTIONS {
        if let Some(value) = settings::set(survey, variable) {
            if is_on(option, value) {
                findings.push(by_variable(survey, option, variable, value));
            }
            continue;
        }
        let wins = settings.iter().enumerate().filter(|(_, setting)| setting.option == option);
        let last = wins.max_by_key(|(index, setting)| (setting.is_for_install, *index));
        if let Some((_, setting)) = last.filter(|(_, setting)| is_on(option, setting.value.as_bstr())) {
            findings.push(by_file(survey, setting));
        }
    }
}

/// uv has settings of its own and reads none of pip's.
fn uses_pip(survey: &Survey<'_>) -> bool {
    let is_uv = matches!(survey.creator(), Creator::Uv | Creator::UvTool(_));
    !is_uv || survey.distributions().iter().any(|distribution| distribution.name == "pip")
}

/// `user` is a truth value as `strtobool` reads it, every other option a path.
fn is_on(option: &str, value: &BStr) -> bool {
    const YES: [&[u8]; 6] = [b"y", b"yes", b"t", b"true", b"on", b"1"];
    if option == "user" { YES.iter().any(|yes| value.eq_ignore_ascii_case(yes)) } else { !value.is_empty() }
}

fn effect(survey: &Survey<'_>, option: &str, value: &BStr) -> BString {
    match option {
        "user" => "every pip install fails with: Can not perform a '--user' install. User site-packages are not \
                   visible in this virtualenv"
            .into(),
        "python" => sentence!("pip installs for the Python ", value, " and does not change ", survey.root()),
        _ => sentence!(
            "pip installs below ",
            value,
            " and reports success, but ",
            survey.root(),
            " cannot import what it installed"
        ),
    }
}

fn by_variable(survey: &Survey<'_>, option: &str, variable: &str, value: &BStr) -> Finding {
    let message = sentence!(variable, " is ", value, ", so pip does not install into ", survey.root());
    Finding::new(&PIP_REDIRECTED, message)
        .evidence(settings::evidence(variable, value))
        .effect(effect(survey, option, value))
        .fix(fixes::unset(survey, variable))
}

fn by_file(survey: &Survey<'_>, setting: &PipSetting) -> Finding {
    let PipSetting { option, value, file, line, text, .. } = setting;
    let message = sentence!(file, " sets ", option, " to ", value, ", so pip does not install into ", survey.root());
    let advice = sentence!("remove line ", line.to_string(), " of ", file, ", unless something else depends on it");
    let fix = Fix::advice(advice).commands(fixes::delete_lines(survey, file.as_bstr(), &[*line]));
    Finding::new(&PIP_REDIRECTED, message)
        .evidence(Evidence::line(file.clone(), *line, text.clone()).marking(strip(text)))
        .effect(effect(survey, option, value.as_bstr()))
        .fix(fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truth_is_read_as_pip_reads_it() {
        assert!(is_on("user", "Yes".into()) && !is_on("user", "false".into()));
        assert!(is_on("prefix", "false".into()) && !is_on("prefix", "".into()));
    }
}
