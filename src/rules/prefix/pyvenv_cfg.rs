//! `pyvenv.cfg` as a whole: what several rules have to say about one file, in the order in which startup reads it.

use super::support::cause::{self, Cause};
use super::support::cfg;
use super::{encoding, home, keys, pinned, place, stdlib};
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
    let cause = cause::of_death(survey);
    let mut own = Vec::new();
    if let Some(cfg) = survey.pyvenv_cfg() {
        judge(survey, cfg, cause.as_ref(), &mut own);
    } else {
        place::cfg_missing(survey, false, &mut own);
    }
    stdlib::misled(survey, cause.as_ref(), &mut own);
    stdlib::missing(survey, cause.as_ref(), &mut own);
    place::start_path(survey, &mut own);
    findings.append(&mut own);
}

/// Judges the file and where it leads.
fn judge(survey: &Survey<'_>, cfg: &Cfg, cause: Option<&Cause>, findings: &mut Vec<Finding>) {
    encoding::find(survey, cfg, cause, findings);
    let is_build_system = place::build_system(survey, findings);
    place::cfg_in_bin(survey, cfg, findings);
    // What such a file leaves out, it leaves out on purpose.
    let is_stray = place::cfg_in_base(survey, cfg, findings);
    if cfg.lines.len() > cfg::MOST_LINES {
        return;
    }
    let mut lines = Vec::new();
    keys::find(survey, cfg, !is_stray && !is_build_system, &mut lines);
    if !is_stray {
        home::find(survey, cfg, cause, is_build_system, &lines, findings);
        stdlib::of_another(survey, cfg, findings);
    }
    findings.append(&mut lines);
    place::store(survey, cfg, findings);
}

/// What further reading shows.
fn environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    match survey.pyvenv_cfg() {
        Some(cfg) => pinned::find(survey, cfg, findings),
        None => place::cfg_missing(survey, true, findings),
    }
}
