//! VD223, VD226 and VD232: the standard library is that of another, or is not found.

use bstr::{BString, ByteSlice};

use super::base;
use super::cause::{self, Cause};
use super::cfg;
use crate::environment::{Cfg, Survey};
use crate::host::Platform;
use crate::host::path::Flavor;
use crate::interpreter::Vendor;
use crate::rules::{Code, Evidence, Finding, Fix, fixes};
use crate::startup::StepId;
use crate::startup::{Origin, Reader, Status};
use crate::text::sentence;

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
        Finding::new(Code::StdlibMissing, message)
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
        Finding::new(Code::BuildTreeLeftOver, message)
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
    let mut finding = Finding::new(Code::StdlibOfAnother, message)
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
