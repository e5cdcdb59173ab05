//! Writes the explanation while the simulation runs.

use std::rc::Rc;

use bstr::{BStr, BString};

use super::behaviors::{Behavior, Behaviors};
use super::record::{Step, Value};
use super::steps::StepId;
use crate::host::{HostError, Lookup, Lookups};
use crate::text::python::{self, Charset};

/// Collects the steps of one resolution. Lookups between one [`Trace::begin`] and the next are part of the step that the
/// first one opened.
pub struct Trace<'h> {
    /// Looks things up on the host and logs it.
    pub ask: Lookups<'h>,
    /// How Python decodes paths.
    pub charset: Charset,
    /// Which source of a step is named.
    source: fn(StepId) -> &'static str,
    steps: Vec<Step>,
    messages: Vec<BString>,
}

impl<'h> Trace<'h> {
    /// An explanation without steps.
    pub fn new(ask: Lookups<'h>) -> Self {
        Self {
            ask,
            charset: Charset::default(),
            source: |id| id.info().source,
            steps: Vec::with_capacity(24),
            messages: Vec::new(),
        }
    }

    /// From here on, the C path configuration of 3.10 and before is named as the source.
    pub fn use_legacy_sources(&mut self) {
        self.name_sources(|id| id.info().legacy);
    }

    /// From here on, the sources are named that `source` knows.
    pub fn name_sources(&mut self, source: fn(StepId) -> &'static str) {
        self.source = source;
    }

    /// Opens the next step and returns its number.
    pub fn begin(&mut self, id: StepId) -> usize {
        self.close();
        let number = self.steps.len() + 1;
        let info = id.info();
        self.steps.push(Step {
            number,
            phase: info.phase,
            title: info.title,
            detail: BString::default(),
            id,
            source: (self.source)(id).to_owned(),
            issues: Vec::new(),
            lookups: Vec::new(),
            sets: Vec::new(),
        });
        number
    }

    /// Opens the next step unless one of that kind is open: what follows a detour gets a step of its own.
    pub fn resume(&mut self, id: StepId) -> usize {
        match self.steps.last() {
            Some(step) if step.id == id => step.number,
            _ => self.begin(id),
        }
    }

    /// Drops every step after the last identification, and what Python was said to print.
    pub fn keep_identification(&mut self) {
        self.close();
        let last = self.steps.iter().rposition(|step| step.id == StepId::Identify);
        self.steps.truncate(last.map_or(0, |last| last + 1));
        self.messages.clear();
    }

    /// Drops every step after the first identification.
    pub fn keep_first_identification(&mut self) {
        self.close();
        let first = self.steps.iter().position(|step| step.id == StepId::Identify);
        self.steps.truncate(first.map_or(0, |first| first + 1));
    }

    /// The number of the open step; 0 before the first.
    pub fn step(&self) -> usize {
        self.steps.len()
    }

    /// Adds a sentence to the open step.
    pub fn say(&mut self, sentence: impl AsRef<[u8]>) {
        if let Some(step) = self.steps.last_mut() {
            if !step.detail.is_empty() {
                step.detail.push(b' ');
            }
            step.detail.extend_from_slice(sentence.as_ref());
        }
    }

    /// Notes a value that the open step decided; a value decided twice keeps the last.
    pub fn set(&mut self, name: &'static str, value: Value) {
        if let Some(step) = self.steps.last_mut() {
            match step.sets.iter_mut().find(|(known, _)| *known == name) {
                Some((_, old)) => *old = value,
                None => step.sets.push((name, value)),
            }
        }
    }

    /// Notes a string that the open step decided.
    pub fn set_text(&mut self, name: &'static str, value: &BStr) {
        self.set(name, Value::Text(value.to_owned()));
    }

    /// Whether the version has the behavior; the open step then names the issue that brought it.
    pub fn has(&mut self, behaviors: &Behaviors, behavior: Behavior) -> bool {
        let has = behaviors.has(behavior);
        if has && let Some(step) = self.steps.last_mut() {
            let issue = behavior.row().issue;
            if !step.issues.contains(&issue) {
                step.issues.push(issue);
            }
        }
        has
    }

    /// Python prints this line on standard error.
    pub fn print(&mut self, line: impl Into<BString>) {
        self.messages.push(line.into());
    }

    /// Python code prints this line on standard error.
    pub fn print_text(&mut self, line: impl AsRef<[u8]>) {
        self.messages.push(python::printed(line.as_ref(), self.charset));
    }

    /// Adds lookups that were made earlier to the open step.
    pub fn recall(&mut self, lookups: &[Lookup]) {
        self.close();
        if let Some(step) = self.steps.last_mut() {
            step.lookups.extend_from_slice(lookups);
        }
    }

    /// Closes the open step and returns the steps, the messages, and the lookups with their memory.
    pub fn finish(mut self) -> (Vec<Step>, Vec<BString>, Lookups<'h>) {
        self.close();
        (self.steps, self.messages, self.ask)
    }

    /// The content of a file as startup reads it: bounded, and a directory is an error.
    ///
    /// # Errors
    /// As [`crate::host::Host::read`].
    pub fn read(&self, path: &BStr) -> Result<Rc<Vec<u8>>, HostError> {
        self.ask.read(path, super::MOST_BYTES)
    }

    /// Notes the lookups since [`Self::close`] in the first step of this kind, where they are no part of the open one.
    pub fn give_lookups_to(&mut self, id: StepId) {
        let lookups = self.ask.take_log();
        if let Some(step) = self.steps.iter_mut().find(|step| step.id == id) {
            step.lookups.extend(lookups);
        }
    }

    /// Notes the lookups so far in the open step.
    pub fn close(&mut self) {
        let lookups = self.ask.take_log();
        if let Some(step) = self.steps.last_mut() {
            step.lookups.extend(lookups);
        }
    }
}
