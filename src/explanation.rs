//! A resolution and what is wrong with it: everything that a report shows.

use std::cmp::Reverse;

use crate::environment::{Depth, Identity, Survey};
use crate::host::{Host, Lookups};
use crate::imports::{self, Launched};
use crate::invocation::{Invocation, Launch};
use crate::rules::{self, Finding};
use crate::startup::{self, Options, Outcome, Resolution, Status, StepId};
use crate::text::sentence;

/// A resolution with its findings.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Explanation {
    /// What Python would do, and why.
    pub resolution: Resolution,
    /// What the interpreter belongs to; none where there is nothing to tell.
    pub environment: Option<Identity>,
    /// What is wrong: the worst first, and of equals the one that startup meets first.
    pub findings: Vec<Finding>,
}

/// Repeats the startup of the Python that `invocation` names, against `host`, and judges what startup shows.
pub fn explain(host: &dyn Host, invocation: &Invocation, options: &Options) -> Explanation {
    examine(host, invocation, options, Depth::Startup)
}

/// The same, and reads on in the environment for everything that any rule describes.
pub fn check(host: &dyn Host, invocation: &Invocation, options: &Options) -> Explanation {
    examine(host, invocation, options, Depth::Environment)
}

/// Repeats the startup and judges it, to the depth that is wanted.
pub fn examine(host: &dyn Host, invocation: &Invocation, options: &Options, depth: Depth) -> Explanation {
    let lookups = Lookups::new(host, invocation.cwd.clone());
    examine_asking(lookups, invocation, options, depth)
}

/// The same with lookups that may know answers already.
pub(crate) fn examine_asking(
    lookups: Lookups<'_>,
    invocation: &Invocation,
    options: &Options,
    depth: Depth,
) -> Explanation {
    let in_place = (depth >= Depth::Environment).then(|| Options { in_place: true, ..options.clone() });
    let (mut resolution, lookups) = startup::resolve_asking(lookups, invocation, in_place.as_ref().unwrap_or(options));
    tell_launched(&mut resolution, &lookups);
    let survey = Survey::new(&resolution, &lookups).at_depth(depth);
    let mut findings = rules::startup(&survey);
    if depth >= Depth::Environment {
        findings.extend(rules::environment(&survey));
    }
    rules::drop_explained(&mut findings);
    rules::attach(&mut findings);
    rules::keep_one_recreation(&mut findings);
    let environment = survey.identity().cloned();
    findings.sort_by_key(|finding| Reverse(finding.severity));
    rules::count_lines_once(&mut findings, survey.platform(), survey.root());
    drop(survey);
    Explanation { resolution, environment, findings }
}

/// Says what runs as `__main__`. Where there is nothing to run, Python ends before the first line of any launched code.
fn tell_launched(resolution: &mut Resolution, lookups: &Lookups<'_>) {
    if matches!(resolution.invocation.launch, Launch::Command | Launch::Interactive) {
        return;
    }
    let launched = imports::launched(resolution, lookups);
    let Some(step) = resolution.steps.iter_mut().find(|step| step.id == StepId::Launch) else { return };
    match launched {
        Launched::File(file) => step.detail = sentence!(step.detail, " The file ", file, " runs as __main__."),
        Launched::Nothing { reason, message } => {
            step.detail = sentence!(step.detail, " Nothing can be run: ", reason, ".");
            let (status, step) = (Status::FailsToInitialize, Some(step.number));
            resolution.messages.extend(message);
            resolution.outcome = Outcome { status, reason: Some(reason), step };
        }
        Launched::Unknown => {}
    }
}
