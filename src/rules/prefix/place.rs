//! VD203, VD214, VD215, VD227, VD229 to VD231: `pyvenv.cfg` is missing, or stands where it should not, or whose
//! environment it makes stands in a peculiar place.

use bstr::{BString, ByteSlice};

use super::encoding;
use super::support::base;
use super::support::cfg;
use crate::environment::{Cfg, Survey};
use crate::host::Platform;
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::Status;
use crate::startup::StepId;
use crate::text::python;
use crate::text::sentence;

pub(in crate::rules) static CFG_MISSING: Rule = Rule {
    code: Code("VD203"),
    name: "cfg-missing",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The directory was an environment, and the pyvenv.cfg that made it one is gone.",
    why: "\
Nothing but pyvenv.cfg tells Python that it runs in an environment; the activate scripts and site-packages beside it do \
not. A linked interpreter then is the base under another name: sys.prefix is that of the base, what is installed here \
cannot be imported, and pip works on the base. A copied one finds no standard library unless the compiled-in prefix has \
it. On Windows the redirector does not start without the file. Copies that leave out *.cfg are the usual cause.",
    example: "\
$ ls -A .venv
bin  include  lib
$ .venv/bin/python -c 'import sys; print(sys.prefix)'
/usr",
    fix: "Write the file again, with home naming the directory of the base interpreter, or make the environment anew.",
    sources: &["python/cpython#85537", "CPython Lib/site.py: venv", "CPython PC/venvlauncher.c"],
};

pub(in crate::rules) static CFG_IN_BIN: Rule = Rule {
    code: Code("VD214"),
    name: "cfg-in-bin",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "pyvenv.cfg stands beside the interpreter instead of one directory above.",
    why: "\
Both places are searched. Up to 3.13 the prefix is two directories above the interpreter wherever the file is. From 3.14 on \
it is the directory of the file: sys.prefix becomes .venv/bin, no package is found, and two warnings tell of an unexpected \
value. With a file in either place, the two readers take different ones.",
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
    summary: "A pyvenv.cfg makes an environment of what is an installation of Python.",
    why: "\
Python takes the directory above its own for an environment wherever a pyvenv.cfg lies in it, be it /usr/local. The user \
site is switched off, venv and tools are confused about the base, and a home that leads nowhere kills everything that \
uses this installation. It is left behind by a copy or an environment that was made in the wrong place.",
    example: "\
$ ls /opt/python
bin  include  lib  pyvenv.cfg",
    fix: "Move the file away, unless somebody put it there to switch the user site off.",
    sources: &["conda/conda#7173", "CPython Lib/site.py: venv"],
};

pub(in crate::rules) static STORE_PYTHON: Rule = Rule {
    code: Code("VD227"),
    name: "store-python",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The base comes from the Microsoft Store, in a way that does not last or hides files.",
    why: "\
The directory below Program Files\\WindowsApps has the version of the package in its name, goes away with its next update, \
and its programs may not be started directly: Unable to create process. What such a Python writes below AppData is put \
into a directory of the package, where no other program finds it: Actual environment location may have moved.",
    example: "home = C:\\Program Files\\WindowsApps\\PythonSoftwareFoundation.Python.3.11_3.11.2544.0_x64__qbz5n2kfra8p0",
    fix: "Make the environment anew with a Python from python.org or from uv.",
    sources: &["python/cpython#89947", "python/cpython#90329", "pypa/virtualenv#1362"],
};

pub(in crate::rules) static ENVIRONMENT_IN_CONDA: Rule = Rule {
    code: Code("VD229"),
    name: "environment-in-conda",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "One directory is an environment of conda and one of venv.",
    why: "\
python -m venv $CONDA_PREFIX puts a pyvenv.cfg into the environment of conda. From then on its Python takes itself for \
an environment of venv: the user site is off, and what reads the file goes by its home. Two managers of packages share \
one directory, and neither knows what the other has installed. Some do it on purpose, to hide the user site.",
    example: "\
$ ls $CONDA_PREFIX
bin  conda-meta  include  lib  pyvenv.cfg",
    fix: "Make the environment in a directory of its own, and remove pyvenv.cfg from that of conda.",
    sources: &["conda/conda#7173"],
};

pub(in crate::rules) static BUILD_SYSTEM_ENVIRONMENT: Rule = Rule {
    code: Code("VD230"),
    name: "build-system-environment",
    severity: Severity::Info,
    confidence: Confidence::Heuristic,
    summary: "The environment looks like the work of a build system, which is valid within its sandbox alone.",
    why: "\
Bazel's rules make environments of relative links, a wrapper, and a pyvenv.cfg that is empty or has a relative home. They \
are meant to be started by the build. Elsewhere 3.11 and 3.12 follow some of the links only, and die with No module named \
'encodings'; editors refuse the file.",
    example: "bazel-out/k8-fastbuild/bin/app.runfiles/_main/.venv/bin/python",
    fix: "Start it through the build system, and upgrade its rules for Python.",
    sources: &["bazel-contrib/rules_python#3320", "aspect-build/rules_py#668", "python/cpython#135773"],
};

pub(in crate::rules) static START_PATH_NOT_NORMAL: Rule = Rule {
    code: Code("VD231"),
    name: "start-path-not-normal",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "Python was started through a path with .., and 3.14 and later warn about its prefix.",
    why: "\
The path configuration makes the path absolute and leaves .. in it; the site module folds it, compares the two, and \
warns of an unexpected value in sys.prefix. The environment is sound.",
    example: "\
$ ../env/bin/python -c pass
RuntimeWarning: Unexpected value in sys.prefix, expected /home/ada/env, got /home/ada/src/../env",
    fix: "Start it by its absolute path.",
    sources: &["python/cpython#156495", "python/cpython#156496", "CPython Lib/site.py: venv"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[
        &CFG_MISSING,
        &CFG_IN_BIN,
        &CFG_IN_BASE,
        &STORE_PYTHON,
        &ENVIRONMENT_IN_CONDA,
        &BUILD_SYSTEM_ENVIRONMENT,
        &START_PATH_NOT_NORMAL,
    ],
    judges: &[],
};

/// A directory that looks like an environment in everything but the file that makes it one.
pub fn cfg_missing(survey: &Survey<'_>, is_copy_asked: bool, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    let Some(file) = &resolution.identification.file else { return };
    let is_refused = resolution.outcome.status == Status::FailsToExecute;
    let is_linked = survey.parent(file.as_bstr()) != survey.bin();
    let dies = resolution.outcome.status == Status::FailsToInitialize;
    // A base installation need not be asked about: its interpreter is in its own directory.
    if survey.cfg().is_some() || is_refused || (!is_linked && !dies) != is_copy_asked {
        return;
    }
    let activate = survey.join(survey.bin(), "activate");
    let is_base = || base::landmark(survey, survey.root()).is_some();
    let is_conda = || survey.exists(survey.join(survey.root(), "conda-meta").as_bstr());
    let Some(site) = own_site(survey).filter(|site| survey.is_dir(site.as_bstr())) else { return };
    if !survey.is_file(activate.as_bstr()) || is_base() || is_conda() {
        return;
    }
    let cfg = survey.join(survey.root(), "pyvenv.cfg");
    let home = base::real_home(survey);
    let fix = match (&home, survey.flavor()) {
        (Some(home), Flavor::Posix) => {
            let command = encoding::minimal(survey, home).raw(">").word(&cfg);
            Fix::advice(sentence!("write ", cfg, " again")).command(command).safe()
        }
        _ => fixes::recreate(survey),
    };
    let effect = if dies {
        "nothing says where the base is, and Python finds no standard library"
    } else {
        "this is the base interpreter under another name: what is installed here is not seen, and pip would change the base"
    };
    let message = sentence!(survey.root(), " was an environment, and has lost its pyvenv.cfg");
    findings.push(
        Finding::new(&CFG_MISSING, message)
            .severity(if dies { Severity::Error } else { Severity::Warning })
            .evidence(Evidence::about(activate, "belongs to an environment"))
            .evidence(Evidence::about(site, "belongs to an environment"))
            .evidence(Evidence::about(cfg, "missing"))
            .effect(effect)
            .fix(fix)
            .step(base::step(survey, StepId::VenvSearch)),
    );
}

/// Where an environment of this version would have its packages.
fn own_site(survey: &Survey<'_>) -> Option<BString> {
    if survey.flavor() == Flavor::Windows {
        return Some(survey.join(survey.join(survey.root(), "Lib"), "site-packages"));
    }
    let lib = survey.join(survey.join(survey.root(), "lib"), base::version_dir(survey)?);
    Some(survey.join(lib, "site-packages"))
}

/// The file stands beside the interpreter instead of one directory above.
pub fn cfg_in_bin(survey: &Survey<'_>, cfg: &Cfg, findings: &mut Vec<Finding>) {
    let bin = survey.bin();
    let outer = survey.join(survey.root(), "pyvenv.cfg");
    let is_named_so = [b"bin".as_slice(), b"Scripts"].iter().any(|name| survey.base_name(bin) == *name);
    if survey.parent(cfg.path.as_bstr()) != bin || !is_named_so || cfg.bytes().is_none() {
        return;
    }
    let is_alone = survey.is_missing(outer.as_bstr());
    let is_modern = survey.version().is_some_and(|version| version.minor >= 14);
    let (message, effect, fix) = if is_alone {
        let effect = if is_modern {
            sentence!(
                "from 3.14 on its directory is the prefix: packages are looked for below ",
                bin,
                ", and two warnings are printed"
            )
        } else {
            "up to 3.13 it is found there too; from 3.14 on its directory becomes the prefix, and no package of the environment is found".into()
        };
        let mut fix = Fix::advice(sentence!("move ", cfg.path, " one directory up"));
        if survey.flavor() != Flavor::Windows {
            fix = fix.command(fixes::rename(survey, cfg.path.as_bstr(), &outer)).safe();
        }
        (sentence!(cfg.path, " stands beside the interpreter, and belongs one directory above"), effect, fix)
    } else if survey.is_file(outer.as_bstr()) {
        let effect =
            "the path configuration and the site module look in opposite orders, so that each reads another one";
        let fix = Fix::advice(sentence!("keep ", outer, " alone, with what is right in either"));
        (sentence!("there are two of them: ", cfg.path, " and ", outer), effect.into(), fix)
    } else {
        return;
    };
    findings.push(
        Finding::new(&CFG_IN_BIN, message)
            .severity(if is_modern && is_alone { Severity::Error } else { Severity::Warning })
            .evidence(Evidence::about(cfg.path.clone(), "beside the interpreter"))
            .effect(effect)
            .fix(fix)
            .step(base::step(survey, StepId::VenvSearch)),
    );
}

/// The file makes an environment of what is an installation. Says whether it does.
pub fn cfg_in_base(survey: &Survey<'_>, cfg: &Cfg, findings: &mut Vec<Finding>) -> bool {
    let dir = survey.parent(cfg.path.as_bstr());
    let Some(landmark) = base::landmark(survey, dir.as_bstr()) else { return false };
    if survey.exists(survey.join(survey.parent(landmark.as_bstr()), "orig-prefix.txt").as_bstr()) {
        // virtualenv before 20 put a standard library into each environment.
        return false;
    }
    let conda = survey.join(&dir, "conda-meta");
    let is_conda = survey.exists(conda.as_bstr());
    let dies = survey.resolution.outcome.status == Status::FailsToInitialize;
    let (code, message, effect) = if is_conda {
        (
            &ENVIRONMENT_IN_CONDA,
            sentence!(dir, " is an environment of conda, and has a pyvenv.cfg besides"),
            "two managers of packages share one directory; the user site is switched off, and tools take it for one of venv",
        )
    } else {
        (
            &CFG_IN_BASE,
            sentence!(cfg.path, " makes an environment of ", dir, ", which is an installation of Python"),
            "every start of this Python reads it: the user site is switched off, and a wrong home in it stops all that use this base",
        )
    };
    let mut fix = Fix::advice(sentence!("move ", cfg.path, " out of the way, unless it was put there on purpose"));
    if survey.flavor() != Flavor::Windows {
        let aside = sentence!(cfg.path, ".unused");
        fix = fix.command(fixes::rename(survey, cfg.path.as_bstr(), aside));
    }
    let evidence = if is_conda {
        Evidence::about(conda, "belongs to conda")
    } else {
        Evidence::about(landmark, "a standard library")
    };
    findings.push(
        Finding::new(code, message)
            .severity(if dies { Severity::Error } else { Severity::Warning })
            .evidence(Evidence::about(cfg.path.clone(), "makes an environment of its directory"))
            .evidence(evidence)
            .effect(effect)
            .fix(fix)
            .step(base::step(survey, StepId::VenvSearch)),
    );
    true
}

/// The base comes from the Microsoft Store, whose programs live behind redirections.
pub fn store(survey: &Survey<'_>, cfg: &Cfg, findings: &mut Vec<Finding>) {
    let Some(line) = cfg.last("home").filter(|_| survey.platform() == Platform::Windows) else { return };
    let lower = python::lower(&line.value).replace("/", "\\");
    let is_versioned = lower.contains_str(r"\program files\windowsapps\");
    let is_alias = lower.contains_str(r"\microsoft\windowsapps");
    let is_redirected = is_alias && python::lower(survey.root()).contains_str(r"\appdata\");
    let (message, effect) = if is_versioned {
        (
            sentence!(
                "home in ",
                cfg.path,
                " is the directory of one version of a package of the Microsoft Store: ",
                line.value
            ),
            "the next update of the package removes the directory, and programs in it may not be started directly",
        )
    } else if is_redirected {
        (
            sentence!(
                "the environment ",
                survey.root(),
                " lies below AppData, and its base comes from the Microsoft Store"
            ),
            "what programs of the Store write below AppData is put into a private directory of the package, where no other program finds it",
        )
    } else {
        return;
    };
    findings.push(
        Finding::new(&STORE_PYTHON, message)
            .evidence(cfg::value_evidence(cfg, line))
            .effect(effect)
            .fix(Fix {
                advice: "make the environment anew with a Python from python.org or from uv".into(),
                ..fixes::recreate(survey)
            })
            .step(base::step(survey, StepId::RedirectorHome)),
    );
}

/// The environment belongs to a build system.
pub fn build_system(survey: &Survey<'_>, findings: &mut Vec<Finding>) -> bool {
    let Some(name) = survey.cfg().and_then(|_| build_system_dir(survey)) else { return false };
    let message = sentence!(survey.root(), " looks like the work of a build system, below ", name);
    findings.push(
        Finding::new(&BUILD_SYSTEM_ENVIRONMENT, message)
            .evidence(Evidence::about(survey.root(), sentence!("below ", name)))
            .effect("its links, and home where there is one, count from within the sandbox of the build; elsewhere Python may take another base or die")
            .fix(Fix::advice("start it through the build system, and correct the rules that made it instead of its files")),
    );
    true
}

/// The directory on the way to the environment that has a name which build systems give.
fn build_system_dir(survey: &Survey<'_>) -> Option<BString> {
    let flavor = survey.flavor();
    let separators: &[u8] = if flavor == Flavor::Windows { b"/\\" } else { b"/" };
    let names = survey.root().split(|byte| separators.contains(byte));
    let mut found = names.filter(|name| *name == b"bazel-out" || name.ends_with(b".runfiles"));
    found.next().map(BString::from)
}

/// Started by a path with `..`, which the site module folds and the path configuration does not.
pub fn start_path(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    let typed = &resolution.invocation.executable;
    let warning =
        resolution.messages.iter().find(|message| message.starts_with(b"RuntimeWarning: Unexpected value in sys."));
    let is_folded = typed.split(|byte| matches!(byte, b'/' | b'\\')).any(|name| name == b"..");
    let is_beside = survey.cfg().is_some_and(|cfg| survey.parent(cfg) == survey.bin());
    let (Some(warning), true, false) = (warning, is_folded, is_beside) else { return };
    let real = crate::host::path::module::normpath(survey.flavor(), survey.executable());
    findings.push(
        Finding::new(&START_PATH_NOT_NORMAL, sentence!("python is started through a path with ..: ", typed))
            .evidence(Evidence::about(survey.executable(), warning.clone()))
            .effect("sys.prefix keeps the .., and the site module warns at every start; nothing is wrong with the environment")
            .fix(Fix::advice(sentence!("start it as ", real)))
            .step(base::step(survey, StepId::SiteVenvPrefix)),
    );
}
