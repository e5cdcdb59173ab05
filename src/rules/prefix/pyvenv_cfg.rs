//! `pyvenv.cfg` as a whole: calls the judges of one file in the order in which startup reads it.

use super::support::cause::{self, Cause};
use super::support::cfg;
use super::{build_system, encoding, home, keys, misplaced, missing, passed_over, pinned, start_path, stdlib, store};
use crate::environment::{Cfg, Survey};
use crate::rules::{Finding, Judge, Topic, When};

pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[],
    judges: &[
        Judge { when: When::Startup(300), find: startup },
        Judge { when: When::Environment(300), find: environment },
    ],
};

/// What startup shows.
fn startup(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let cause = cause::of_failure(survey);
    // `stdlib::missing` looks at the findings of this family only.
    let mut own = Vec::new();
    if let Some(cfg) = survey.pyvenv_cfg() {
        judge(survey, cfg, cause.as_ref(), &mut own);
    } else if !passed_over::in_local_bin(survey, &mut own) {
        missing::startup(survey, &mut own);
    }
    stdlib::misled(survey, cause.as_ref(), &mut own);
    stdlib::missing(survey, cause.as_ref(), &mut own);
    start_path::find(survey, &mut own);
    findings.append(&mut own);
}

/// Judges the file and where it leads.
fn judge(survey: &Survey<'_>, cfg: &Cfg, cause: Option<&Cause>, findings: &mut Vec<Finding>) {
    encoding::find(survey, cfg, cause, findings);
    let is_of_build_system = build_system::find(survey, findings);
    misplaced::in_bin(survey, cfg, findings);
    let is_in_base = misplaced::in_base(survey, cfg, findings);
    if cfg.lines.len() > cfg::MOST_LINES {
        return;
    }
    if !is_in_base {
        home::find(survey, cfg, cause, is_of_build_system, findings);
        stdlib::of_another(survey, cfg, findings);
        pinned::startup(survey, cfg, findings);
    }
    // In the file of a base or of a build system, keys are missing on purpose.
    keys::find(survey, cfg, !is_in_base && !is_of_build_system, findings);
    store::find(survey, cfg, findings);
}

/// What only a check reads.
fn environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    stdlib::of_another_micro(survey, findings);
    if let Some(cfg) = survey.pyvenv_cfg() {
        pinned::find(survey, cfg, findings);
    } else {
        missing::environment(survey, findings);
    }
}
