//! What is wrong with an environment. A finding is data; renderers choose how to show it.
//!
//! A family of rules has a directory: `rules.rs` documents each of them, the other files find what they describe. What
//! startup has established costs nothing more and is part of every explanation ([`startup`]); the rest is found by
//! reading further ([`environment`]).

mod all_evidence;
mod catalogue;
mod certainty;
mod code;
mod distributions;
mod executable;
mod extensions;
mod finding;
mod fix;
mod fixes;
mod places;
mod prefix;
mod rule;
mod scripts;
mod selection;
mod shell;
mod startup_code;
mod variables;

use crate::environment::Survey;

pub use catalogue::{all_rules, rule};
pub use code::{Code, UnknownCodeError};
pub use finding::{Evidence, Finding, Severity};
pub use fix::Fix;
pub use rule::{PHASES, Rule};
pub use selection::{CodePrefix, PrefixError, Selection};
pub use shell::Line;

/// A family finds what its rules describe, and adds it to the list.
type Family = fn(&Survey<'_>, &mut Vec<Finding>);

/// What startup itself shows to be wrong, in the order of its phases. Nothing is derived again, and next to nothing
/// is asked beyond what the resolution has established.
pub fn startup(survey: &Survey<'_>) -> Vec<Finding> {
    const FAMILIES: [Family; 7] = [
        executable::startup,
        variables::startup,
        prefix::startup,
        startup_code::startup,
        places::startup,
        certainty::startup,
        prefix::last_resort,
    ];
    gather(survey, &FAMILIES)
}

/// What is wrong beyond that: with scripts, installed distributions, extension modules, permissions.
pub fn environment(survey: &Survey<'_>) -> Vec<Finding> {
    const FAMILIES: [Family; 9] = [
        executable::environment,
        variables::environment,
        prefix::environment,
        startup_code::environment,
        scripts::environment,
        distributions::environment,
        extensions::environment,
        places::environment,
        certainty::environment,
    ];
    gather(survey, &FAMILIES)
}

/// Takes away what another finding explains: it names the cause, and both would send the reader to two places.
pub fn drop_explained(findings: &mut Vec<Finding>) {
    const EXPLAINED: [(Code, &[Code]); 2] = [
        (Code::ForeignLayout, &[Code::ExecutableMissing]),
        (Code::RedirectBroken, &[Code::ExecutableMissing, Code::DanglingLink]),
    ];
    for (cause, consequences) in EXPLAINED {
        if findings.iter().any(|finding| finding.code == cause && finding.severity == Severity::Error) {
            findings.retain(|finding| !consequences.contains(&finding.code));
        }
    }
}

fn gather(survey: &Survey<'_>, families: &[Family]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for family in families {
        family(survey, &mut findings);
    }
    findings.into_iter().map(Finding::bounded).collect()
}
