//! What a change does to a resolution: two explanations compared step by step and entry by entry. And what two
//! environments differ in.

mod align;
pub mod environments;

use std::hash::Hash;

use bstr::{BStr, BString, ByteSlice};

use crate::Explanation;
use crate::host::Lookup;
use crate::rules::Finding;
use crate::startup::{Hook, Named, PathEntry, Phase, SiteValues, Step, StepId, SysValues, Value};
use align::{Aligned, align};

/// An element together with its index in its list.
#[derive(Debug)]
pub struct Numbered<'e, T> {
    /// From 0.
    pub index: usize,
    /// The element.
    pub item: &'e T,
}

impl<T> Clone for Numbered<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Numbered<'_, T> {}

/// What the change did to an element of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is unchanged.
    Kept,
    /// It is new.
    Added,
    /// It was removed.
    Removed,
    /// It has another position in the list and is otherwise unchanged.
    Moved,
    /// It is still there, and something about it is different.
    Altered,
}

impl Fate {
    /// The name used in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Moved => "moved",
            Self::Altered => "altered",
        }
    }
}

/// An element of either list, or of both.
#[derive(Debug)]
pub struct Pair<'e, T> {
    /// What the change did to it.
    pub fate: Fate,
    /// The element before the change; none if it is new.
    pub before: Option<Numbered<'e, T>>,
    /// The element after the change; none if it was removed.
    pub after: Option<Numbered<'e, T>>,
}

impl<T> Clone for Pair<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Pair<'_, T> {}

impl<'e, T> Pair<'e, T> {
    /// The element after the change, or else before it.
    pub fn item(&self) -> Option<&'e T> {
        self.after.or(self.before).map(|numbered| numbered.item)
    }
}

/// A value that is different. `None` means that the attribute does not exist or was not computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueChange {
    /// Its name, as in Python.
    pub name: &'static str,
    /// The value before the change.
    pub before: Option<Value>,
    /// The value after the change.
    pub after: Option<Value>,
}

/// All differences between two explanations.
///
/// Lists are complete: they include elements that are [`Fate::Kept`], in their order after the change. Removed elements
/// keep their old position.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Difference<'e> {
    /// The explanation of the machine as it is.
    pub before: &'e Explanation,
    /// The explanation of the changed machine.
    pub after: &'e Explanation,
    /// The values that differ: the outcome, the version, the attributes of `sys` (but `sys.path`) and of `site`.
    pub values: Vec<ValueChange>,
    /// `sys.path`, aligned by value.
    pub path: Vec<Pair<'e, PathEntry>>,
    /// The steps, aligned by their `StepId`.
    pub steps: Vec<Pair<'e, Step>>,
    /// The code that startup would execute.
    pub startup: Vec<Pair<'e, Hook>>,
    /// What Python would print.
    pub messages: Vec<Pair<'e, BString>>,
    /// The findings.
    pub findings: Vec<Pair<'e, Finding>>,
}

impl Difference<'_> {
    /// Whether nothing that Python does or shows is different. Steps may differ if they have the same result in the end.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
            && all_kept(&self.path)
            && all_kept(&self.startup)
            && all_kept(&self.messages)
            && all_kept(&self.findings)
    }
}

/// Whether a list is unchanged.
pub fn all_kept<T>(pairs: &[Pair<'_, T>]) -> bool {
    pairs.iter().all(|pair| pair.fate == Fate::Kept)
}

/// Compares two explanations of the same Python, before and after a change.
///
/// ```
/// use venv_doctor::internals::difference::{Fate, compare};
/// use venv_doctor::internals::host::{HostError, MemoryHost, Platform};
/// use venv_doctor::internals::interpreter::Version;
/// use venv_doctor::internals::invocation::Invocation;
/// use venv_doctor::internals::startup::Options;
/// use venv_doctor::internals::what_if::WhatIf;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let host = MemoryHost::new(Platform::Linux)
///     .executable("/usr/bin/python3.12")
///     .error("/usr/bin/python3.12", HostError::PermissionDenied)
///     .file("/usr/lib/python3.12/os.py", "")
///     .file("/usr/lib/python3.12/encodings/__init__.py", "")
///     .directory("/usr/lib/python3.12/lib-dynload")
///     .directory("/usr/lib/python3.12/site-packages")
///     .symlink("/w/.venv/bin/python", "/usr/bin/python3.12")
///     .file("/w/.venv/pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = false\n")
///     .directory("/w/.venv/lib/python3.12/site-packages");
/// let invocation = Invocation::on(&host, "/w/.venv/bin/python")?;
/// let options = Options { python_version: Some(Version::new(3, 12, 1)), ..Options::default() };
/// let before = venv_doctor::explain(&host, &invocation, &options);
///
/// let mut what_if = WhatIf::default();
/// what_if.set.push(("include-system-site-packages".into(), "true".into()));
/// let changed = what_if.apply(&host, &before)?;
/// let after = venv_doctor::explain(&changed.host, &invocation, &options);
///
/// let difference = compare(&before, &after);
/// let added: Vec<_> = difference.path.iter().filter(|pair| pair.fate == Fate::Added).collect();
/// assert_eq!(added.len(), 1);
/// assert_eq!(added[0].after.unwrap().item.value, "/usr/lib/python3.12/site-packages");
/// # Ok(())
/// # }
/// ```
pub fn compare<'e>(before: &'e Explanation, after: &'e Explanation) -> Difference<'e> {
    Difference {
        before,
        after,
        values: changed_values(named(before), named(after)),
        path: pairs(path(before), path(after), |entry| entry.value.clone(), is_same_entry),
        steps: pairs(&before.resolution.steps, &after.resolution.steps, step_key, is_same_step),
        startup: pairs(
            &before.resolution.startup,
            &after.resolution.startup,
            |code| (code.kind.name(), code.file.clone(), code.line, code.code.clone()),
            |_, _| true,
        ),
        messages: pairs(&before.resolution.messages, &after.resolution.messages, Clone::clone, |_, _| true),
        findings: pairs(
            &before.findings,
            &after.findings,
            |finding| (finding.code(), finding.message.clone()),
            |one, other| (&one.fix, &one.evidence) == (&other.fix, &other.evidence),
        ),
    }
}

/// The values that a step decides differently from its counterpart; for a step that is new or removed, all its values.
pub fn changed_sets(pair: &Pair<'_, Step>) -> Vec<ValueChange> {
    let sets = |step: Option<Numbered<'_, Step>>| -> Vec<Named> {
        step.map_or_else(Vec::new, |step| {
            step.item.sets.iter().map(|(name, value)| (*name, Some(value.clone()))).collect()
        })
    };
    changed_values(sets(pair.before), sets(pair.after))
}

/// Whether a step that is in both explanations decides differently, and does not only make other lookups on the way to the
/// same decision.
pub fn decides_otherwise(pair: &Pair<'_, Step>) -> bool {
    match (pair.before, pair.after) {
        (Some(before), Some(after)) => {
            (&before.item.sets, &before.item.detail) != (&after.item.sets, &after.item.detail)
        }
        _ => false,
    }
}

/// The lookups of a step and of its counterpart, aligned by operation and path.
pub fn lookup_pairs<'e>(pair: &Pair<'e, Step>) -> Vec<Pair<'e, Lookup>> {
    let asked = |step: Option<Numbered<'e, Step>>| step.map_or(&[][..], |step| &step.item.lookups);
    let key = |lookup: &'e Lookup| (lookup.op.name(), lookup.path.as_bstr());
    pairs(asked(pair.before), asked(pair.after), key, |one, other| one.answer == other.answer)
}

fn named(explanation: &Explanation) -> Vec<Named> {
    let text = |text: &str| Some(Value::Text(text.into()));
    let interpreter = &explanation.resolution.identification.interpreter;
    let mut values = vec![
        ("outcome", text(explanation.resolution.outcome.status.name())),
        ("reason", explanation.resolution.outcome.reason.clone().map(Value::Text)),
        ("implementation", text(interpreter.implementation.name())),
        ("version", interpreter.version.map(|version| Value::Text(version.to_string().into()))),
        ("pyvenv.cfg", explanation.resolution.pyvenv_cfg.as_ref().map(|cfg| Value::Text(cfg.path.clone()))),
    ];
    values.extend(explanation.resolution.sys.iter().flat_map(SysValues::named));
    values.extend(explanation.resolution.site.iter().flat_map(SiteValues::named));
    values
}

fn changed_values(before: Vec<Named>, after: Vec<Named>) -> Vec<ValueChange> {
    let mut changes: Vec<ValueChange> =
        before.into_iter().map(|(name, before)| ValueChange { name, before, after: None }).collect();
    for (name, after) in after {
        match changes.iter_mut().find(|change| change.name == name) {
            Some(change) => change.after = after,
            None => changes.push(ValueChange { name, before: None, after }),
        }
    }
    changes.retain(|change| change.before != change.after);
    changes
}

fn path(explanation: &Explanation) -> &[PathEntry] {
    explanation.resolution.sys.as_ref().map_or(&[], |sys| &sys.path)
}

fn is_same_entry(one: &PathEntry, other: &PathEntry) -> bool {
    (one.origin, one.exists, &one.file) == (other.origin, other.exists, &other.file)
}

/// A step is identified by its `StepId`, and one about a `.pth` or `.start` file also by that file, which it looks up first.
fn step_key(step: &Step) -> (StepId, Option<&BStr>) {
    let file = step.lookups.first().filter(|_| step.phase == Phase::Pth).map(|lookup| lookup.path.as_bstr());
    (step.id, file)
}

fn is_same_step(one: &Step, other: &Step) -> bool {
    (&one.detail, &one.lookups, &one.sets) == (&other.detail, &other.lookups, &other.sets)
}

fn pairs<'e, T, K: Hash + Eq>(
    before: &'e [T],
    after: &'e [T],
    key: impl Fn(&'e T) -> K,
    is_same: impl Fn(&T, &T) -> bool,
) -> Vec<Pair<'e, T>> {
    let keys = |items: &'e [T]| items.iter().map(&key).collect::<Vec<K>>();
    let numbered = |items: &'e [T], index: usize| Some(Numbered { index, item: &items[index] });
    let pair = |aligned| match aligned {
        Aligned::Before(at) => Pair { fate: Fate::Removed, before: numbered(before, at), after: None },
        Aligned::After(at) => Pair { fate: Fate::Added, before: None, after: numbered(after, at) },
        Aligned::Both { before: old, after: new, moved } => {
            let fate = match (is_same(&before[old], &after[new]), moved) {
                (false, _) => Fate::Altered,
                (true, true) => Fate::Moved,
                (true, false) => Fate::Kept,
            };
            Pair { fate, before: numbered(before, old), after: numbered(after, new) }
        }
    };
    align(&keys(before), &keys(after)).into_iter().map(pair).collect()
}
