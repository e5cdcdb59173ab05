//! Whether pip is installed, and complete.

use bstr::{BString, ByteSlice};

use crate::environment::{Creator, Distribution, Form, Survey};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::Origin;
use crate::text::sentence;

pub(in crate::rules) static PIP_MISSING: Rule = Rule {
    code: Code("VD610"),
    name: "pip-missing",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "The environment has no pip.",
    why: "\
`python -m pip` fails with No module named pip, and a bare `pip` runs the first one on PATH, which installs for \
another Python. That is intended in environments of uv, and after --without-pip; venv and virtualenv install pip \
unless told otherwise.",
    example: "\
$ python3 -m venv --without-pip .venv
$ .venv/bin/python -m pip
.venv/bin/python: No module named pip",
    fix: "Nothing has to be done; `python -m ensurepip --default-pip` installs the pip that is bundled with Python.",
    sources: &["pypa/pipx#278", "CPython Lib/ensurepip/__init__.py"],
};

pub(in crate::rules) static PIP_HALF_REMOVED: Rule = Rule {
    code: Code("VD611"),
    name: "pip-half-removed",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The metadata of pip exists, but pip itself is missing or incomplete.",
    why: "\
An interrupted upgrade of pip by itself removes the package and keeps the metadata. `python -m pip` fails, and the \
obvious remedy has no effect: ensurepip runs the pip in its bundled wheel, which sees the metadata and reports \
Requirement already satisfied.",
    example: "\
$ .venv/bin/python -m pip
.venv/bin/python: No module named pip
$ .venv/bin/python -m ensurepip
Requirement already satisfied: pip in .venv/lib/python3.12/site-packages",
    fix: "Remove the dist-info directory of pip, then run `python -m ensurepip`.",
    sources: &["pypa/pip#9566", "pypa/pip#10452", "CPython Lib/ensurepip/__init__.py: _bootstrap"],
};

pub(in crate::rules) static ENSUREPIP_UNAVAILABLE: Rule = Rule {
    code: Code("VD612"),
    name: "ensurepip-unavailable",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The base Python has no ensurepip, so `venv` could not complete the environment.",
    why: "\
Debian and Ubuntu provide ensurepip in a separate package, pythonX.Y-venv. Without it `python3 -m venv` creates \
directories, symlinks and pyvenv.cfg, then reports that ensurepip is not available, and leaves what it has created: \
an environment in which Python starts, with neither pip nor activation scripts.",
    example: "\
$ python3 -m venv .venv
The virtual environment was not created successfully because ensurepip is not available.
$ ls .venv
bin  include  lib  lib64  pyvenv.cfg",
    fix: "\
Install that package, then recreate the environment; or use virtualenv or uv, which bring their own pip or need none.",
    sources: &["deadsnakes/issues#79", "CPython Lib/venv/__init__.py: EnvBuilder.create"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&PIP_MISSING, &PIP_HALF_REMOVED, &ENSUREPIP_UNAVAILABLE],
    judges: &[Judge { when: When::Environment(600), find }],
};

/// Looks for pip in the environment.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let installed: Vec<&Distribution> =
        survey.distributions().iter().filter(|distribution| distribution.normalized() == "pip").collect();
    if installed.is_empty() {
        findings.extend(absent(survey));
    } else {
        findings.extend(half_removed(survey, &installed));
    }
}

/// Reports a missing pip only in environments whose creator installs one.
fn absent(survey: &Survey<'_>) -> Option<Finding> {
    let installs_pip = matches!(
        survey.creator(),
        Creator::Venv | Creator::Virtualenv | Creator::Virtualenvwrapper | Creator::PyenvVirtualenv(_)
    );
    let has_module =
        survey.site_dirs().iter().any(|site| survey.holds(site.path.as_bstr(), b"pip".into()) == Some(true));
    if !survey.is_environment() || !installs_pip || has_module || survey.own_site_dirs().next().is_none() {
        return None;
    }
    let ensurepip = ensurepip(survey);
    if *survey.creator() == Creator::Venv && ensurepip == Some(false) {
        return Some(unavailable(survey));
    }
    let message = sentence!(survey.root(), " has no pip");
    let mut finding = Finding::new(&PIP_MISSING, message)
        .effect("a bare `pip` runs the first one on PATH, and installs for another Python");
    if ensurepip == Some(true) {
        finding =
            finding.fix(Fix::advice("install the pip that is bundled with Python").command(fixes::seed(survey)).safe());
    } else {
        finding = finding.fix(Fix::advice("use another pip with --python, or `uv pip`"));
    }
    Some(finding)
}

/// Whether the base has `ensurepip`; none if its standard library is unknown, as it is where `venv` cannot be seen.
fn ensurepip(survey: &Survey<'_>) -> Option<bool> {
    let ensurepip = in_stdlib(survey, "ensurepip")?;
    if survey.exists(ensurepip.as_bstr()) {
        return Some(true);
    }
    let is_known = survey.exists(in_stdlib(survey, "venv")?.as_bstr());
    (is_known && survey.is_missing(ensurepip.as_bstr())).then_some(false)
}

/// The `__init__.py` of a package of the standard library.
fn in_stdlib(survey: &Survey<'_>, package: &str) -> Option<BString> {
    let path = &survey.resolution.sys.as_ref()?.path;
    let stdlib = path.iter().find(|entry| entry.origin == Origin::Stdlib && entry.exists)?;
    Some(survey.join(survey.join(&stdlib.value, package), "__init__.py"))
}

/// `venv` writes the activation scripts after it has run ensurepip: if they are missing too, it failed there.
fn unavailable(survey: &Survey<'_>) -> Finding {
    let activate = survey.join(survey.bin(), "activate");
    let is_partial = survey.is_missing(activate.as_bstr());
    let module = in_stdlib(survey, "ensurepip").unwrap_or_default();
    let message = if is_partial {
        sentence!(survey.root(), " is incomplete: it has neither pip nor activate, and its base has no ensurepip")
    } else {
        sentence!(survey.root(), " has no pip, and its base has no ensurepip to install it")
    };
    let recreate = fixes::recreate(survey);
    let advice = survey.version().map_or_else(
        || "install ensurepip for this Python, and recreate the environment".to_owned(),
        |version| {
            let short = version.short();
            format!("install ensurepip (package python{short}-venv on Debian and Ubuntu), and recreate the environment")
        },
    );
    Finding::new(&ENSUREPIP_UNAVAILABLE, message)
        .severity(if is_partial { Severity::Warning } else { Severity::Info })
        .evidence(Evidence::about(module, "the file does not exist"))
        .effect("python -m venv fails with \"ensurepip is not available\", and leaves what it has created so far")
        .fix(Fix { advice: advice.into(), ..recreate })
}

/// Looks for metadata of pip without the files that it describes.
fn half_removed(survey: &Survey<'_>, installed: &[&Distribution]) -> Option<Finding> {
    let first = installed.iter().find(|distribution| distribution.form == Form::DistInfo)?;
    let package = survey.join(&first.site, "pip");
    let main = survey.join(&package, "__main__.py");
    // Packages of operating systems move the libraries in `_vendor` elsewhere.
    let vendored = survey.is_environment().then(|| survey.join(&package, "_vendor"));
    let missing = [Some(main), vendored].into_iter().flatten().find(|path| survey.is_missing(path.as_bstr()))?;
    if survey.ask.read_link(package.as_bstr()).is_ok() {
        // A dangling symlink is reported by another rule.
        return None;
    }
    let names = bstr::join(", ", installed.iter().map(|distribution| &distribution.directory));
    let message =
        sentence!("pip is partly removed: ", names, " is in ", first.site, ", but ", missing, " does not exist");
    let finding = Finding::new(&PIP_HALF_REMOVED, message)
        .evidence(Evidence::about(missing, "the file does not exist"))
        .effect("python -m pip fails, and ensurepip trusts the metadata and reports Requirement already satisfied");
    Some(finding.fix(restore(survey, first, installed)))
}

fn restore(survey: &Survey<'_>, first: &Distribution, installed: &[&Distribution]) -> Fix {
    let remove = fixes::remove(survey, installed.iter().map(|distribution| distribution.path(survey)));
    if fixes::is_by_uv(survey) {
        return fixes::reinstall(survey, first);
    }
    let fix = Fix::advice("remove the metadata, whose files do not exist, and reinstall pip").command(remove);
    if ensurepip(survey) == Some(false) {
        return fix.command(fixes::base_pip(survey).words(["install", "pip"]));
    }
    fix.command(fixes::seed(survey)).safe()
}
