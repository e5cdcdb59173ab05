//! conda environments that are not in the directory for which they were created.

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
conda writes the environment's directory into scripts, libraries and settings when it installs a package. In an \
environment that was moved, renamed by hand, or packed and not completely unpacked, all of these paths are wrong. A \
very long path that contains _placehold_ was never replaced after the package was built.",
    example: "\
$ mv miniconda/envs/plots /opt/plots && /opt/plots/bin/pip --version
bash: /opt/plots/bin/pip: /home/ada/miniconda/envs/plots/bin/python: bad interpreter: No such file or directory",
    fix: "\
Run conda-unpack once, if the environment contains it; otherwise recreate the environment from its list of packages.",
    sources: &["conda/conda#3097", "conda/conda-pack#386"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&CONDA_PREFIX_STALE], judges: &[Judge { when: When::Environment(520), find }] };

/// Scripts that nearly every conda environment has, each from a conda package. Only these are read: an environment can
/// contain hundreds of other programs.
const USUAL: [&str; 8] = ["pip", "pip3", "pydoc3", "pydoc", "idle3", "2to3", "wheel", "conda"];
/// The directory name that package builds use until the package is installed.
const PLACEHOLDER: &str = "_placehold_";

/// Checks the first lines of the scripts, into which conda writes the directory of the environment.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if !survey.is_dir(survey.join(survey.root(), "conda-meta").as_bstr()) {
        return;
    }
    let scripts: Vec<Script> = USUAL.into_iter().filter_map(|name| survey.script(name.into())).collect();
    let starts = scripts.iter().filter_map(|script| Some((script, script.interpreter(survey)?)));
    let stale: Vec<(&Script, &Start)> = starts.filter(|(_, start)| is_stale(survey, start)).collect();
    let Some((_, first)) = stale.first() else { return };
    let (subject, several) = naming::list(naming::names(stale.iter().map(|(script, _)| *script)), survey.bin());
    let is_template = first.program.contains_str(PLACEHOLDER);
    let ending = if is_template {
        ", a placeholder from the build of the package that was never replaced"
    } else {
        ", which does not exist: conda created the environment for another directory"
    };
    let message = sentence!(subject, naming::verb(several, " starts ", " start "), first.program, ending);
    findings.push(
        Finding::new(&CONDA_PREFIX_STALE, message)
            .all_evidence(naming::all_evidence(stale.iter().copied()))
            .effect(
                "the scripts do not run, and whatever libraries and settings refer to in that directory is not found",
            )
            .fix(fix(survey)),
    );
}

/// Whether the Python is missing, and with it the directory for which the environment was created.
fn is_stale(survey: &Survey<'_>, start: &Start) -> bool {
    let program: &BStr = start.program.as_bstr();
    let root = survey.parent(survey.parent(program).as_bstr());
    survey.is_missing(program) && survey.is_missing(root.as_bstr())
}

/// A packed environment contains the program that corrects its paths; it is run once.
fn fix(survey: &Survey<'_>) -> Fix {
    let unpack: BString = survey.join(survey.bin(), "conda-unpack");
    if survey.is_file(unpack.as_bstr()) {
        let advice = "run conda-unpack once, which writes the environment's current directory into its files";
        return Fix::advice(advice).command(fixes::line(survey, survey.executable()).word(unpack));
    }
    let advice = "\
recreate the environment with conda from its list of packages; conda cannot move an environment, but renames or clones \
one that is intact (conda rename, conda create --clone)";
    Fix::advice(advice)
}
