//! VD2xx: `pyvenv.cfg`, prefix and base.

mod base;
mod cause;
mod cfg;
mod encoding;
mod extensions;
mod home;
mod initialize;
mod keys;
mod orphaned;
mod pinned;
mod place;
mod rules;
mod stdlib;
mod undecorated;

use super::Finding;
use crate::environment::{Cfg, Survey};
use cause::Cause;

pub use rules::RULES;

/// What startup shows.
pub fn startup(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
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

/// Says that Python dies, where no family said why.
pub fn last_resort(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    initialize::find(survey, findings);
}

/// What further reading shows.
pub fn environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    match survey.pyvenv_cfg() {
        Some(cfg) => pinned::find(survey, cfg, findings),
        None => place::cfg_missing(survey, true, findings),
    }
    orphaned::find(survey, findings);
    extensions::find(survey, findings);
}
