//! Why environments are broken, counted: one cause, such as a base that was removed, breaks many of them.

use std::collections::BTreeMap;

use bstr::BString;

use crate::rules::{Severity, is_lost_base};
use crate::scan::Environment;
use crate::startup::Status;
use crate::text::sentence;

/// The causes with the number of environments that each has broken, the most frequent first.
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
            let base = environment.base.as_ref().map_or("unknown".into(), |base| base.as_slice().into());
            let base: BString = base;
            sentence!("lost the base ", base)
        }
        Some((rule, Severity::Error, _)) => sentence!(rule.code.text(), " ", rule.name),
        _ if environment.status == Status::Starts => "an unknown cause".into(),
        _ => environment.reason.clone().unwrap_or_else(|| "an unknown cause".into()),
    }
}
