//! A resolution and what is wrong with it: everything that a report shows.

use std::cmp::Reverse;
use std::ops::Deref;

use crate::environment::{Depth, Survey};
use crate::findings::{self, Finding};
use crate::host::{Host, Questions};
use crate::invocation::Invocation;
use crate::startup::{self, Options, Resolution};

/// A resolution with its findings.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What Python would do, and why.
    pub resolution: Resolution,
    /// What is wrong: the worst first, and of equals the one that start-up meets first.
    pub findings: Vec<Finding>,
}

impl Deref for Explanation {
    type Target = Resolution;

    fn deref(&self) -> &Resolution {
        &self.resolution
    }
}

/// Repeats the start-up of the Python that `invocation` names, against `host`, and judges what start-up shows.
pub fn explain(host: &dyn Host, invocation: &Invocation, options: &Options) -> Explanation {
    examine(host, invocation, options, Depth::StartUp)
}

/// The same, and reads on in the environment for everything that any rule describes.
pub fn check(host: &dyn Host, invocation: &Invocation, options: &Options) -> Explanation {
    examine(host, invocation, options, Depth::Environment)
}

/// Repeats the start-up and judges it, to the depth that is wanted.
pub fn examine(host: &dyn Host, invocation: &Invocation, options: &Options, depth: Depth) -> Explanation {
    let questions = Questions::new(host, invocation.cwd.clone());
    examine_asking(questions, invocation, options, depth, |_| ()).0
}

/// The same with questions that may know answers already, and with something more that is learnt from the survey.
pub(crate) fn examine_asking<T>(
    questions: Questions<'_>,
    invocation: &Invocation,
    options: &Options,
    depth: Depth,
    learn: impl FnOnce(&Survey<'_>) -> T,
) -> (Explanation, T) {
    let (resolution, questions) = startup::resolve_asking(questions, invocation, options);
    let survey = Survey::new(&resolution, &questions).to_depth(depth);
    let mut findings = findings::start_up(&survey);
    if depth >= Depth::Environment {
        findings.extend(findings::environment(&survey));
        findings::drop_explained(&mut findings);
    }
    let learnt = learn(&survey);
    drop(survey);
    findings.sort_by_key(|finding| Reverse(finding.severity));
    (Explanation { resolution, findings }, learnt)
}
