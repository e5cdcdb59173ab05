//! Environments that were created on another operating system.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::host::HostError;
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes, only_where};
use crate::startup::Status;
use crate::text::sentence;

pub(in crate::rules) static FOREIGN_LAYOUT: Rule = Rule {
    code: Code("VD512"),
    name: "foreign-layout",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The environment was created on another operating system, which uses a different directory layout.",
    why: "\
Windows uses Scripts\\python.exe and Lib, all other systems bin/python and lib/pythonX.Y. If Windows shares a project \
directory with WSL, a container or a virtual machine, both systems use the same .venv, and the second one finds no \
Python in it. Some tools report this; uv removes the directory and recreates it for the system on which it runs, and \
then the other system finds no Python. If both layouts are in one directory, the finding is a warning: pyvenv.cfg can \
be right for only one of them.",
    example: "\
$ ls .venv
Include  Lib  Scripts  pyvenv.cfg",
    fix: "Give each system its own environment, in its own directory.",
    sources: &["astral-sh/uv#7460", "astral-sh/uv#13301", "copier-org/copier#2226"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&FOREIGN_LAYOUT],
    judges: &[
        // Where nothing can be executed, every command says why.
        Judge { when: When::Startup(461), find: only_where!(is_unexecutable => find) },
        Judge { when: When::Environment(510), find: only_where!(!is_unexecutable => find) },
    ],
};

fn is_unexecutable(survey: &Survey<'_>) -> bool {
    survey.resolution.outcome.status == Status::FailsToExecute
}

/// Looks for the Python of another operating system in a directory that several systems share.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(cfg) = survey.cfg() else { return };
    let root = survey.root();
    let (foreign, system): (BString, _) = match survey.flavor() {
        Flavor::Posix => (inside(survey, root, "Scripts", "python.exe"), "Windows"),
        Flavor::Windows => (inside(survey, root, "bin", "python3"), "Linux or macOS"),
    };
    // Where names compare without case, or a tool uses the names of the other system, both are the same Python.
    if survey.parent(foreign.as_bstr()) == *survey.bin() || survey.ask.link_exists(foreign.as_bstr()).is_err() {
        return;
    }
    let own = survey.ask.link_exists(survey.executable());
    let finding = match own {
        Ok(_) => both(root, system),
        Err(HostError::NotFound) => other_only(root, system),
        Err(_) => return,
    };
    findings.push(
        finding
            .evidence(Evidence::about(foreign, sentence!("is where ", system, " has the Python of an environment")))
            .evidence(Evidence::about(cfg.to_owned(), "is read on both systems"))
            .fix(fix(survey)),
    );
}

fn both(root: &BStr, system: &str) -> Finding {
    let message =
        sentence!(root, " contains an environment of this system and one of ", system, ", which share one pyvenv.cfg");
    Finding::new(&FOREIGN_LAYOUT, message)
        .severity(Severity::Warning)
        .effect("home in pyvenv.cfg is right for at most one of them, and each system replaces what the other created")
}

fn other_only(root: &BStr, system: &str) -> Finding {
    let message = sentence!(root, " was created on ", system, " and contains no Python for this system");
    Finding::new(&FOREIGN_LAYOUT, message)
        .effect("the tools of this system find neither a Python nor an activation script where they look for them")
}

fn inside(survey: &Survey<'_>, root: &BStr, dir: &str, name: &str) -> BString {
    survey.join(survey.join(root, dir), name)
}

/// Each system needs a directory of its own.
fn fix(survey: &Survey<'_>) -> Fix {
    let mut other = survey.root().to_owned();
    other.extend_from_slice(b"-here");
    let advice = "\
create an environment in a separate directory for each system (for uv, UV_PROJECT_ENVIRONMENT names it), and install \
the packages there";
    Fix::advice(advice).command(fixes::by_python(survey).words(["-m", "venv"]).word(other))
}
