//! Why environments are broken, counted: one cause, such as a base that was removed, breaks many of them.

use std::collections::BTreeMap;

use bstr::BString;

use crate::rules::{Code, Severity, rule};
use crate::scan::Environment;
use crate::startup::Status;
use crate::text::sentence;

/// The codes that say of a base that it is gone.
const LOST_BASE: [Code; 6] = [
    Code::DanglingLink,
    Code::RefreshLeftDangling,
    Code::CellarRemoved,
    Code::StoreCollected,
    Code::OtherMachine,
    Code::ToolInterpreterRemoved,
];

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
        Some((code, _, _)) if LOST_BASE.contains(code) => {
            let base = environment.base.as_ref().map_or("unknown".into(), |base| base.as_slice().into());
            let base: BString = base;
            sentence!("lost the base ", base)
        }
        Some((code, Severity::Error, _)) => sentence!(code.text(), " ", rule(*code).name),
        _ if environment.status == Status::Starts => "an unknown cause".into(),
        _ => environment.reason.clone().unwrap_or_else(|| "an unknown cause".into()),
    }
}
