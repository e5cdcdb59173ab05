//! VD251 and VD254: the symlinks of the executable lead through an environment that Python does not use.

use bstr::{BStr, BString, ByteSlice};

use super::support::base;
use crate::environment::Survey;
use crate::host::path::{Flavor, module};
use crate::rules::{
    Code, Confidence, Evidence, Finding, Fix, Judge, ModeChange, Rule, Severity, Topic, When, fixes, only_where,
};
use crate::startup::{StepId, SysValues};
use crate::text::sentence;

pub(in crate::rules) static ENVIRONMENT_BYPASSED: Rule = Rule {
    code: Code("VD251"),
    name: "environment-bypassed",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A symlink leads to the Python of an environment, but Python does not use the environment.",
    why: "\
Python looks for pyvenv.cfg in the directory of the path by which it is started, and one directory above. It does not \
follow symlinks for that. A symlink elsewhere, such as /usr/local/bin/app-python, therefore starts the base interpreter: \
sys.prefix is that of the base, and no package of the environment can be imported. The same happens if the directory of \
the programs is reached through a symlink of its own.",
    example: "\
$ ln -s /srv/app/.venv/bin/python /usr/local/bin/app-python
$ app-python -c 'import sys; print(sys.prefix)'
/usr",
    fix: "Start the environment's Python by its own path, or replace the symlink with a script that does.",
    sources: &["pypa/virtualenv#1773", "Samsung/ONE#6902", "CPython Modules/getpath.py: READ pyvenv.cfg"],
};

pub(in crate::rules) static SYMLINK_THROUGH_ENVIRONMENT: Rule = Rule {
    code: Code("VD254"),
    name: "symlink-through-environment",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The interpreter of an environment is a symlink to the interpreter of another environment.",
    why: "\
Python uses the pyvenv.cfg next to the path by which it is started; the one of the other environment is not consulted, and \
no package of that environment can be imported. But the interpreter depends on it: if the other environment is removed, \
moved or recreated with another version of Python, this one fails to start or loses its packages. venv, virtualenv and uv \
lead their symlinks to the base itself.",
    example: "\
$ readlink .venv/bin/python
/home/ada/other/.venv/bin/python
$ readlink /home/ada/other/.venv/bin/python
/usr/bin/python3",
    fix: "Point the symlink to the base interpreter.",
    sources: &["pypa/virtualenv#1773", "CPython Modules/getpath.py: READ pyvenv.cfg"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&ENVIRONMENT_BYPASSED, &SYMLINK_THROUGH_ENVIRONMENT],
    judges: &[
        Judge { when: When::Startup(295), find: through_file },
        Judge { when: When::Startup(296), find: through_dir },
        // `home` is where the symlinks of a healthy environment lead.
        Judge { when: When::Startup(297), find: only_where!(passes_other_bins => from_environment) },
        Judge { when: When::Environment(296), find: only_where!(!passes_other_bins => from_environment) },
    ],
};

/// An environment on the way to the interpreter.
struct Bypassed {
    /// Its directory.
    root: BString,
    /// Its interpreter, as the symlinks name it.
    python: BString,
    /// The symlink that leads there.
    symlink: BString,
    /// What that contains.
    target: BString,
}

fn through_file(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let bypassed = base_that_runs(survey).and_then(|sys| behind_program(survey, sys));
    findings.extend(bypassed.map(|bypassed| finding(survey, &bypassed)));
}

/// An installation that is started from its own directory of programs needs no question for this.
fn through_dir(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let is_elsewhere = |sys: &&SysValues| survey.join(&sys.prefix, "bin") != survey.bin();
    let Some(sys) = base_that_runs(survey).filter(is_elsewhere) else { return };
    let bypassed = behind_dir(survey, sys).filter(|_| behind_program(survey, sys).is_none());
    findings.extend(bypassed.map(|bypassed| finding(survey, &bypassed)));
}

/// Symlinks to a program, which startup has followed.
fn behind_program(survey: &Survey<'_>, sys: &SysValues) -> Option<Bypassed> {
    let identification = &survey.resolution.identification;
    let ends = identification.hops.iter().skip(1).map(|hop| &hop.path).chain(&identification.file);
    identification.hops.iter().zip(ends).find_map(|(hop, path)| {
        let python = survey.absolute(path.as_bstr());
        let root = environment_of(survey, sys, survey.parent(python.as_bstr()).as_bstr())?;
        Some(Bypassed { root, python, symlink: survey.absolute(hop.path.as_bstr()), target: hop.target.clone() })
    })
}

/// A symlink to the directory of the programs, which startup does not follow.
fn behind_dir(survey: &Survey<'_>, sys: &SysValues) -> Option<Bypassed> {
    let target = survey.ask.read_link(survey.bin()).ok()?;
    let real = survey.ask.real_path(survey.bin()).ok()?;
    let root = environment_of(survey, sys, real.as_bstr())?;
    let python = survey.join(&real, survey.base_name(survey.executable()));
    Some(Bypassed { root, python, symlink: survey.bin().to_owned(), target })
}

/// Whether the symlinks pass through a directory of programs that is not the `home` of the environment.
fn passes_other_bins(survey: &Survey<'_>) -> bool {
    let identification = &survey.resolution.identification;
    let Some(home) = survey.cfg_line("home") else { return false };
    let later = identification.hops.iter().skip(1).map(|hop| &hop.path).chain(&identification.file);
    let mut dirs = later.map(|path| survey.parent(survey.absolute(path.as_bstr()).as_bstr()));
    dirs.any(|dir| dir != survey.bin() && dir != home.value && survey.base_name(dir.as_bstr()) == "bin")
}

/// An environment whose interpreter leads through that of another one. Where its `home` is there too, that is reported.
fn from_environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(sys) = survey.resolution.sys.as_ref().filter(|sys| sys.prefix != sys.base_prefix) else { return };
    let Some(bypassed) = behind_program(survey, sys).filter(|_| survey.flavor() == Flavor::Posix) else { return };
    let bin = survey.parent(bypassed.python.as_bstr());
    let is_home = survey.cfg_line("home").is_some_and(|home| survey.same_file(home.value.as_bstr(), bin.as_bstr()));
    if is_home {
        return;
    }
    let Bypassed { root, python, symlink, target } = &bypassed;
    let message = sentence!(symlink, " leads to ", python, ", the interpreter of another environment");
    findings.push(
        Finding::new(&SYMLINK_THROUGH_ENVIRONMENT, message)
            .evidence(Evidence::about(symlink.clone(), sentence!("is a symlink to ", target)))
            .evidence(Evidence::about(survey.join(root, "pyvenv.cfg"), "is not read"))
            .effect(sentence!(
                "this environment fails to start if ",
                root,
                " is removed, and cannot import its packages"
            ))
            .fix(relink(survey, &bypassed)),
    );
}

/// The symlink leads to the file at the end instead, unless that is a copy in the other environment.
fn relink(survey: &Survey<'_>, bypassed: &Bypassed) -> Fix {
    let file = survey.resolution.identification.file.as_ref();
    match file.filter(|file| !survey.is_below(file.as_bstr(), bypassed.root.as_bstr())) {
        Some(file) => {
            let command = fixes::symlink(survey, file, bypassed.symlink.as_bstr());
            Fix::advice(sentence!("point ", bypassed.symlink, " to ", file)).command(command).safe()
        }
        None => fixes::recreate(survey),
    }
}

/// The values of a start in which no environment is used.
fn base_that_runs<'r>(survey: &Survey<'r>) -> Option<&'r SysValues> {
    let sys = survey.resolution.sys.as_ref()?;
    (survey.flavor() == Flavor::Posix && sys.prefix == sys.base_prefix).then_some(sys)
}

/// The environment whose programs are in this directory, if it is another one than the executable's own. An installation
/// with a `pyvenv.cfg` is what runs.
fn environment_of(survey: &Survey<'_>, sys: &SysValues, bin: &BStr) -> Option<BString> {
    if bin == survey.bin() {
        return None;
    }
    let above = survey.parent(bin);
    let candidates = [above.as_bstr(), bin];
    let root = candidates.into_iter().find(|dir| survey.is_file(survey.join(dir, "pyvenv.cfg").as_bstr()))?;
    let is_used = survey.same_file(root, survey.root()) || base::landmark(survey, root).is_some();
    let root = module::normpath(survey.flavor(), root);
    (!is_used && root != sys.prefix).then_some(root)
}

fn finding(survey: &Survey<'_>, bypassed: &Bypassed) -> Finding {
    let Bypassed { root, python, symlink, target } = bypassed;
    let base = survey.resolution.sys.as_ref().map(|sys| sys.prefix.clone()).unwrap_or_default();
    let message = sentence!(
        survey.executable(),
        " leads to the Python of the environment ",
        root,
        ", but runs as the base ",
        base
    );
    let effect = sentence!(
        "Python does not follow symlinks to find pyvenv.cfg: packages that are installed in ",
        root,
        " cannot be imported"
    );
    Finding::new(&ENVIRONMENT_BYPASSED, message)
        .evidence(Evidence::about(symlink.clone(), sentence!("is a symlink to ", target)))
        .evidence(Evidence::about(survey.join(root, "pyvenv.cfg"), "is not read"))
        .effect(effect)
        .fix(fix(survey, python, symlink))
        .step(base::step(survey, StepId::VenvSearch))
}

/// A script in the place of the symlink. A path that a shell may read otherwise is left to the user.
fn fix(survey: &Survey<'_>, python: &BString, symlink: &BString) -> Fix {
    let advice = sentence!("start ", python, " by that path, or replace ", symlink, " with a script that does");
    let is_plain = python.to_str().is_ok_and(|text| !text.contains(|c: char| c.is_control() || "\"$`\\%'".contains(c)));
    if !is_plain || *symlink == survey.bin() {
        return Fix::advice(advice);
    }
    let script = ["#!/bin/sh".into(), sentence!("exec \"", python, "\" \"$@\"")];
    let remove = fixes::remove_file(survey, symlink.as_bstr());
    let write = fixes::write_new(survey, symlink.as_bstr(), script);
    let run = fixes::chmod(survey, ModeChange::EXECUTABLE, [symlink]);
    Fix::advice(advice).command(remove).command(write).command(run)
}
