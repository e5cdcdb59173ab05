//! VD301, VD302 and VD312: variables that say where the standard library is.

use bstr::{BStr, BString, ByteSlice};

use super::support::settings::{self, counted, dies_without_library};
use crate::environment::Survey;
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Finding, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::StepId;
use crate::startup::behaviors::{Behavior, Behaviors};
use crate::startup::{Origin, SysValues};
use crate::text::sentence;

pub(in crate::rules) static PYTHONHOME_WRONG: Rule = Rule {
    code: Code("VD301"),
    name: "pythonhome-wrong",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "PYTHONHOME leads Python to a standard library that is missing, incomplete, or another installation's.",
    why: "\
The variable replaces the search for the standard library as a whole, for every Python that is started from that shell, \
and from 3.11 on the path configuration does not ask pyvenv.cfg either. Where the directory has no library of this minor \
release, Python dies with No module named 'encodings'; where it has that of another build, modules and interpreter do \
not fit. Programs that embed Python set it, spack and old installers export it. The activate scripts of sh and fish \
remove it, that of csh does not.",
    example: "\
$ PYTHONHOME=/opt/app .venv/bin/python
Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding
ModuleNotFoundError: No module named 'encodings'",
    fix: "unset PYTHONHOME, and remove it from the profile that exports it.",
    sources: &["python/cpython#125873", "spack/spack#32515", "CPython Modules/getpath.py: CALCULATE (default) prefix"],
};

pub(in crate::rules) static PYTHONHOME_SET: Rule = Rule {
    code: Code("VD302"),
    name: "pythonhome-set",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "PYTHONHOME is set to the installation that this Python would find by itself.",
    why: "\
Here it does no harm. It does to every other Python that is started from the same shell: one of another minor release \
finds no standard library and dies, one of the same release takes this one's.",
    example: "\
$ export PYTHONHOME=/usr/local
$ /usr/local/bin/python3.12 -c 'print(1)'
1
$ /usr/bin/python3.11 -c 'print(1)'
ModuleNotFoundError: No module named 'encodings'",
    fix: "unset PYTHONHOME: Python finds its library without it.",
    sources: &["CPython Doc/using/cmdline.rst: PYTHONHOME"],
};

pub(in crate::rules) static PLATLIBDIR_SET: Rule = Rule {
    code: Code("VD312"),
    name: "platlibdir-set",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "PYTHONPLATLIBDIR names a directory without the standard library, and Python dies.",
    why: "\
From 3.9 on the variable takes the place of lib (or lib64) in every path that the path configuration makes. The \
standard library is then looked for in PREFIX/VALUE/pythonX.Y. Nothing else is wrong with the installation, and the \
message does not name the variable.",
    example: "\
$ PYTHONPLATLIBDIR=lib64 .venv/bin/python
ModuleNotFoundError: No module named 'encodings'
$ ls -d /usr/local/lib*/python3.12
/usr/local/lib/python3.12",
    fix: "unset PYTHONPLATLIBDIR.",
    sources: &["bpo-40854", "CPython Modules/getpath.py: PLATLIBDIR"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&PYTHONHOME_WRONG, &PYTHONHOME_SET, &PLATLIBDIR_SET],
    judges: &[Judge { when: When::Startup(200), find }],
};

/// Judges `PYTHONHOME` and `PYTHONPLATLIBDIR`, of which one alone is to blame where Python dies.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let library = survey.resolution.sys.as_ref().and_then(|sys| platlibdir(survey, sys));
    match library {
        Some(finding) => findings.push(finding),
        None => findings.extend(home(survey)),
    }
}

/// Python dies because the directory that the variable names holds no standard library, and `lib` or `lib64` does.
fn platlibdir(survey: &Survey<'_>, sys: &SysValues) -> Option<Finding> {
    let version = survey.version()?;
    let name = "PYTHONPLATLIBDIR";
    let value = counted(survey, name).filter(|_| Behaviors::of(version).has(Behavior::PlatlibdirVariable))?;
    let compiled = survey.resolution.identification.interpreter.compiled.platlibdir.as_ref();
    let usual = compiled.map_or(b"lib".as_bstr(), |usual| usual.as_bstr());
    if !dies_without_library(survey) || value == usual || survey.flavor() == Flavor::Windows {
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
        ", so that Python looks for its standard library in ",
        survey.parent(wanted.as_bstr()),
        ", which is missing, and dies"
    );
    let effect = sentence!(
        "the directory lib or lib64 of every prefix is replaced by ",
        value,
        "; the library itself is in ",
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
    if dies_without_library(survey) {
        let has_some = survey.resolution.sys.as_ref().is_some_and(holds_library);
        let lack = if has_some {
            ", where the standard library is not whole for Python "
        } else {
            ", where there is no standard library of Python "
        };
        let message = sentence!("PYTHONHOME is ", value, lack, version, ", and Python dies");
        let effect =
            "PYTHONHOME replaces the whole search for the standard library, and home in pyvenv.cfg is not followed";
        return Some(finding(&PYTHONHOME_WRONG, message, effect.into()));
    }
    let sys = survey.resolution.sys.as_ref()?;
    if lacks_extensions(sys) {
        let message =
            sentence!("PYTHONHOME is ", value, ", which leads to no extension modules of the standard library");
        let effect = sentence!(
            "import of math, ssl, ctypes and every other module that is compiled fails; they are looked for below ",
            sys.base_exec_prefix
        );
        return Some(finding(&PYTHONHOME_WRONG, message, effect));
    }
    if is_own(survey, prefix.as_bstr()) {
        let message = sentence!("PYTHONHOME is ", value, ", where this Python is installed in any case");
        let effect = "every other Python that this shell starts takes its standard library from there too";
        return Some(finding(&PYTHONHOME_SET, message, effect.into()));
    }
    let message = sentence!("PYTHONHOME makes this Python take the standard library of another installation, ", prefix);
    let effect = sentence!(
        "modules of ",
        prefix,
        " run in an interpreter that they were not built with, and the packages of its site-packages are not those of ",
        survey.root()
    );
    Some(finding(&PYTHONHOME_WRONG, message, effect))
}

/// What stands before the separator: `prefix:exec_prefix` is allowed on POSIX.
fn prefix(survey: &Survey<'_>, value: &BStr) -> BString {
    match survey.flavor() {
        Flavor::Windows => value.to_owned(),
        Flavor::Posix => value.split(|&byte| byte == b':').next().unwrap_or_default().into(),
    }
}

fn holds_library(sys: &SysValues) -> bool {
    sys.path.iter().any(|entry| entry.origin == Origin::Stdlib && entry.exists)
}

/// Whether the directory of the compiled modules is known to be missing.
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
