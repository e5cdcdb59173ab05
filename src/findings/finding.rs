//! A finding: a rule that applies, and what proves it. Data; renderers choose how to show it.

use std::ops::Range;

use bstr::BString;

use super::code::Code;
use super::cure::Cure;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Works, but not as it seems.
    Warning,
    /// Does not work.
    Error,
}

impl Severity {
    /// The name used in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// The place in a file that proves a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The file.
    pub file: BString,
    /// The line, from 1, where one line is meant.
    pub line: Option<usize>,
    /// The bytes of that line that are meant, where `text` is the whole line.
    pub span: Option<Range<usize>>,
    /// What stands there, or what was found out about it.
    pub text: BString,
}

impl Proof {
    /// Something that was found out about a file.
    pub fn about(file: impl Into<BString>, text: impl Into<BString>) -> Self {
        Self { file: file.into(), line: None, span: None, text: text.into() }
    }

    /// A whole line, from 1.
    pub fn line(file: impl Into<BString>, line: usize, text: impl Into<BString>) -> Self {
        Self { file: file.into(), line: Some(line), span: None, text: text.into() }
    }

    /// A part of a whole line.
    #[must_use]
    pub fn span(mut self, span: Range<usize>) -> Self {
        self.span = Some(span).filter(|span| span.start < span.end && span.end <= self.text.len());
        self
    }

    /// The part of the line where `needle` stands first.
    #[must_use]
    pub fn marking(self, needle: impl AsRef<[u8]>) -> Self {
        let needle = needle.as_ref();
        match bstr::ByteSlice::find(self.text.as_slice(), needle) {
            Some(at) => self.span(at..at + needle.len()),
            None => self,
        }
    }
}

/// A problem that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that applies.
    pub code: Code,
    /// How bad it is in this case.
    pub severity: Severity,
    /// One sentence with the real paths.
    pub message: BString,
    /// The places that prove it.
    pub evidence: Vec<Proof>,
    /// What Python, or whoever else reads it, does because of it.
    pub effect: Option<BString>,
    /// What to do, where something can be said.
    pub cure: Option<Cure>,
    /// The step of the explanation in which it shows.
    pub step: Option<usize>,
}

impl Finding {
    /// A finding as bad as its rule says, with nothing to prove it yet.
    pub fn new(code: Code, message: impl Into<BString>) -> Self {
        Self {
            code,
            severity: super::rule(code).severity,
            message: message.into(),
            evidence: Vec::new(),
            effect: None,
            cure: None,
            step: None,
        }
    }

    /// Milder, or worse, than its rule says.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// With one more proof.
    #[must_use]
    pub fn proof(mut self, proof: Proof) -> Self {
        self.evidence.push(proof);
        self
    }

    /// With more proofs.
    #[must_use]
    pub fn proofs(mut self, proofs: impl IntoIterator<Item = Proof>) -> Self {
        self.evidence.extend(proofs);
        self
    }

    /// With what follows from it.
    #[must_use]
    pub fn effect(mut self, effect: impl Into<BString>) -> Self {
        self.effect = Some(effect.into());
        self
    }

    /// With what cures it.
    #[must_use]
    pub fn cure(mut self, cure: Cure) -> Self {
        self.cure = Some(cure);
        self
    }

    /// With the step in which it shows.
    #[must_use]
    pub fn step(mut self, step: impl Into<Option<usize>>) -> Self {
        self.step = step.into();
        self
    }
}
