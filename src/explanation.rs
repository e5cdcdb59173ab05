//! A resolution and what is wrong with it: everything that a report shows.

use std::cmp::Reverse;

use crate::environment::{Depth, Identity, Survey};
use crate::host::{Host, Lookups};
use crate::invocation::Invocation;
use crate::rules::{self, Finding};
use crate::startup::{self, Options, Resolution};

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
    let (resolution, lookups) = startup::resolve_asking(lookups, invocation, in_place.as_ref().unwrap_or(options));
    let survey = Survey::new(&resolution, &lookups).to_depth(depth);
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
