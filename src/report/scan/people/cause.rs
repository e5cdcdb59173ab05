//! Why environments are broken: one cause, such as a base interpreter that was removed, breaks many of them.

use std::collections::BTreeMap;

use bstr::BString;

use crate::rules::{Rule, Severity, is_lost_base};
use crate::scan::Environment;
use crate::text::sentence;

/// Why environments are broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// In words.
    pub text: BString,
    /// The rule that says more.
    pub rule: Option<&'static Rule>,
    /// The number of environments that it breaks.
    pub times: usize,
}

/// The causes, the most frequent first.
pub fn causes(environments: &[Environment]) -> Vec<Cause> {
    let mut causes: BTreeMap<BString, Cause> = BTreeMap::new();
    for environment in environments.iter().filter(|environment| !environment.is_healthy()) {
        let text = cause(environment);
        let new = || Cause { text: text.clone(), rule: rule(environment), times: 0 };
        causes.entry(text.clone()).or_insert_with(new).times += 1;
    }
    let mut causes: Vec<Cause> = causes.into_values().collect();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.times));
    causes
}

fn rule(environment: &Environment) -> Option<&'static Rule> {
    environment.first.as_ref().filter(|(_, severity, _)| *severity == Severity::Error).map(|(rule, ..)| *rule)
}

fn cause(environment: &Environment) -> BString {
    match &environment.first {
        Some((rule, _, _)) if is_lost_base(rule) => {
            let base = environment.base.clone().unwrap_or_else(|| "(unknown)".into());
            sentence!("the base interpreter ", base, " does not exist")
        }
        Some((rule, Severity::Error, _)) => sentence!(rule.code.text(), " ", rule.name),
        _ if !environment.status.fails() => "the cause is not known".into(),
        _ => environment.reason.clone().unwrap_or_else(|| "the cause is not known".into()),
    }
}
