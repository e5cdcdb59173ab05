//! What is wrong with an environment: rules, and the findings in which they apply.
//!
//! Each family of rules has a directory. A file in it holds rules and the code that finds what they describe: a
//! [`Topic`]. The build script declares these files and collects their topics, so that adding a rule touches no other
//! file; what the rules of a family share is in its `support`.

mod action;
mod certainty;
mod code;
mod distributions;
mod edit;
mod executable;
mod extensions;
mod family;
mod finding;
mod fix;
mod fixes;
mod places;
mod prefix;
mod record_evidence;
mod registry;
mod rule;
mod scripts;
mod selection;
mod shell;
mod startup_code;
mod together;
mod variables;

use crate::environment::Survey;
use crate::text::sentence;

pub use action::{Action, ModeChange, Removal};
pub use code::Code;
pub use edit::{Edit, Encoding, Lines, Part, Substitution};
pub use family::Family;
pub use finding::{Evidence, Finding, Severity};
pub use fix::Fix;
#[cfg(feature = "internals")]
pub use registry::FAMILIES;
pub use registry::{all_rules, rule};
pub use rule::{Confidence, Rule};
pub use selection::{Selection, Selector, SelectorError};
pub use shell::Line;
pub use together::keep_one_recreation;

use family::{Judge, Topic, When};

/// What startup itself shows to be wrong, in the order of its phases. Nothing is derived again, and next to nothing
/// is asked beyond what the resolution has established.
pub fn startup(survey: &Survey<'_>) -> Vec<Finding> {
    judge(survey, |when| matches!(when, When::Startup(_)))
}

/// What is wrong beyond that: with scripts, installed distributions, extension modules, permissions.
pub fn environment(survey: &Survey<'_>) -> Vec<Finding> {
    judge(survey, |when| matches!(when, When::Environment(_)))
}

/// Whether a rule says of an environment that its base is gone.
#[cfg(feature = "cli")]
pub fn is_lost_base(rule: &Rule) -> bool {
    use executable::{dangling, file};
    let rules = [
        &file::DANGLING_SYMLINK,
        &dangling::REFRESH_LEFT_DANGLING,
        &dangling::CELLAR_REMOVED,
        &dangling::STORE_COLLECTED,
        &dangling::OTHER_MACHINE,
        &dangling::TOOL_INTERPRETER_REMOVED,
    ];
    rules.contains(&rule)
}

/// Takes away what another finding explains: it names the cause, and both would send the reader to two places.
pub fn drop_explained(findings: &mut Vec<Finding>) {
    let explained: [(&Rule, &[&Rule]); 3] = [
        (&variables::shadow::PYTHONPATH_HOLDS_STDLIB, &[&prefix::initialize::FAILS_TO_INITIALIZE]),
        (&scripts::layout::FOREIGN_LAYOUT, &[&executable::file::EXECUTABLE_MISSING]),
        (
            &scripts::redirect::REDIRECT_BROKEN,
            &[&executable::file::EXECUTABLE_MISSING, &executable::file::DANGLING_SYMLINK],
        ),
    ];
    for (cause, consequences) in explained {
        if findings.iter().any(|finding| finding.rule == cause && finding.severity == Severity::Error) {
            findings.retain(|finding| !consequences.contains(&finding.rule));
        }
    }
}

/// How many consequences are shown with their cause.
const MOST_ATTACHED: usize = 8;

/// Attaches what follows from another finding to that: as evidence, since whoever fixes the cause fixes both.
pub fn attach(findings: &mut Vec<Finding>) {
    let found: Vec<&Rule> = findings.iter().map(|finding| finding.rule).collect();
    let follows = |finding: &mut Finding| finding.follows_from.iter().any(|cause| found.contains(cause));
    let consequences: Vec<Finding> = findings.extract_if(.., follows).collect();
    for cause in findings {
        let own = consequences.iter().filter(|finding| finding.follows_from.contains(&cause.rule));
        cause.evidence.extend(own.take(MOST_ATTACHED).filter_map(|consequence| {
            let file = consequence.evidence.first()?.file.clone();
            Some(Evidence::about(file, sentence!("follows from this: ", consequence.message)))
        }));
    }
}

fn judge(survey: &Survey<'_>, is_wanted: impl Fn(When) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for judge in registry::judges().into_iter().filter(|judge| is_wanted(judge.when)) {
        (judge.find)(survey, &mut findings);
    }
    let mut findings: Vec<Finding> = findings.into_iter().map(Finding::bounded).collect();
    for finding in &mut findings {
        let code = finding.code();
        if let Some(fix) = &mut finding.fix {
            fix.spell_out(survey.platform(), code, survey.root());
        }
    }
    findings
}
