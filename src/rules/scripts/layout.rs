//! Environments of another system.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static FOREIGN_LAYOUT: Rule = Rule {
    code: Code("VD512"),
    name: "foreign-layout",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The environment was made on another operating system, whose tools look for other names in it.",
    why: "\
Windows has Scripts\\python.exe and Lib, all others bin/python and lib/pythonX.Y. A project directory that Windows shares \
with WSL, a container or a virtual machine holds one .venv, and the system that comes second finds no Python in it. \
Some tools say so; uv removes the directory and makes it anew for the system that it runs on, and then the other side \
finds nothing. Where both layouts stand in one directory, it is a warning: pyvenv.cfg can be right for one of them only.",
    example: "\
$ ls .venv
Include  Lib  Scripts  pyvenv.cfg",
    fix: "Give each system an environment in a directory of its own.",
    sources: &["astral-sh/uv#7460", "astral-sh/uv#13301", "copier-org/copier#2226"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&FOREIGN_LAYOUT], judges: &[Judge { when: When::Environment(510), find }] };

/// Judges a directory that Windows and other systems share: each has its own names for what is in an environment.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(cfg) = survey.cfg() else { return };
    let root = survey.root();
    let (foreign, system): (BString, _) = match survey.flavor() {
        Flavor::Posix => (inside(survey, root, "Scripts", "python.exe"), "Windows"),
        Flavor::Windows => (inside(survey, root, "bin", "python3"), "Linux or macOS"),
    };
    // Where names compare without case, or tools of one system use the names of another, there is one Python only.
    if survey.parent(foreign.as_bstr()) == *survey.bin() || survey.ask.link_exists(foreign.as_bstr()).is_err() {
        return;
    }
    let own = survey.ask.link_exists(survey.executable());
    let is_both = own.is_ok();
    if own.is_err_and(|error| error != crate::host::HostError::NotFound) {
        return;
    }
    let (message, effect, severity) = if is_both {
        (
            sentence!(
                root,
                " holds an environment of this system and one of ",
                system,
                ", with one pyvenv.cfg for both"
            ),
            "home in pyvenv.cfg is right for one of them at most, and each system replaces what the other made",
            Severity::Warning,
        )
    } else {
        (
            sentence!(root, " is an environment made on ", system, ", and holds no Python for this system"),
            "no tool of this system finds a Python or an activation script where it looks for them",
            Severity::Error,
        )
    };
    findings.push(
        Finding::new(&FOREIGN_LAYOUT, message)
            .severity(severity)
            .evidence(Evidence::about(foreign, sentence!("is where ", system, " has the Python of an environment")))
            .evidence(Evidence::about(cfg.to_owned(), "is read by both"))
            .effect(effect)
            .fix(fix(survey)),
    );
}

fn inside(survey: &Survey<'_>, root: &BStr, dir: &str, name: &str) -> BString {
    survey.join(survey.join(root, dir), name)
}

/// Two systems need two directories.
fn fix(survey: &Survey<'_>) -> Fix {
    let mut other = survey.root().to_owned();
    other.extend_from_slice(b"-here");
    let advice = "\
give each system an environment of its own, in a directory of its own (uv takes its name from UV_PROJECT_ENVIRONMENT), and \
install there again";
    Fix::advice(advice).command(fixes::line(survey, fixes::python(survey)).words(["-m", "venv"]).word(other))
}
