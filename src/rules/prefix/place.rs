//! VD203, VD214, VD215, VD227, VD229 to VD231: `pyvenv.cfg` is missing, or stands where it should not, or whose
//! environment it makes stands in a peculiar place.

use bstr::{BString, ByteSlice};

use super::base;
use super::cfg;
use super::encoding;
use crate::environment::{Cfg, Survey};
use crate::host::Platform;
use crate::host::path::Flavor;
use crate::rules::{Code, Evidence, Finding, Fix, Severity, fixes};
use crate::startup::Status;
use crate::startup::StepId;
use crate::text::python;
use crate::text::sentence;

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
        Finding::new(Code::CfgMissing, message)
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
        Finding::new(Code::CfgInBin, message)
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
            Code::EnvironmentInConda,
            sentence!(dir, " is an environment of conda, and has a pyvenv.cfg besides"),
            "two managers of packages share one directory; the user site is switched off, and tools take it for one of venv",
        )
    } else {
        (
            Code::CfgInBase,
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
        Finding::new(Code::StorePython, message)
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
        Finding::new(Code::BuildSystemEnvironment, message)
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
        Finding::new(Code::StartPathNotNormal, sentence!("python is started through a path with ..: ", typed))
            .evidence(Evidence::about(survey.executable(), warning.clone()))
            .effect("sys.prefix keeps the .., and the site module warns at every start; nothing is wrong with the environment")
            .fix(Fix::advice(sentence!("start it as ", real)))
            .step(base::step(survey, StepId::SiteVenvPrefix)),
    );
}
