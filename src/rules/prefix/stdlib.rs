//! VD223, VD226 and VD232: the standard library is that of another, or is not found.

use bstr::{BString, ByteSlice};

use super::support::base;
use super::support::cause::{self, Cause};
use super::support::cfg;
use crate::environment::{Cfg, Survey};
use crate::host::Platform;
use crate::host::path::Flavor;
use crate::interpreter::Vendor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::StepId;
use crate::startup::{Origin, Reader, Status};
use crate::text::sentence;

pub(in crate::rules) static STDLIB_OF_ANOTHER: Rule = Rule {
    code: Code("VD223"),
    name: "stdlib-of-another",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "home leads to the standard library of another installation than that of the interpreter.",
    why: "\
From 3.11 on the interpreter is what the link leads to, and the standard library what lies above home. Where these \
belong to two installations of one minor release, modules written in Python meet compiled ones of another build: \
PyCapsule_Import could not import module \"_socket\", a missing ssl, a version that is not what was installed.",
    example: "\
$ readlink .venv/bin/python
/opt/python-3.11.7/bin/python3.11
$ grep home .venv/pyvenv.cfg
home = /usr/bin",
    fix: "Set home to the directory of the interpreter that the environment is linked to.",
    sources: &["astral-sh/uv#10674", "python/cpython#127440", "CPython Modules/getpath.py: CALCULATE STDLIB"],
};

pub(in crate::rules) static BUILD_TREE_LEFT_OVER: Rule = Rule {
    code: Code("VD226"),
    name: "build-tree-left-over",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A file that marks a build tree, or a zip file in the place of the standard library, leads Python astray.",
    why: "\
pybuilddir.txt or Modules/Setup.local beside the interpreter say that it was built but not installed, and \
lib/pythonXY.zip that the standard library is in it. They count before any directory. Where there is no build tree and \
nothing in the zip file, Python dies with No module named 'encodings'; up to 3.10 it starts without its compiled modules.",
    example: "\
$ ls /opt/python/bin
pybuilddir.txt  python3.12",
    fix: "Move the file away.",
    sources: &[
        "CPython Modules/getpath.py: CHECK FOR BUILD DIRECTORY",
        "CPython Modules/getpath.c: calculate_pybuilddir",
    ],
};

pub(in crate::rules) static STDLIB_MISSING: Rule = Rule {
    code: Code("VD232"),
    name: "stdlib-missing",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "No standard library is found, or one without the package encodings, and Python dies.",
    why: "\
The first thing that Python imports is encodings. Where the search for the standard library comes to nothing, or finds \
a directory with os.py and little else, it dies with No module named 'encodings' before it can say more. The installation \
was moved, half removed, or copied without its library.",
    example: "\
$ /opt/python/bin/python3.12
Could not find platform independent libraries <prefix>
ModuleNotFoundError: No module named 'encodings'",
    fix: "Install the base again, as a whole and at its own place.",
    sources: &["CPython Modules/getpath.py: CALCULATE STDLIB", "CPython Python/codecs.c: init_codecs"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&STDLIB_OF_ANOTHER, &BUILD_TREE_LEFT_OVER, &STDLIB_MISSING], judges: &[] };

/// A death for which nobody misled the search, and that nothing found so far explains.
pub fn missing(survey: &Survey<'_>, cause: Option<&Cause>, findings: &mut Vec<Finding>) {
    let is_named = findings.iter().any(|finding| finding.severity == crate::rules::Severity::Error);
    if cause != Some(&Cause::Stdlib) || is_named {
        return;
    }
    let file = survey.resolution.identification.file.clone().unwrap_or_else(|| survey.executable().to_owned());
    let reason = survey.resolution.outcome.reason.clone().unwrap_or_default();
    let fell_back = base::step(survey, StepId::PrefixCompiled).is_some();
    let message = if fell_back {
        sentence!(
            "no standard library is found for ",
            file,
            ", neither from its directory upwards nor where it was built for"
        )
    } else {
        sentence!("the standard library of ", file, " is not whole: the package encodings is missing")
    };
    let effect = "Python imports encodings before anything else, and dies with No module named 'encodings'";
    findings.push(
        Finding::new(&STDLIB_MISSING, message)
            .evidence(Evidence::about(file, reason))
            .effect(effect)
            .fix(restore(survey))
            .step(survey.resolution.outcome.step),
    );
}

/// What brings a standard library back: the installer that put it there.
pub fn restore(survey: &Survey<'_>) -> Fix {
    let interpreter = &survey.resolution.identification.interpreter;
    let version = fixes::python(survey);
    if interpreter.vendor == Vendor::Debian && survey.platform() == Platform::Linux {
        let packages = [format!("lib{version}-minimal"), format!("lib{version}-stdlib")];
        let command = fixes::line(survey, "apt-get").words(["install", "--reinstall"]).words(packages);
        return Fix::advice("have the distribution install the standard library again").command(command);
    }
    if survey.is_environment() {
        let fix = fixes::recreate(survey);
        let advice = sentence!("install the base interpreter again where it was, or ", fix.advice);
        return Fix { advice, ..fix };
    }
    Fix::advice("install this Python again, as a whole and at the place that it was built for")
}

/// A file that leads the search astray.
pub fn misled(survey: &Survey<'_>, cause: Option<&Cause>, findings: &mut Vec<Finding>) {
    let dies = matches!(cause, Some(Cause::Landmark(_)));
    let file = match cause {
        Some(Cause::Landmark(file)) => Some(file.clone()),
        _ if lost_extensions(survey) => cause::misleading_file(survey),
        _ => None,
    };
    let Some(file) = file else { return };
    let is_zip = file.ends_with(b".zip");
    let message = if is_zip {
        sentence!(file, " is taken for the standard library, and holds none")
    } else {
        sentence!(file, " marks a build tree, and there is none")
    };
    let effect = match (dies, is_zip) {
        (true, true) => {
            "the zip file is looked for before the directories: where it lies, there is the prefix, and Python dies with No module named 'encodings'"
        }
        (true, false) => {
            "Python believes to run where it was built, takes its standard library from there, and dies with No module named 'encodings'"
        }
        (false, _) => {
            "the extension modules are taken from the build tree: math, ssl and all others that are compiled cannot be imported"
        }
    };
    let mut fix = Fix::advice(sentence!(
        "move ",
        file,
        " out of the way, unless a build of Python is still meant to run from there"
    ));
    if survey.flavor() != Flavor::Windows {
        let aside = sentence!(file, ".unused");
        fix = fix.command(fixes::rename(survey, file.as_bstr(), aside)).safe();
    }
    let step = survey.resolution.steps.iter().find(|step| step.lookups.iter().any(|check| check.path == file));
    findings.push(
        Finding::new(&BUILD_TREE_LEFT_OVER, message)
            .evidence(Evidence::about(
                file,
                if is_zip {
                    "found where python looks for a zipped standard library"
                } else {
                    "found beside the executable, or in home"
                },
            ))
            .effect(effect)
            .fix(fix)
            .step(step.map(|step| step.number)),
    );
}

/// Whether Python starts without the directory of its extension modules.
fn lost_extensions(survey: &Survey<'_>) -> bool {
    let Some(sys) = &survey.resolution.sys else { return false };
    let mut extensions = sys.path.iter().filter(|entry| entry.origin == Origin::PlatStdlib);
    survey.resolution.outcome.status == Status::Starts && extensions.any(|entry| !entry.exists)
}

/// The interpreter of one installation with the standard library of another.
pub fn of_another(survey: &Survey<'_>, cfg: &Cfg, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    let Some((home, _)) = base::searched_home(survey) else { return };
    let (Some(sys), Some(file)) = (&resolution.sys, &resolution.identification.file) else { return };
    let Some(step) = base::step(survey, StepId::PrefixSearch) else { return };
    let own_dir = survey.parent(file.as_bstr());
    let is_found =
        base::step(survey, StepId::PrefixCompiled).is_none() && base::step(survey, StepId::PrefixHome).is_none();
    if !is_found || own_dir == home || survey.is_below(file.as_bstr(), survey.root()) {
        return;
    }
    let own = base::landmark_above(survey, own_dir.as_bstr());
    let (Some(own), Some(used)) = (own, base::landmark(survey, sys.base_prefix.as_bstr())) else { return };
    if !base::are_different(survey, own.as_bstr(), used.as_bstr()) {
        return;
    }
    let dir = |path: &BString| survey.parent(path.as_bstr());
    let message = sentence!(
        "home leads to the standard library ",
        dir(&used),
        ", while the interpreter ",
        file,
        " has its own, ",
        dir(&own)
    );
    let line = cfg.all("home").find(|line| line.value == home);
    let mut finding = Finding::new(&STDLIB_OF_ANOTHER, message)
        .effect("modules written in Python and the compiled ones come from different builds: imports such as ssl or _socket may fail, and fixes of one side are missing on the other")
        .step(step);
    if let Some(line) = line {
        finding = finding.evidence(cfg::value_evidence(cfg, line)).fix(cfg::set(survey, cfg, line, own_dir.as_bstr()));
    }
    findings.push(finding);
}

/// The line whose home the path configuration took.
pub fn home_line(survey: &Survey<'_>) -> Vec<Evidence> {
    let Some(cfg) = &survey.resolution.pyvenv_cfg else { return Vec::new() };
    let used = cfg.entries.iter().filter(|entry| entry.used_by.contains(&Reader::Getpath));
    used.map(|entry| Evidence::line(cfg.path.clone(), entry.line, entry.text.clone())).collect()
}
