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
mod effect;
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

use bstr::BString;

use crate::environment::Survey;

pub use action::{Action, ModeChange, Removal};
pub use code::Code;
pub use edit::{Edit, Encoding, Lines, Part, Substitution};
pub use effect::Effect;
pub use family::Family;
pub use finding::{Evidence, Finding, Severity};
pub use fix::Fix;
#[cfg(feature = "internals")]
pub use registry::FAMILIES;
pub use registry::{all_rules, rule};
pub use rule::{Confidence, Rule};
pub use selection::{Selection, Selector, SelectorError};
pub use shell::Line;
pub use together::{count_lines_once, keep_one_recreation};

use family::{Judge, Topic, When, only_where};
use finding::Cause;

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

/// Attaches what follows from another finding to that: as evidence, with its fix where both are needed, so that whoever
/// fixes the cause fixes all.
pub fn attach(findings: &mut Vec<Finding>) {
    let known: Vec<(&Rule, Option<BString>)> = findings.iter().map(|it| (it.rule, it.subject.clone())).collect();
    let is_found =
        |cause: &Cause| known.iter().any(|(rule, subject)| *rule == cause.rule && is_about(cause, subject.as_ref()));
    let consequences: Vec<Finding> =
        findings.extract_if(.., |finding| finding.follows_from.iter().any(is_found)).collect();
    for mut consequence in consequences {
        let found = consequence.follows_from.iter().find_map(|cause| {
            let is_it = |it: &Finding| it.rule == cause.rule && is_about(cause, it.subject.as_ref());
            Some((findings.iter().position(is_it)?, cause.mends))
        });
        match found {
            Some((index, mends)) => findings[index].take_over(&mut consequence, mends),
            // Its cause is a consequence itself, and was attached to another finding.
            None => findings.push(consequence),
        }
    }
}

/// Whether a finding about this directory is what `cause` means.
fn is_about(cause: &Cause, subject: Option<&BString>) -> bool {
    let Some(path) = &cause.path else { return true };
    let rest = subject.and_then(|dir| path.strip_prefix(dir.as_slice()));
    rest.is_some_and(|rest| rest.first().is_none_or(|byte| matches!(byte, b'/' | b'\\')))
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
