//! The plan of one environment: all fixes of its report that can be done together, and what will be left.

use bstr::{BString, ByteSlice};

use super::draft::Draft;
use super::operation::{Operation, What};
use crate::environment::{Depth, Installed};
use crate::explanation::{Explanation, examine};
use crate::host::Host;
use crate::invocation::Invocation;
use crate::rules::{Code, Finding, Selection, Severity};
use crate::startup::Options;

/// Which fixes are wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Of which rules.
    pub selection: Selection,
    /// Whether those that are not safe are wanted, too.
    pub with_unsafe: bool,
}

impl Wanted {
    /// Every safe fix.
    pub fn safe() -> Self {
        let selection = Selection { select: Vec::new(), ignore: Vec::new(), severity: Severity::Info };
        Self { selection, with_unsafe: false }
    }
}

/// What becomes of a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Progress {
    /// It is to be done.
    Planned,
    /// It was done.
    Applied,
    /// It is not done, for a reason.
    Skipped,
    /// It could not be done, for a reason.
    Failed,
}

impl Progress {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Applied => "applied",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        }
    }
}

/// A fix of one or several findings.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct PlannedFix {
    /// The rules of its findings.
    pub codes: Vec<Code>,
    /// What it does, in words.
    pub title: BString,
    /// Whether it is proven to do no harm.
    pub safe: bool,
    /// What becomes of it.
    pub progress: Progress,
    /// Why it is not done.
    pub reason: Option<BString>,
    /// What it does, in order.
    pub operations: Vec<Operation>,
    /// The commands to paste that do the same, for what only its user may do.
    pub commands: Vec<BString>,
    /// What was installed in the environment that it creates again.
    pub inventory: Vec<Installed>,
    /// The findings that it makes disappear.
    pub(super) subjects: Vec<Subject>,
    pub(super) severity: Severity,
}

impl PlannedFix {
    /// Whether it runs a program, which cannot be imagined.
    pub fn runs_a_program(&self) -> bool {
        self.operations.iter().any(|operation| matches!(operation.what, What::Run { .. }))
    }

    /// Whether it can be undone: what a program has built can be removed, anything else that it did is not known.
    pub fn is_reversible(&self) -> bool {
        let is_lost = |what: &What| matches!(what, What::Run { builds, .. } if builds.is_empty());
        !self.operations.iter().any(|operation| is_lost(&operation.what))
    }

    /// Whether its programs build something new.
    pub fn builds(&self) -> bool {
        self.runs_a_program() && self.is_reversible()
    }
}

/// A finding, as it is known again after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) code: Code,
    place: BString,
    /// The content of the line that it is about: the number changes where lines are deleted.
    line: Option<BString>,
}

impl Subject {
    pub(super) fn of(finding: &Finding) -> Self {
        let evidence = finding.evidence.first();
        let place = evidence.map_or(&finding.message, |evidence| &evidence.file);
        let line = evidence.filter(|evidence| evidence.line.is_some()).map(|evidence| evidence.text.clone());
        Self { code: finding.code(), place: place.clone(), line }
    }

    /// Whether both are about one file. What another fix changes in a line does not make a new finding of an old one.
    pub(super) fn is_in_file_of(&self, other: &Self) -> bool {
        (self.code, &self.place) == (other.code, &other.place)
    }
}

/// How an environment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Standing {
    /// Whether its Python starts.
    pub status: &'static str,
    /// How many findings are errors.
    pub errors: usize,
    /// How many are warnings.
    pub warnings: usize,
}

impl Standing {
    /// How the environment of an explanation is.
    pub fn of(explanation: &Explanation) -> Self {
        let count = |severity| explanation.findings.iter().filter(|finding| finding.severity == severity).count();
        Self {
            status: explanation.resolution.outcome.status.name(),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
        }
    }
}

/// The plan of one environment.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Plan {
    /// Its directory.
    pub path: BString,
    /// How it is.
    pub before: Standing,
    /// How it will be, or how it is after the fixes were applied.
    pub after: Standing,
    /// Its fixes, in the order in which they are done.
    pub fixes: Vec<PlannedFix>,
}

impl Plan {
    /// What the fix of a finding is proven to be; none where it is not part of the plan.
    pub fn is_safe(&self, finding: &Finding) -> Option<bool> {
        let subject = Subject::of(finding);
        self.fixes.iter().find(|fix| fix.subjects.contains(&subject)).map(|fix| fix.safe)
    }
}

/// Plans the repair of the environment of the Python that `invocation` names. Nothing is written: what the fixes do is
/// done to an overlay, and the environment is checked over it.
pub fn plan(host: &dyn Host, invocation: &Invocation, options: &Options, depth: Depth, wanted: &Wanted) -> Plan {
    let before = examine(host, invocation, options, depth);
    let examine = |host: &dyn Host| examine(host, invocation, options, depth);
    plan_for(host, &before, &examine, wanted)
}

/// The same, where it was checked already.
pub(crate) fn plan_for(
    host: &dyn Host,
    before: &Explanation,
    examine: &dyn Fn(&dyn Host) -> Explanation,
    wanted: &Wanted,
) -> Plan {
    let root = before.environment.as_ref().map(|identity| identity.root.clone());
    let typed = || before.resolution.typed().as_bstr().to_owned();
    let mut draft = Draft::new(host, before, examine, wanted);
    let after = draft.complete();
    Plan {
        path: root.unwrap_or_else(typed),
        before: Standing::of(before),
        after: Standing::of(&after),
        fixes: draft.into_fixes(),
    }
}
