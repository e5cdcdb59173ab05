//! VD223, VD226 and VD232: the standard library is missing, or is not the interpreter's own.

use bstr::{BString, ByteSlice};

use super::support::base;
use super::support::cause::{self, Cause};
use super::support::cfg;
use crate::environment::{Cfg, Survey};
use crate::host::Platform;
use crate::host::path::Flavor;
use crate::interpreter::{self, Vendor, conda_version};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::{Origin, Status, StepId};
use crate::text::sentence;

pub(in crate::rules) static STDLIB_OF_ANOTHER: Rule = Rule {
    code: Code("VD223"),
    name: "stdlib-of-another",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "home leads to the standard library of a different installation than the interpreter's.",
    why: "\
From 3.11 on, the interpreter is what the symlink leads to, and the standard library is what is above home. If these are \
two installations of the same minor version, modules written in Python meet compiled modules of another build: \
PyCapsule_Import could not import module \"_socket\", a missing ssl, or a version that is not the one installed.",
    example: "\
$ readlink .venv/bin/python
/opt/python-3.11.7/bin/python3.11
$ grep home .venv/pyvenv.cfg
home = /usr/bin",
    fix: "Set home to the directory of the interpreter that .venv/bin/python leads to, for example /usr/bin.",
    sources: &["astral-sh/uv#10674", "python/cpython#127440", "CPython Modules/getpath.py: CALCULATE STDLIB"],
};

pub(in crate::rules) static BUILD_TREE_LEFT_OVER: Rule = Rule {
    code: Code("VD226"),
    name: "build-tree-left-over",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A file that marks a build tree, or a zip file where Python expects its standard library, misleads the search for it.",
    why: "\
pybuilddir.txt or Modules/Setup.local next to the interpreter says that it was built but not installed, and \
lib/pythonXY.zip says that the standard library is in the zip file. They take precedence over any directory. If there is \
no build tree, or no standard library in the zip file, Python fails with No module named 'encodings'; up to 3.10, it \
starts without its compiled modules.",
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
    summary: "Python finds no standard library, or one without the encodings package, and fails to start.",
    why: "\
The first package that Python imports is encodings. If the search for the standard library finds nothing, or a directory \
with os.py and little else, Python fails with No module named 'encodings' before it can report more. The installation \
was moved, partly removed, or copied without its library.",
    example: "\
$ /opt/python/bin/python3.12
Could not find platform independent libraries <prefix>
ModuleNotFoundError: No module named 'encodings'",
    fix: "Reinstall the base completely, in its original place.",
    sources: &["CPython Modules/getpath.py: CALCULATE STDLIB", "CPython Python/codecs.c: init_codecs"],
};

/// The most that is read of `patchlevel.h`, which has a few kilobytes.
const LARGEST_HEADER: u64 = 64 << 10;

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&STDLIB_OF_ANOTHER, &BUILD_TREE_LEFT_OVER, &STDLIB_MISSING], judges: &[] };

/// Extension modules that use much of what the interpreter offers, and that nearly every build has as files.
const TELLTALES: [&str; 6] = ["_ssl", "_ctypes", "_socket", "_datetime", "_decimal", "_elementtree"];

/// The standard library is of another micro version than the interpreter.
pub fn of_another_micro(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    let (Some(sys), Some(version), Some(file)) = (&resolution.sys, survey.version(), &resolution.identification.file)
    else {
        return;
    };
    let (Some(micro), Some(dir)) = (version.micro, base::version_dir(survey)) else { return };
    let prefix = &sys.base_prefix;
    if base::landmark(survey, prefix.as_bstr()).is_none() {
        return;
    }
    let sign = of_headers(survey, prefix, &dir).or_else(|| of_conda(survey, prefix, version.minor));
    let (other, evidence) = match sign {
        Some(((minor, other), _)) if (minor, other) == (version.minor, micro) => return,
        Some(((minor, other), evidence)) => (format!("is Python {}.{minor}.{other}", version.major), evidence),
        None => match of_extensions(survey) {
            Some(evidence) => (format!("is of another version than {version}"), evidence),
            None => return,
        },
    };
    let message = sentence!(
        "the interpreter ",
        file,
        " is Python ",
        version.to_string(),
        ", but the installation ",
        prefix,
        " from which it takes its standard library ",
        other
    );
    findings.push(
        Finding::new(&STDLIB_OF_ANOTHER, message)
            .evidence(evidence)
            .effect("modules written in Python and compiled modules come from another release than the interpreter: imports such as ssl or math may fail with an undefined symbol")
            .fix(restore(survey)),
    );
}

/// The minor and micro version that the headers next to the standard library name.
fn of_headers(survey: &Survey<'_>, prefix: &BString, dir: &str) -> Option<((u8, u8), Evidence)> {
    let include = survey.join(survey.join(prefix, "include"), dir);
    let header = survey.join(include, "patchlevel.h");
    let content = survey.ask.read(header.as_bstr(), LARGEST_HEADER).ok()?;
    let number = |name: &str| -> Option<u8> {
        content.lines().find_map(|line| {
            let mut words = line.fields();
            let is_it = words.next() == Some(b"#define") && words.next() == Some(name.as_bytes());
            words.next().filter(|_| is_it)?.to_str().ok()?.parse().ok()
        })
    };
    let (minor, micro) = (number("PY_MINOR_VERSION")?, number("PY_MICRO_VERSION")?);
    Some(((minor, micro), Evidence::about(header, format!("says that this is Python 3.{minor}.{micro}"))))
}

/// The minor and micro version of the package that conda installed, `conda-meta/python-X.Y.Z-BUILD.json`. Where there are
/// several, none is believed.
fn of_conda(survey: &Survey<'_>, prefix: &BString, minor: u8) -> Option<((u8, u8), Evidence)> {
    let dir = survey.join(prefix, "conda-meta");
    let names = survey.is_dir(dir.as_bstr()).then(|| survey.ask.list_dir(dir.as_bstr()).ok()).flatten()?;
    let version = |name: &BString| -> Option<(u8, u8)> {
        let version = conda_version(name.as_bstr(), "python")?;
        let micro = version.strip_prefix(format!("3.{minor}.").as_bytes())?;
        Some((minor, micro.to_str().ok()?.parse().ok()?))
    };
    let mut packages = names.iter().filter_map(|name| Some((version(name)?, survey.join(&dir, name))));
    let (found, file) = packages.next()?;
    let text = format!("records that Python 3.{}.{} was installed", found.0, found.1);
    packages.next().is_none().then(|| (found, Evidence::about(file, text)))
}

/// An extension module of the standard library that needs what the interpreter does not have.
fn of_extensions(survey: &Survey<'_>) -> Option<Evidence> {
    let identification = &survey.resolution.identification;
    let image = identification.interpreter.library.as_ref().or(identification.file.as_ref())?;
    let suffix = identification.interpreter.extension_suffix.as_ref()?;
    let sys = survey.resolution.sys.as_ref()?;
    let dir = &sys.path.iter().find(|entry| entry.origin == Origin::PlatStdlib && entry.exists)?.value;
    TELLTALES.iter().find_map(|name| {
        let module = survey.join(dir, sentence!(*name, suffix));
        let symbol = interpreter::lacking(survey.ask, image.as_bstr(), module.as_bstr())?;
        let text = sentence!("needs ", symbol, ", which the interpreter does not define");
        Some(Evidence::about(module, text))
    })
}

/// A missing or incomplete standard library, although nothing misled the search and no error so far explains it.
pub fn missing(survey: &Survey<'_>, cause: Option<&Cause>, findings: &mut Vec<Finding>) {
    let is_explained = findings.iter().any(|finding| finding.severity == Severity::Error);
    if cause != Some(&Cause::Stdlib) || is_explained {
        return;
    }
    let file = survey.resolution.identification.file.clone().unwrap_or_else(|| survey.executable().to_owned());
    let reason = survey.resolution.outcome.reason.clone().unwrap_or_default();
    let fell_back = base::step(survey, StepId::PrefixCompiled).is_some();
    let message = if fell_back {
        sentence!(
            "Python finds no standard library for ",
            file,
            ", neither from its directory upwards nor in its compiled-in prefix"
        )
    } else {
        sentence!("the standard library of ", file, " is incomplete: the encodings package is missing")
    };
    let effect = "Python imports encodings before anything else, and fails with No module named 'encodings'";
    findings.push(
        Finding::new(&STDLIB_MISSING, message)
            .evidence(Evidence::about(file, reason))
            .effect(effect)
            .fix(restore(survey))
            .step(survey.resolution.outcome.step),
    );
}

/// Reinstalls the standard library with the installer that put it there.
pub fn restore(survey: &Survey<'_>) -> Fix {
    let interpreter = &survey.resolution.identification.interpreter;
    let version = fixes::python(survey);
    let place = sentence!("/usr/bin/", version.as_str());
    // A copy of Debian's interpreter, in an AppImage say, is nothing that its package manager knows.
    let is_installed = survey.resolution.identification.file.as_ref() == Some(&place);
    if interpreter.vendor == Vendor::Debian && survey.platform() == Platform::Linux && is_installed {
        let packages = [format!("lib{version}-minimal"), format!("lib{version}-stdlib")];
        let command = fixes::line(survey, "apt-get").words(["install", "--reinstall"]).words(packages);
        return Fix::advice("reinstall the packages of the standard library").command(command);
    }
    if survey.is_environment() {
        let fix = fixes::recreate(survey);
        let advice = sentence!("reinstall the base interpreter where it was, or ", fix.advice);
        return Fix { advice, ..fix };
    }
    Fix::advice("reinstall this Python completely, in the place that it was built for")
}

/// A file that misleads the search for the standard library or for the extension modules.
pub fn misled(survey: &Survey<'_>, cause: Option<&Cause>, findings: &mut Vec<Finding>) {
    let fails = matches!(cause, Some(Cause::Landmark(_)));
    let file = match cause {
        Some(Cause::Landmark(file)) => Some(file.clone()),
        _ if lacks_extensions(survey) => cause::misleading_file(survey),
        _ => None,
    };
    let Some(file) = file else { return };
    let is_zip = file.ends_with(b".zip");
    let (message, evidence) = if is_zip {
        (
            sentence!(file, " is used as the standard library, but contains none"),
            "found where Python looks for a zipped standard library",
        )
    } else {
        (sentence!(file, " marks a build tree, but there is none"), "found next to the executable, or in home")
    };
    let step = survey.resolution.steps.iter().find(|step| step.lookups.iter().any(|check| check.path == file));
    findings.push(
        Finding::new(&BUILD_TREE_LEFT_OVER, message)
            .evidence(Evidence::about(file.clone(), evidence))
            .effect(misled_effect(fails, is_zip))
            .fix(move_away(survey, &file))
            .step(step.map(|step| step.number)),
    );
}

fn misled_effect(fails: bool, is_zip: bool) -> &'static str {
    match (fails, is_zip) {
        (true, true) => {
            "Python looks for the zip file before any directory, derives its prefix from it, and fails with No module named 'encodings'"
        }
        (true, false) => {
            "Python assumes that it runs in its build tree, searches for its standard library there, and fails with No module named 'encodings'"
        }
        (false, _) => {
            "Python searches for its extension modules in the build tree: math, ssl and all other compiled modules cannot be imported"
        }
    }
}

fn move_away(survey: &Survey<'_>, file: &BString) -> Fix {
    let fix = Fix::advice(sentence!("move ", file, " away, unless this Python is meant to run from its build tree"));
    if survey.flavor() == Flavor::Windows {
        return fix;
    }
    fix.command(fixes::rename(survey, file.as_bstr(), fixes::unused(survey, file, ".unused"))).safe()
}

/// Whether Python starts without the directory of its extension modules.
fn lacks_extensions(survey: &Survey<'_>) -> bool {
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
        ", but the interpreter ",
        file,
        " has its own, ",
        dir(&own)
    );
    let line = cfg.all("home").find(|line| line.value == home);
    let mut finding = Finding::new(&STDLIB_OF_ANOTHER, message)
        .effect("modules written in Python and compiled modules come from different builds: imports such as ssl or _socket may fail, and bug fixes of one build are missing in the other")
        .step(step);
    if let Some(line) = line {
        finding = finding.evidence(cfg::value_evidence(cfg, line)).fix(cfg::set(survey, cfg, line, own_dir.as_bstr()));
    }
    findings.push(finding);
}
