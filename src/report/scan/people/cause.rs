//! Why environments are broken: one cause, such as a base interpreter that was removed, breaks many of them.

use std::collections::BTreeMap;

use bstr::BString;

use crate::rules::{Severity, is_lost_base};
use crate::scan::Environment;
use crate::text::sentence;

/// The causes, each with the number of environments that it breaks, the most frequent first.
pub fn count(environments: &[Environment]) -> Vec<(BString, usize)> {
    let mut causes: BTreeMap<BString, usize> = BTreeMap::new();
    for environment in environments.iter().filter(|environment| !environment.is_healthy()) {
        *causes.entry(cause(environment)).or_default() += 1;
    }
    let mut causes: Vec<(BString, usize)> = causes.into_iter().collect();
    causes.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    causes
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
