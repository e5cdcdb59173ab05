//! What the import hooks of editable installs need to work.

use bstr::{BString, ByteSlice};

use crate::environment::{Distribution, Survey};
use crate::rules::startup_code::support::redirector::{self, Need};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static EDITABLE_NEEDS_MISSING: Rule = Rule {
    code: Code("VD620"),
    name: "editable-needs-missing",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The import hook of an editable install needs a module or a program that does not exist.",
    why: "\
hatchling (dev-mode-exact) and pdm-backend redirect imports with the package editables, which has to be installed in the \
environment and is not if the installer took the dependencies from pyproject.toml. meson-python rebuilds the project at \
every import with the build program of the installation; in an isolated build that was in a temporary directory, which is \
gone. In both cases the project is there and listed as installed, and importing it fails.",
    example: "\
$ cat .venv/lib/python3.12/site-packages/_editable_impl_plotlib.py
from editables.redirector import RedirectingFinder as F
$ .venv/bin/python -c 'import plotlib'
  ModuleNotFoundError: No module named 'editables'",
    fix: "Install editables, or reinstall the project without build isolation.",
    sources: &["pypa/editables", "meson-python docs: Editable installs"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&EDITABLE_NEEDS_MISSING], judges: &[Judge { when: When::Environment(635), find }] };

/// Judges what each redirector needs. One finding for each distribution.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    for distribution in survey.distributions() {
        let mut needs = redirector::needs(survey, distribution).into_iter();
        let missing = needs.find(|(_, need)| match need {
            Need::Module(name) => name.to_str().is_ok_and(|name| !survey.may_import(name)),
            Need::Program(path) => survey.is_missing(path.as_bstr()),
        });
        findings.extend(missing.map(|(evidence, need)| finding(survey, distribution, evidence, &need)));
    }
}

fn finding(survey: &Survey<'_>, distribution: &Distribution, evidence: Evidence, need: &Need) -> Finding {
    let title = distribution.title();
    let file = evidence.file.clone();
    let (what, effect, fix) = match need {
        Need::Module(name) => (
            sentence!("the module ", name, ", which is in no directory on sys.path"),
            "Python reports the error at every start, and nothing of the project can be imported",
            Fix::advice(sentence!("install ", name)).command(fixes::install(survey).word(name)),
        ),
        Need::Program(path) => (
            sentence!(path, ", which does not exist"),
            "importing the project fails with FileNotFoundError when the hook tries to rebuild it",
            rebuild(survey, distribution),
        ),
    };
    Finding::new(&EDITABLE_NEEDS_MISSING, sentence!("the import hook of ", title, ", ", file, ", needs ", what))
        .evidence(evidence)
        .effect(effect)
        .fix(fix)
}

/// The build program has to stay where it is, so it is installed into the environment first.
fn rebuild(survey: &Survey<'_>, distribution: &Distribution) -> Fix {
    let advice = "install the build tools into the environment, and reinstall the project without build isolation";
    let project: BString = match distribution.direct_url(survey).and_then(|direct| direct.editable) {
        Some(dir) => dir,
        None => return Fix::advice(advice),
    };
    Fix::advice(advice)
        .command(fixes::install(survey).words(["meson-python", "ninja"]))
        .command(fixes::install(survey).words(["--no-build-isolation", "-e"]).word(project))
}
