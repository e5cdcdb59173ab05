//! Looking at what the fixes of a report would change, without planning them.

use bstr::BString;

use super::operation::{Operation, counts_for, work_out};
use super::state::State;
use crate::explanation::Explanation;
use crate::host::{Host, OverlayHost};
use crate::rules::{Effect, Fix};

/// Notes for every action of a fix what is at its path and what will be there. Each fix is looked at as if it were alone.
pub fn look_at_effects(host: &dyn Host, explanation: &mut Explanation) {
    let cwd = explanation.resolution.invocation.cwd.clone();
    for fix in explanation.findings.iter_mut().filter_map(|finding| finding.fix.as_mut()) {
        fix.effects = effects(&mut OverlayHost::new(host), fix, cwd.as_ref());
    }
}

fn effects(scratch: &mut OverlayHost<'_>, fix: &Fix, cwd: Option<&BString>) -> Vec<Option<Effect>> {
    let mut looked_at = Vec::with_capacity(fix.actions.len());
    for (number, action) in fix.actions.iter().enumerate() {
        let operation = if action.is_run() { None } else { work_out(scratch, action, cwd).ok().flatten() };
        if let Some(operation) = operation.as_ref().filter(|it| counts_for(&fix.actions[number + 1..], &it.what)) {
            // It was worked out, so that it is possible.
            drop(operation.what.perform(scratch));
        }
        looked_at.push(operation.map(effect));
    }
    looked_at
}

fn effect(operation: Operation) -> Effect {
    let Operation { before, after, diff, .. } = operation;
    let hash = |state: &State| state.sha256().map(str::to_owned);
    Effect {
        was: before.name(),
        target: match &before {
            State::Symlink { target } => Some(target.clone()),
            _ => None,
        },
        sha256: [hash(&before), hash(&after)],
        mode: [before.mode(), after.mode()],
        diff,
    }
}
