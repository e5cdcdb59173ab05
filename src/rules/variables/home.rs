//! Variables that say where the standard library is: `PYTHONHOME` and `PYTHONPLATLIBDIR`.

use bstr::{BStr, BString, ByteSlice};

use super::support::settings::{self, counted, fails_without_library};
use crate::environment::Survey;
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Finding, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::behaviors::{Behavior, Behaviors};
use crate::startup::{Origin, StepId, SysValues};
use crate::text::sentence;

pub(in crate::rules) static PYTHONHOME_WRONG: Rule = Rule {
    code: Code("VD301"),
    name: "pythonhome-wrong",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "\
PYTHONHOME points Python to a standard library that is missing, incomplete, or from another installation.",
    why: "\
The variable replaces the whole search for the standard library, for every Python that is started from the same shell; \
since 3.11, the path configuration does not read pyvenv.cfg either. If the directory has no library of this minor \
version, Python fails to start with No module named 'encodings'; if it has the library of another build, modules and \
interpreter do not match. Programs that embed Python set it; Spack and old installers export it. The activate scripts \
for sh and fish unset it, the one for csh does not.",
    example: "\
$ PYTHONHOME=/opt/app .venv/bin/python
Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding
ModuleNotFoundError: No module named 'encodings'",
    fix: "Unset PYTHONHOME, and remove it from the profile that exports it.",
    sources: &["python/cpython#125873", "spack/spack#32515", "CPython Modules/getpath.py: CALCULATE (default) prefix"],
};

pub(in crate::rules) static PYTHONHOME_SET: Rule = Rule {
    code: Code("VD302"),
    name: "pythonhome-set",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "PYTHONHOME is set to the installation that this Python would find without it.",
    why: "\
It does no harm here, but it affects every other Python that is started from the same shell: one of another minor \
version finds no standard library and fails to start, and one of the same minor version uses this one's.",
    example: "\
$ export PYTHONHOME=/usr/local
$ /usr/local/bin/python3.12 -c 'print(1)'
1
$ /usr/bin/python3.11 -c 'print(1)'
ModuleNotFoundError: No module named 'encodings'",
    fix: "Unset PYTHONHOME: Python finds its standard library without it.",
    sources: &["CPython Doc/using/cmdline.rst: PYTHONHOME"],
};

pub(in crate::rules) static PLATLIBDIR_SET: Rule = Rule {
    code: Code("VD312"),
    name: "platlibdir-set",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "PYTHONPLATLIBDIR names a directory without the standard library, and Python fails to start.",
    why: "\
Since 3.9, the variable replaces lib (or lib64) in every path that the path configuration computes, so Python looks \
for the standard library in PREFIX/VALUE/pythonX.Y. Nothing else is wrong with the installation, and the error message \
does not name the variable.",
    example: "\
$ PYTHONPLATLIBDIR=lib64 .venv/bin/python
ModuleNotFoundError: No module named 'encodings'
$ ls -d /usr/local/lib*/python3.12
/usr/local/lib/python3.12",
    fix: "Unset PYTHONPLATLIBDIR.",
    sources: &["bpo-40854", "CPython Modules/getpath.py: PLATLIBDIR"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&PYTHONHOME_WRONG, &PYTHONHOME_SET, &PLATLIBDIR_SET],
    judges: &[Judge { when: When::Startup(200), find }],
};

/// Judges `PYTHONHOME` and `PYTHONPLATLIBDIR`. At most one of them is reported: only one is the cause of a failure.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let library = survey.resolution.sys.as_ref().and_then(|sys| platlibdir(survey, sys));
    match library {
        Some(finding) => findings.push(finding),
        None => findings.extend(home(survey)),
    }
}

/// Python fails to start because the directory that the variable names has no standard library, while `lib` or `lib64`
/// has it.
fn platlibdir(survey: &Survey<'_>, sys: &SysValues) -> Option<Finding> {
    let version = survey.version()?;
    let name = "PYTHONPLATLIBDIR";
    let value = counted(survey, name).filter(|_| Behaviors::of(version).has(Behavior::PlatlibdirVariable))?;
    let compiled = survey.resolution.identification.interpreter.compiled.platlibdir.as_ref();
    let usual = compiled.map_or(b"lib".as_bstr(), |usual| usual.as_bstr());
    if !fails_without_library(survey) || value == usual || survey.flavor() == Flavor::Windows {
        return None;
    }
    let below = |dir: &BStr| sentence!(sys.base_prefix, "/", dir, "/python", version.short(), "/os.py");
    let (wanted, present) = (below(value), below(usual));
    if !survey.is_missing(wanted.as_bstr()) || !survey.is_file(present.as_bstr()) {
        return None;
    }
    let message = sentence!(
        "PYTHONPLATLIBDIR is ",
        value,
        ", so Python looks for its standard library in ",
        survey.parent(wanted.as_bstr()),
        ", does not find it there, and fails to start"
    );
    let effect = sentence!(
        value,
        " replaces lib or lib64 in every path below a prefix; the standard library is in ",
        survey.parent(present.as_bstr())
    );
    Some(
        Finding::new(&PLATLIBDIR_SET, message)
            .evidence(settings::evidence(name, value))
            .effect(effect)
            .fix(fixes::unset(survey, name))
            .step(survey.resolution.outcome.step),
    )
}

fn home(survey: &Survey<'_>) -> Option<Finding> {
    let name = "PYTHONHOME";
    let value = counted(survey, name)?;
    let finding = |rule: &'static Rule, message: BString, effect: BString| {
        Finding::new(rule, message)
            .evidence(settings::evidence(name, value))
            .effect(effect)
            .fix(fixes::unset(survey, name))
            .step(settings::step(survey, StepId::PrefixHome))
    };
    let version = survey.version().map(|version| version.short()).unwrap_or_default();
    let prefix = prefix(survey, value);
    if fails_without_library(survey) {
        let has_some = survey.resolution.sys.as_ref().is_some_and(holds_library);
        let lack = if has_some {
            ", which has only a part of the standard library of Python "
        } else {
            ", which has no standard library of Python "
        };
        let message = sentence!("PYTHONHOME is ", value, lack, version, ", and Python fails to start");
        let effect =
            "PYTHONHOME replaces the whole search for the standard library; Python does not use home in pyvenv.cfg";
        return Some(finding(&PYTHONHOME_WRONG, message, effect.into()));
    }
    let sys = survey.resolution.sys.as_ref()?;
    if lacks_extensions(sys) {
        let message =
            sentence!("PYTHONHOME is ", value, ", where the extension modules of the standard library are missing");
        let effect = sentence!(
            "importing compiled modules such as math, ssl and ctypes fails; Python looks for them below ",
            sys.base_exec_prefix
        );
        return Some(finding(&PYTHONHOME_WRONG, message, effect));
    }
    if is_own(survey, prefix.as_bstr()) {
        let message = sentence!("PYTHONHOME is ", value, ", which is where this Python is installed anyway");
        let effect = "every other Python that is started from this shell takes its standard library from there, too";
        return Some(finding(&PYTHONHOME_SET, message, effect.into()));
    }
    let message = sentence!("PYTHONHOME makes this Python use the standard library of another installation, ", prefix);
    let effect = sentence!(
        "the modules of ",
        prefix,
        " run in an interpreter that they were not built for, and the packages in its site-packages are not those of ",
        survey.root()
    );
    Some(finding(&PYTHONHOME_WRONG, message, effect))
}

/// The part before the separator: `prefix:exec_prefix` is allowed on POSIX.
fn prefix(survey: &Survey<'_>, value: &BStr) -> BString {
    match survey.flavor() {
        Flavor::Windows => value.to_owned(),
        Flavor::Posix => value.split(|&byte| byte == b':').next().unwrap_or_default().into(),
    }
}

fn holds_library(sys: &SysValues) -> bool {
    sys.path.iter().any(|entry| entry.origin == Origin::Stdlib && entry.exists)
}

/// Whether the directory of the extension modules is known to be missing.
fn lacks_extensions(sys: &SysValues) -> bool {
    let mut dirs = sys.path.iter().filter(|entry| entry.origin == Origin::PlatStdlib).peekable();
    dirs.peek().is_some() && dirs.all(|entry| !entry.exists)
}

/// Whether the interpreter is installed below that directory, or was built for it.
fn is_own(survey: &Survey<'_>, prefix: &BStr) -> bool {
    let identification = &survey.resolution.identification;
    let compiled = identification.interpreter.compiled.prefix.as_ref();
    if compiled.is_some_and(|compiled| survey.same_file(compiled.as_bstr(), prefix)) {
        return true;
    }
    let Some(file) = &identification.file else { return false };
    let above = survey.parent(survey.parent(file.as_bstr()).as_bstr());
    let dir = if survey.flavor() == Flavor::Windows { survey.parent(file.as_bstr()) } else { above };
    survey.same_file(dir.as_bstr(), prefix) || survey.is_below(file.as_bstr(), prefix)
}
