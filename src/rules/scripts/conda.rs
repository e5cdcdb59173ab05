//! conda environments that stand elsewhere than they were made for.

use bstr::{BStr, BString, ByteSlice};

use super::support::naming;
use crate::environment::{Script, Start, Survey};
use crate::rules::{Code, Confidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static CONDA_PREFIX_STALE: Rule = Rule {
    code: Code("VD511"),
    name: "conda-prefix-stale",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Scripts of a conda environment start a Python in a directory that does not exist.",
    why: "\
conda writes the directory of the environment into scripts, libraries and settings when it installs a package. In an \
environment that was moved, renamed by hand, or packed and not unpacked to the end, all of them are wrong at once. A \
very long name with _placehold_ in it was never replaced since the package was built.",
    example: "\
$ mv miniconda/envs/plots /opt/plots && /opt/plots/bin/pip --version
bash: /opt/plots/bin/pip: /home/ada/miniconda/envs/plots/bin/python: bad interpreter: No such file or directory",
    fix: "Run conda-unpack where there is one, once; else make the environment anew from its list of packages.",
    sources: &["conda/conda#3097", "conda/conda-pack#386"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&CONDA_PREFIX_STALE], judges: &[Judge { when: When::Environment(520), find }] };

/// Scripts that nearly every conda environment has, each from a package of conda. Only these are read: an environment
/// can hold hundreds of other programs.
const USUAL: [&str; 8] = ["pip", "pip3", "pydoc3", "pydoc", "idle3", "2to3", "wheel", "conda"];
/// What builds of packages have in the place of the directory that they are installed in.
const PLACEHOLDER: &str = "_placehold_";

/// Judges the first lines of the scripts: conda writes the directory of the environment into them when it installs.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if !survey.is_dir(survey.join(survey.root(), "conda-meta").as_bstr()) {
        return;
    }
    let scripts: Vec<Script> = USUAL.into_iter().filter_map(|name| survey.script(name.into())).collect();
    let strays = scripts.iter().filter_map(|script| Some((script, script.interpreter(survey)?)));
    let strays: Vec<(&Script, &Start)> = strays.filter(|(_, start)| is_stale(survey, start)).collect();
    let Some((_, first)) = strays.first() else { return };
    let (subject, several) = naming::list(naming::names(strays.iter().map(|(script, _)| *script)), survey.bin());
    let is_template = first.program.contains_str(PLACEHOLDER);
    let ending = if is_template {
        ": the directory that the package was built with, which nobody has replaced"
    } else {
        ", which does not exist: conda made the environment for another directory"
    };
    let message = sentence!(subject, naming::verb(several, " starts ", " start "), first.program, ending);
    findings.push(
        Finding::new(&CONDA_PREFIX_STALE, message)
            .all_evidence(naming::all_evidence(strays.iter().copied()))
            .effect(
                "no script of the environment runs, and libraries and settings that hold the directory are not found",
            )
            .fix(fix(survey)),
    );
}

/// Whether the Python is gone, and with it the directory that the environment was made for.
fn is_stale(survey: &Survey<'_>, start: &Start) -> bool {
    let program: &BStr = start.program.as_bstr();
    let root = survey.parent(survey.parent(program).as_bstr());
    survey.is_missing(program) && survey.is_missing(root.as_bstr())
}

/// A packed environment brings along what sets its directory right, to be run once.
fn fix(survey: &Survey<'_>) -> Fix {
    let unpack: BString = survey.join(survey.bin(), "conda-unpack");
    if survey.is_file(unpack.as_bstr()) {
        let advice = "have conda-unpack write the directory where the environment stands into its files, once";
        return Fix::advice(advice).command(fixes::line(survey, survey.executable()).word(unpack));
    }
    let advice = "\
make the environment anew with conda, from its list of packages; conda does not move environments, it renames or clones \
them (conda rename, conda create --clone) while they are whole";
    Fix::advice(advice)
}
