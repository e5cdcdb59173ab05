//! VD214, VD215 and VD229: a `pyvenv.cfg` in the wrong directory.

use bstr::{BStr, BString, ByteSlice};

use super::support::base;
use crate::environment::{Cfg, Survey};
use crate::host::path::{Flavor, module};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::behaviors::Behavior;
use crate::startup::{Status, StepId};
use crate::text::sentence;

pub(in crate::rules) static CFG_IN_BIN: Rule = Rule {
    code: Code("VD214"),
    name: "cfg-in-bin",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "pyvenv.cfg is next to the interpreter instead of one directory above it.",
    why: "\
Python searches both places. Up to 3.13, the prefix is two directories above the interpreter wherever the file is. From \
3.14 on, it is the directory of the file: sys.prefix becomes .venv/bin, no package is found, and Python prints two \
warnings about an unexpected value. If both places have a file, the path configuration and the site module read \
different ones.",
    example: "\
$ ls .venv/bin/pyvenv.cfg
$ .venv/bin/python3.14 -c pass
RuntimeWarning: Unexpected value in sys.prefix, expected /home/ada/.venv, got /home/ada/.venv/bin",
    fix: "Move the file one directory up.",
    sources: &["python/cpython#126987", "CPython Modules/getpath.py: CALCULATE prefix"],
};

pub(in crate::rules) static CFG_IN_BASE: Rule = Rule {
    code: Code("VD215"),
    name: "cfg-in-base",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A pyvenv.cfg turns an installation of Python into an environment.",
    why: "\
Python treats the directory above its own as an environment if that contains a pyvenv.cfg, even if it is /usr/local. \
The user site directory is disabled, venv and other tools find the wrong base, and a home that leads nowhere stops \
everything that uses this installation. The file is left over from a copy, or from an environment that was created in \
the wrong place.",
    example: "\
$ ls /opt/python
bin  include  lib  pyvenv.cfg",
    fix: "Move the file away, unless it was put there to disable the user site directory.",
    sources: &["conda/conda#7173", "CPython Lib/site.py: venv"],
};

pub(in crate::rules) static ENVIRONMENT_IN_CONDA: Rule = Rule {
    code: Code("VD229"),
    name: "environment-in-conda",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A directory is both a conda environment and a virtual environment.",
    why: "\
python -m venv $CONDA_PREFIX writes a pyvenv.cfg into the conda environment. Its Python then runs as a virtual \
environment: the user site directory is disabled, and programs that read the file use its home. Two package managers \
share one directory, and neither knows what the other has installed. Some people do this on purpose, to disable the \
user site directory.",
    example: "\
$ ls $CONDA_PREFIX
bin  conda-meta  include  lib  pyvenv.cfg",
    fix: "Create the virtual environment in a directory of its own, and remove pyvenv.cfg from the conda environment.",
    sources: &["conda/conda#7173"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&CFG_IN_BIN, &CFG_IN_BASE, &ENVIRONMENT_IN_CONDA], judges: &[] };

/// The file is next to the interpreter instead of one directory above it.
pub fn in_bin(survey: &Survey<'_>, cfg: &Cfg, findings: &mut Vec<Finding>) {
    let bin = survey.bin();
    let outer = survey.join(survey.root(), "pyvenv.cfg");
    let has_usual_name = [b"bin".as_slice(), b"Scripts"].iter().any(|name| survey.base_name(bin) == *name);
    // What was typed may contain `./`, which Python removes in some of its paths.
    let normal = |dir: &BStr| module::normpath(survey.flavor(), dir);
    let is_next_to_it = normal(survey.parent(cfg.path.as_bstr()).as_bstr()) == normal(bin);
    if !is_next_to_it || !has_usual_name || cfg.bytes().is_none() {
        return;
    }
    let finding = if survey.is_missing(outer.as_bstr()) {
        alone_in_bin(survey, cfg, &outer)
    } else if survey.is_file(outer.as_bstr()) {
        in_both(cfg, &outer)
    } else {
        return;
    };
    findings.push(
        finding
            .evidence(Evidence::about(cfg.path.clone(), "next to the interpreter"))
            .step(base::step(survey, StepId::VenvSearch)),
    );
}

fn alone_in_bin(survey: &Survey<'_>, cfg: &Cfg, outer: &BString) -> Finding {
    let decides_prefix = survey.has(Behavior::VenvPrefixInGetpath);
    let (effect, severity) = if decides_prefix {
        let effect = sentence!(
            "from 3.14 on its directory is the prefix: Python searches for packages below ",
            survey.bin(),
            " and prints two warnings"
        );
        (effect, Severity::Error)
    } else {
        let effect = "up to 3.13 Python finds it there too; from 3.14 on its directory becomes the prefix, and Python finds no package of the environment";
        (effect.into(), Severity::Warning)
    };
    let mut fix = Fix::advice(sentence!("move ", cfg.path, " one directory up"));
    if survey.flavor() != Flavor::Windows {
        fix = fix.command(fixes::rename(survey, cfg.path.as_bstr(), outer)).safe();
    }
    let message = sentence!(cfg.path, " is next to the interpreter instead of one directory above it");
    Finding::new(&CFG_IN_BIN, message).severity(severity).effect(effect).fix(fix)
}

fn in_both(cfg: &Cfg, outer: &BString) -> Finding {
    let message = sentence!("there are two pyvenv.cfg files: ", cfg.path, " and ", outer);
    Finding::new(&CFG_IN_BIN, message)
        .severity(Severity::Warning)
        .effect("the path configuration and the site module search in opposite orders, so each reads a different file")
        .fix(Fix::advice(sentence!("keep only ", outer, ", with the correct values of both")))
}

/// The file turns an installation into an environment. Returns whether it does.
pub fn in_base(survey: &Survey<'_>, cfg: &Cfg, findings: &mut Vec<Finding>) -> bool {
    let dir = survey.parent(cfg.path.as_bstr());
    let Some(landmark) = base::landmark(survey, dir.as_bstr()) else { return false };
    if survey.exists(survey.join(survey.parent(landmark.as_bstr()), "orig-prefix.txt").as_bstr()) {
        // virtualenv before 20 put a standard library into each environment.
        return false;
    }
    let conda = survey.join(&dir, "conda-meta");
    let (finding, evidence) = if survey.exists(conda.as_bstr()) {
        (in_conda(&dir), Evidence::about(conda, "metadata of conda"))
    } else {
        (in_installation(cfg, &dir), Evidence::about(landmark, "a standard library"))
    };
    let fails = survey.resolution.outcome.status == Status::FailsToInitialize;
    findings.push(
        finding
            .severity(if fails { Severity::Error } else { Severity::Warning })
            .evidence(Evidence::about(cfg.path.clone(), "makes its directory an environment"))
            .evidence(evidence)
            .fix(move_away(survey, cfg))
            .step(base::step(survey, StepId::VenvSearch)),
    );
    true
}

fn in_conda(dir: &BString) -> Finding {
    Finding::new(&ENVIRONMENT_IN_CONDA, sentence!(dir, " is a conda environment that also has a pyvenv.cfg")).effect(
        "two package managers share one directory; the user site directory is disabled, and tools treat the directory as a virtual environment",
    )
}

fn in_installation(cfg: &Cfg, dir: &BString) -> Finding {
    let message = sentence!(cfg.path, " turns ", dir, ", which is an installation of Python, into an environment");
    Finding::new(&CFG_IN_BASE, message).effect(
        "this Python reads it at every start: the user site directory is disabled, and a wrong home in it stops everything that uses this base",
    )
}

/// The user site directory that this Python uses where no environment disables it.
fn user_site(survey: &Survey<'_>) -> Option<BString> {
    let recorded = survey.resolution.site.as_ref().and_then(|site| site.user_site.clone());
    let usual = || Some(survey.join(survey.home()?, format!(".local/lib/{}/site-packages", fixes::python(survey))));
    recorded.or_else(usual)
}

fn move_away(survey: &Survey<'_>, cfg: &Cfg) -> Fix {
    if let Some(dir) = user_site(survey).filter(|dir| survey.exists(dir.as_bstr())) {
        return Fix::advice(sentence!(
            "move ",
            cfg.path,
            " away, unless it was put there on purpose: without it, the packages in ",
            dir,
            " are importable again unless PYTHONNOUSERSITE is set"
        ));
    }
    let fix = Fix::advice(sentence!("move ", cfg.path, " away, unless it was put there on purpose"));
    fix.command(fixes::rename(survey, cfg.path.as_bstr(), fixes::unused(survey, &cfg.path, ".unused")))
}
