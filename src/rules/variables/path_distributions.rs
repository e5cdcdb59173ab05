//! Distributions on `PYTHONPATH` in front of other versions of them in the environment.

use bstr::{BStr, BString, ByteSlice};

use super::python_path;
use super::support::{importing, requirement, settings, visible};
use crate::environment::{Distribution, Survey};
use crate::finders::{self, Suffixes};
use crate::rules::{Code, Confidence, Evidence, Finding, Judge, Rule, Severity, Topic, When};
use crate::startup::{Origin, StepId};
use crate::text::sentence;

pub(in crate::rules) static PYTHONPATH_OTHER_RELEASE: Rule = Rule {
    code: Code("VD340"),
    name: "pythonpath-other-release",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A directory on PYTHONPATH holds another version of a distribution that is installed in the environment.",
    why: "\
PYTHONPATH precedes every site-packages, so the copy in it is imported, and importlib.metadata reports its version. \
Installing another version into the environment changes nothing, since it is never reached. Environment modules of \
computing centers, ROS and editors set the variable; packages in the environment then run with a version that they were \
not installed for.",
    example: "\
$ module load plotcore/1.8.0; echo $PYTHONPATH
/apps/plotcore/lib/python3.12/site-packages
$ .venv/bin/python -c 'import plotcore; print(plotcore.__version__)'
1.8.0
$ ls -d .venv/lib/python3.12/site-packages/plotcore-*
.venv/lib/python3.12/site-packages/plotcore-2.3.1.dist-info",
    fix: "Remove the entry from PYTHONPATH, or start Python with -E or -I if other programs need the variable.",
    sources: &[
        "easybuilders/easybuild-easyblocks#2887",
        "pypa/virtualenv#2118",
        "CPython Doc/using/cmdline.rst: PYTHONPATH",
    ],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&PYTHONPATH_OTHER_RELEASE], judges: &[Judge { when: When::Environment(252), find }] };

/// The most pairs that are shown.
const MOST_SHOWN: usize = 8;

/// Two versions of one distribution.
struct Twice<'d> {
    first: &'d Distribution,
    hidden: &'d Distribution,
    versions: (&'d BStr, &'d BStr),
}

/// Judges each directory of `PYTHONPATH` that is on `sys.path`.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let (Some((value, items)), Some(sys)) = (python_path::items(survey), &survey.resolution.sys) else { return };
    let Some(suffixes) = importing::suffixes(survey) else { return };
    let mut seen: Vec<BString> = Vec::new();
    for item in items.iter().filter(|item| !item.text.is_empty()) {
        let dir = survey.absolute(item.text);
        let is_own = survey.site_dirs().iter().any(|site| survey.same_file(site.path.as_bstr(), dir.as_bstr()));
        let is_searched = sys
            .path
            .iter()
            .any(|entry| entry.origin == Origin::PythonPath && survey.absolute(entry.value.as_bstr()) == dir);
        if is_own || !is_searched || seen.contains(&dir) {
            continue;
        }
        let here = survey.distributions_in(dir.as_bstr());
        let twice = twice(survey, &here, &seen, &suffixes);
        if let Some(finding) = report(survey, dir.as_bstr(), &twice) {
            findings.push(
                finding
                    .evidence(settings::evidence(python_path::NAME, value).span(item.span.clone()))
                    .all_evidence(twice.iter().take(MOST_SHOWN).flat_map(|twice| both(survey, twice)))
                    .fix(python_path::without(survey, &items, item.text))
                    .step(settings::step(survey, StepId::Path)),
            );
        }
        seen.push(dir);
    }
}

/// What is in this directory, in another version in the environment, and in no directory before.
fn twice<'d>(
    survey: &'d Survey<'_>,
    here: &'d [Distribution],
    before: &[BString],
    suffixes: &Suffixes,
) -> Vec<Twice<'d>> {
    let of_name = |first: &'d Distribution| {
        let name = first.normalized();
        let hidden = survey.distributions().iter().find(|own| own.normalized() == name)?;
        let versions = (visible::version(survey, first)?, visible::version(survey, hidden)?);
        let comes_first = |module: &String| {
            let is_in = |dir: &BStr| finders::find_module(survey.ask, dir, module, suffixes).is_some();
            is_in(first.site.as_bstr()) && !before.iter().any(|dir| is_in(dir.as_bstr()))
        };
        let is_hidden =
            requirement::differ(versions.0, versions.1) && importing::modules(survey, hidden).iter().any(comes_first);
        is_hidden.then_some(Twice { first, hidden, versions })
    };
    // Few distributions are on PYTHONPATH, or few in the environment; either way most names are not shared.
    let shared = here.iter().filter(|first| survey.has_distribution(&first.normalized().to_str_lossy()));
    shared.filter_map(of_name).collect()
}

fn report(survey: &Survey<'_>, dir: &BStr, twice: &[Twice<'_>]) -> Option<Finding> {
    let first = twice.first()?;
    let pair =
        |twice: &Twice<'_>| sentence!(twice.hidden.name, " ", twice.versions.0, " in front of ", twice.versions.1);
    let more = twice.len().saturating_sub(MOST_SHOWN);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let shown = bstr::join(", ", twice.iter().take(MOST_SHOWN).map(pair));
    let message = sentence!("PYTHONPATH puts ", dir, " before the packages of ", survey.root(), ": ", shown, rest);
    let effect = sentence!(
        "an import of ",
        first.hidden.name,
        " takes version ",
        first.versions.0,
        ", whatever is installed in ",
        first.hidden.site
    );
    Some(Finding::new(&PYTHONPATH_OTHER_RELEASE, message).effect(effect))
}

fn both(survey: &Survey<'_>, twice: &Twice<'_>) -> [Evidence; 2] {
    let (first, hidden) = twice.versions;
    [
        Evidence::about(twice.first.path(survey), sentence!("is version ", first, ", which is imported")),
        Evidence::about(twice.hidden.path(survey), sentence!("is version ", hidden, ", which is not")),
    ]
}
