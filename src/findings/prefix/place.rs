//! VD203, VD214, VD215, VD227, VD229 to VD231: `pyvenv.cfg` is missing, or stands where it should not, or whose
//! environment it makes stands in a peculiar place.

use bstr::{BString, ByteSlice};

use super::base;
use super::cfg;
use super::encoding;
use crate::environment::{Cfg, Survey};
use crate::findings::{Code, Cure, Finding, Proof, Severity, recipes};
use crate::host::Platform;
use crate::host::path::Flavour;
use crate::sentence;
use crate::startup::{Status, text};

/// A folder that looks like an environment in everything but the file that makes it one.
pub fn cfg_missing(survey: &Survey<'_>, is_copy_asked: bool, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    let Some(file) = &resolution.identification.file else { return };
    let is_refused = resolution.outcome.status == Status::FailsToExecute;
    let is_linked = survey.parent(file.as_bstr()) != survey.bin();
    let dies = resolution.outcome.status == Status::FailsToInitialize;
    // A base installation need not be asked about: its interpreter is in its own folder.
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
    let cure = match (&home, survey.flavour()) {
        (Some(home), Flavour::Posix) => {
            let command = encoding::minimal(survey, home).raw(">").word(&cfg);
            Cure::advice(sentence!("write ", cfg, " again")).command(command).safe()
        }
        _ => recipes::recreate(survey),
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
            .proof(Proof::about(activate, "belongs to an environment"))
            .proof(Proof::about(site, "belongs to an environment"))
            .proof(Proof::about(cfg, "missing"))
            .effect(effect)
            .cure(cure)
            .step(base::step(survey, "getpath.venv.search")),
    );
}

/// Where an environment of this version would have its packages.
fn own_site(survey: &Survey<'_>) -> Option<BString> {
    if survey.flavour() == Flavour::Windows {
        return Some(survey.join(survey.join(survey.root(), "Lib"), "site-packages"));
    }
    let lib = survey.join(survey.join(survey.root(), "lib"), base::version_folder(survey)?);
    Some(survey.join(lib, "site-packages"))
}

/// The file stands beside the interpreter instead of one folder above.
pub fn cfg_in_bin(survey: &Survey<'_>, cfg: &Cfg, findings: &mut Vec<Finding>) {
    let bin = survey.bin();
    let outer = survey.join(survey.root(), "pyvenv.cfg");
    let is_named_so = [b"bin".as_slice(), b"Scripts"].iter().any(|name| survey.base_name(bin) == *name);
    if survey.parent(cfg.path.as_bstr()) != bin || !is_named_so || cfg.bytes().is_none() {
        return;
    }
    let is_alone = survey.is_missing(outer.as_bstr());
    let is_modern = survey.version().is_some_and(|version| version.minor >= 14);
    let (message, effect, cure) = if is_alone {
        let effect = if is_modern {
            sentence!(
                "from 3.14 on its folder is the prefix: packages are looked for below ",
                bin,
                ", and two warnings are printed"
            )
        } else {
            "up to 3.13 it is found there too; from 3.14 on its folder becomes the prefix, and no package of the environment is found".into()
        };
        let mut cure = Cure::advice(sentence!("move ", cfg.path, " one folder up"));
        if survey.flavour() != Flavour::Windows {
            cure = cure.command(recipes::rename(survey, cfg.path.as_bstr(), &outer)).safe();
        }
        (sentence!(cfg.path, " stands beside the interpreter, and belongs one folder above"), effect, cure)
    } else if survey.is_file(outer.as_bstr()) {
        let effect =
            "the path configuration and the site module look in opposite orders, so that each reads another one";
        let cure = Cure::advice(sentence!("keep ", outer, " alone, with what is right in either"));
        (sentence!("there are two of them: ", cfg.path, " and ", outer), effect.into(), cure)
    } else {
        return;
    };
    findings.push(
        Finding::new(Code::CfgInBin, message)
            .severity(if is_modern && is_alone { Severity::Error } else { Severity::Warning })
            .proof(Proof::about(cfg.path.clone(), "beside the interpreter"))
            .effect(effect)
            .cure(cure)
            .step(base::step(survey, "getpath.venv.search")),
    );
}

/// The file makes an environment of what is an installation. Says whether it does.
pub fn cfg_in_base(survey: &Survey<'_>, cfg: &Cfg, findings: &mut Vec<Finding>) -> bool {
    let folder = survey.parent(cfg.path.as_bstr());
    let Some(landmark) = base::landmark(survey, folder.as_bstr()) else { return false };
    if survey.exists(survey.join(survey.parent(landmark.as_bstr()), "orig-prefix.txt").as_bstr()) {
        // virtualenv before 20 put a standard library into each environment.
        return false;
    }
    let conda = survey.join(&folder, "conda-meta");
    let is_conda = survey.exists(conda.as_bstr());
    let dies = survey.resolution.outcome.status == Status::FailsToInitialize;
    let (code, message, effect) = if is_conda {
        (
            Code::EnvironmentInConda,
            sentence!(folder, " is an environment of conda, and has a pyvenv.cfg besides"),
            "two managers of packages share one folder; the user site is switched off, and tools take it for one of venv",
        )
    } else {
        (
            Code::CfgInBase,
            sentence!(cfg.path, " makes an environment of ", folder, ", which is an installation of Python"),
            "every start of this Python reads it: the user site is switched off, and a wrong home in it stops all that use this base",
        )
    };
    let mut cure = Cure::advice(sentence!("move ", cfg.path, " out of the way, unless it was put there on purpose"));
    if survey.flavour() != Flavour::Windows {
        let aside = sentence!(cfg.path, ".unused");
        cure = cure.command(recipes::rename(survey, cfg.path.as_bstr(), aside));
    }
    let proof =
        if is_conda { Proof::about(conda, "belongs to conda") } else { Proof::about(landmark, "a standard library") };
    findings.push(
        Finding::new(code, message)
            .severity(if dies { Severity::Error } else { Severity::Warning })
            .proof(Proof::about(cfg.path.clone(), "makes an environment of its folder"))
            .proof(proof)
            .effect(effect)
            .cure(cure)
            .step(base::step(survey, "getpath.venv.search")),
    );
    true
}

/// The base comes from the Microsoft Store, whose programs live behind redirections.
pub fn store(survey: &Survey<'_>, cfg: &Cfg, findings: &mut Vec<Finding>) {
    let Some(line) = cfg.last("home").filter(|_| survey.platform() == Platform::Windows) else { return };
    let lower = text::lower(&line.value).replace("/", "\\");
    let is_versioned = lower.contains_str(r"\program files\windowsapps\");
    let is_alias = lower.contains_str(r"\microsoft\windowsapps");
    let is_redirected = is_alias && text::lower(survey.root()).contains_str(r"\appdata\");
    let (message, effect) = if is_versioned {
        (
            sentence!(
                "home in ",
                cfg.path,
                " is the folder of one version of a package of the Microsoft Store: ",
                line.value
            ),
            "the next update of the package removes the folder, and programs in it may not be started directly",
        )
    } else if is_redirected {
        (
            sentence!(
                "the environment ",
                survey.root(),
                " lies below AppData, and its base comes from the Microsoft Store"
            ),
            "what programs of the Store write below AppData is put into a private folder of the package, where no other program finds it",
        )
    } else {
        return;
    };
    findings.push(
        Finding::new(Code::StorePython, message)
            .proof(cfg::value_proof(cfg, line))
            .effect(effect)
            .cure(Cure {
                advice: "make the environment anew with a Python from python.org or from uv".into(),
                ..recipes::recreate(survey)
            })
            .step(base::step(survey, "redirector.home")),
    );
}

/// The environment belongs to a build system.
pub fn build_system(survey: &Survey<'_>, findings: &mut Vec<Finding>) -> bool {
    let Some(name) = survey.cfg().and_then(|_| build_system_folder(survey)) else { return false };
    let message = sentence!(survey.root(), " looks like the work of a build system, below ", name);
    findings.push(
        Finding::new(Code::BuildSystemEnvironment, message)
            .proof(Proof::about(survey.root(), sentence!("below ", name)))
            .effect("its links, and home where there is one, count from within the sandbox of the build; elsewhere Python may take another base or die")
            .cure(Cure::advice("start it through the build system, and correct the rules that made it instead of its files")),
    );
    true
}

/// The folder on the way to the environment that has a name which build systems give.
fn build_system_folder(survey: &Survey<'_>) -> Option<BString> {
    let flavour = survey.flavour();
    let separators: &[u8] = if flavour == Flavour::Windows { b"/\\" } else { b"/" };
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
    let real = crate::host::path::module::normpath(survey.flavour(), survey.executable());
    findings.push(
        Finding::new(Code::StartPathNotNormal, sentence!("python is started through a path with ..: ", typed))
            .proof(Proof::about(survey.executable(), warning.clone()))
            .effect("sys.prefix keeps the .., and the site module warns at every start; nothing is wrong with the environment")
            .cure(Cure::advice(sentence!("start it as ", real)))
            .step(base::step(survey, "site.venv.prefix")),
    );
}
