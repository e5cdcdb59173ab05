//! A resolution and what is wrong with it: everything that a report shows.

use std::ops::Deref;

use crate::findings::{self, Finding};
use crate::host::Host;
use crate::invocation::Invocation;
use crate::startup::{self, Options, Resolution};

/// A resolution with its findings.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What Python would do, and why.
    pub resolution: Resolution,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl Deref for Explanation {
    type Target = Resolution;

    fn deref(&self) -> &Resolution {
        &self.resolution
    }
}

/// Repeats the start-up of the Python that `invocation` names, against `host`, and judges it.
pub fn explain(host: &dyn Host, invocation: &Invocation, options: &Options) -> Explanation {
    let resolution = startup::resolve(host, invocation, options);
    let findings = findings::all(&resolution);
    Explanation { resolution, findings }
}
