//! VD708 and VD709: `lib64`, which `venv` makes a symlink to `lib` so that both names lead to one tree.

use bstr::{BString, ByteSlice};

use crate::environment::{Survey, normalize};
use crate::host::{FileKind, Platform};
use crate::rules::scripts::MOVED;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static LIB64_DANGLING: Rule = Rule {
    code: Code("VD708"),
    name: "lib64-dangling",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "lib64 is a symlink to a path that does not exist, or to the lib directory of another environment.",
    why: "\
On 64-bit Linux, venv (up to 3.14) makes lib64 a relative symlink to lib, so that installers that put compiled packages \
into lib64 use the same tree. Tools that copy environments turn it into an absolute symlink, which then leads to the \
original environment. Builds whose platlibdir is lib64 (Fedora, SUSE) search for packages through it.",
    example: "\
$ readlink .venv/lib64
/home/ada/old/.venv/lib",
    fix: "Make it a relative symlink: ln -sfn lib .venv/lib64.",
    sources: &["CPython Lib/venv/__init__.py: EnvBuilder.ensure_directories", "python/cpython#137139"],
};

pub(in crate::rules) static LIB64_SPLIT: Rule = Rule {
    code: Code("VD709"),
    name: "lib64-split",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "lib64 is a directory instead of a symlink to lib, and packages are in the wrong tree or in both.",
    why: "\
If lib64 is not a symlink, lib and lib64 are two trees. A Python whose platlibdir is lib never searches lib64. One whose \
platlibdir is lib64 searches both, which is valid (virtualenv and 3.15 create environments in this way), but a \
distribution that is split between both may fail: its modules do not find their libraries next to them.",
    example: "\
$ ls .venv
bin  include  lib  lib64  pyvenv.cfg
$ ls .venv/lib64/python3.12/site-packages
numpy  numpy-2.1.0.dist-info",
    fix: "Recreate the environment with the tool that installs its packages from then on.",
    sources: &["pypa/virtualenv#2986", "python/cpython#143989"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&LIB64_DANGLING, &LIB64_SPLIT], judges: &[Judge { when: When::Environment(730), find }] };

/// At most this many distributions are shown as evidence.
const MOST_EVIDENCE: usize = 5;

/// Judges `lib64` of an environment.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if survey.platform() != Platform::Linux || !survey.is_environment() {
        return;
    }
    let lib64 = survey.join(survey.root(), "lib64");
    if survey.holds(survey.root(), b"lib64".into()) == Some(false) {
        return;
    }
    match survey.ask.link_exists(lib64.as_bstr()).map(|metadata| metadata.kind) {
        Ok(FileKind::Symlink) => findings.extend(misdirected(survey, &lib64)),
        Ok(FileKind::Directory) => findings.extend(split(survey, &lib64)),
        _ => {}
    }
}

fn uses_lib64(survey: &Survey<'_>) -> bool {
    let compiled = &survey.resolution.identification.interpreter.compiled;
    compiled.platlibdir.as_ref().is_some_and(|dir| dir == "lib64")
}

/// A symlink that leads nowhere, or to the `lib` of another environment.
fn misdirected(survey: &Survey<'_>, lib64: &BString) -> Option<Finding> {
    let target = survey.ask.read_link(lib64.as_bstr()).ok()?;
    let lib = survey.join(survey.root(), "lib");
    let is_gone = survey.is_missing(lib64.as_bstr());
    let is_elsewhere = !is_gone && survey.exists(lib.as_bstr()) && !survey.same_file(lib64.as_bstr(), lib.as_bstr());
    let identified = survey.metadata(lib.as_bstr()).is_ok_and(|metadata| metadata.identity.is_some());
    if !(is_gone || (is_elsewhere && (identified || target.starts_with(b"/")))) {
        return None;
    }
    let is_used = uses_lib64(survey);
    let message = if is_gone {
        sentence!(lib64, " is a symlink to ", target, ", which does not exist")
    } else {
        sentence!(lib64, " is a symlink to ", target, ", which is not the lib directory of this environment")
    };
    let effect = if is_used {
        "this Python searches it for compiled packages, and finds none of this environment's"
    } else {
        "this Python does not search it, but installers that put compiled packages into lib64 fail or change another directory"
    };
    let fix = Fix::advice("make it a relative symlink to lib, as venv does").command(fixes::symlink(
        survey,
        "lib",
        lib64.as_bstr(),
    ));
    let finding = Finding::new(&LIB64_DANGLING, message)
        .severity(if is_used { Severity::Error } else { Severity::Warning })
        .evidence(Evidence::about(lib64.clone(), sentence!("a symlink to ", target)))
        .effect(effect)
        .fix(fix.safe())
        .follows_from_what_happened_to(&target, &MOVED);
    Some(finding)
}

/// A directory of its own. Where the build uses it, two trees are valid unless one distribution is in both.
fn split(survey: &Survey<'_>, lib64: &BString) -> Option<Finding> {
    let version = survey.version()?;
    let below = |dir: &BString| survey.join(survey.join(dir, format!("python{}", version.short())), "site-packages");
    let lib = survey.join(survey.root(), "lib");
    let (lib64_site, lib_site) = (below(lib64), below(&lib));
    let installed = |dir: &BString| -> Vec<(BString, BString)> {
        let names = survey.names(dir.as_bstr()).unwrap_or_default();
        let metadata = names.iter().filter_map(|name| {
            let stem = name.strip_suffix(b".dist-info")?;
            let name_only = stem.split_once_str("-").map_or(stem, |(name, _)| name);
            Some((normalize(name_only.as_bstr()), name.clone()))
        });
        metadata.collect()
    };
    let (inside, usual) = (installed(&lib64_site), installed(&lib_site));
    let is_used = uses_lib64(survey) || survey.site_dirs().iter().any(|site| site.path == lib64_site);
    let suspects: Vec<&BString> = inside
        .iter()
        .filter(|(name, _)| !is_used || usual.iter().any(|(other, _)| other == name))
        .map(|(_, directory)| directory)
        .collect();
    let first = suspects.first()?;
    let (message, effect) = if is_used {
        let message = sentence!(first, " is in ", lib64_site, ", but its distribution is also in ", lib_site);
        (message, "parts of it may be imported from either tree, and uninstalling one leaves the other")
    } else {
        let message = sentence!(
            lib64_site,
            " contains ",
            first,
            ", but this Python does not search it: lib64 is not a symlink to lib"
        );
        (message, "packages installed there cannot be imported")
    };
    let all_evidence = suspects.iter().take(MOST_EVIDENCE);
    let finding = Finding::new(&LIB64_SPLIT, message)
        .all_evidence(
            all_evidence
                .map(|name| Evidence::about(survey.join(&lib64_site, name.as_slice()), "metadata of a distribution")),
        )
        .effect(effect)
        .fix(fixes::recreate(survey));
    Some(finding)
}
