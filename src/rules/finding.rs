//! A finding: one instance of a rule, with its evidence. It is data; renderers decide how to show it.

use std::ops::Range;

use bstr::BString;

use super::code::Code;
use super::fix::Fix;
use super::rule::Rule;

/// The longest text of a finding in bytes: enough for a sentence with two paths.
const LONGEST: usize = 4000;
/// The longest command in bytes: some shells accept no longer one.
const LONGEST_COMMAND: usize = 32 << 10;

/// How many consequences are shown with their cause.
const MOST_ATTACHED: usize = 8;

/// How much evidence a finding has at most.
const MOST_EVIDENCE: usize = 200;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Python starts, but something does not work as expected.
    Warning,
    /// Something does not work.
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

/// A file, or a place in a file, that shows what a finding says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Evidence {
    /// The file.
    pub file: BString,
    /// The number of the line, from 1; none where the whole file is meant.
    pub line: Option<usize>,
    /// The bytes of the line that are meant, where `text` is the whole line.
    pub span: Option<Range<usize>>,
    /// The content of the line, or what is known about the file.
    pub text: BString,
}

impl Evidence {
    /// A fact about a file.
    pub fn about(file: impl Into<BString>, text: impl Into<BString>) -> Self {
        Self { file: file.into(), line: None, span: None, text: text.into() }
    }

    /// A whole line; lines are counted from 1.
    pub fn line(file: impl Into<BString>, line: usize, text: impl Into<BString>) -> Self {
        Self { file: file.into(), line: Some(line), span: None, text: text.into() }
    }

    /// Marks a part of the line.
    #[must_use]
    pub fn span(mut self, span: Range<usize>) -> Self {
        self.span = Some(span).filter(|span| span.start < span.end && span.end <= self.text.len());
        self
    }

    /// Marks the first occurrence of `needle` in the line.
    #[must_use]
    pub fn marking(self, needle: impl AsRef<[u8]>) -> Self {
        let needle = needle.as_ref();
        match bstr::ByteSlice::find(self.text.as_slice(), needle) {
            Some(at) => self.span(at..at + needle.len()),
            None => self,
        }
    }
}

/// A problem that was found: one instance of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How severe it is in this case.
    pub severity: Severity,
    /// One sentence that says what is wrong and where, with the real paths.
    pub message: BString,
    /// What shows it.
    pub evidence: Vec<Evidence>,
    /// What follows from it, for Python or for other programs.
    pub effect: Option<BString>,
    /// What to do about it, where that is known.
    pub fix: Option<Fix>,
    /// The number of the step of the explanation that shows it.
    pub step: Option<usize>,
    /// The directory that it is about, where other findings may follow from what happened to that.
    pub(super) subject: Option<BString>,
    /// How many consequences were attached to it.
    attached: usize,
    /// What would be its cause.
    pub(super) follows_from: Vec<Cause>,
}

/// A finding of which another one is a consequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cause {
    /// Its rule.
    pub rule: &'static Rule,
    /// A path at or below the directory that it is about; none where any finding of the rule is the cause.
    pub path: Option<BString>,
    /// Whether its fix mends the consequence too. Otherwise both fixes are needed, and become one.
    pub mends: bool,
}

impl Finding {
    /// A finding with the severity of its rule, without evidence.
    pub fn new(rule: &'static Rule, message: impl Into<BString>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message: message.into(),
            evidence: Vec::new(),
            effect: None,
            fix: None,
            step: None,
            subject: None,
            attached: 0,
            follows_from: Vec::new(),
        }
    }

    /// The code of its rule.
    pub fn code(&self) -> Code {
        self.rule.code
    }

    /// Sets another severity than that of the rule.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Adds evidence.
    #[must_use]
    pub fn evidence(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// Adds several pieces of evidence.
    #[must_use]
    pub fn all_evidence(mut self, all_evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(all_evidence);
        self
    }

    /// Names a rule of which a finding would be its cause: the two are then reported as one, with the fix of the cause.
    #[must_use]
    pub(super) fn follows_from(mut self, rule: &'static Rule) -> Self {
        self.follows_from.push(Cause { rule, path: None, mends: true });
        self
    }

    /// Names rules of which a finding would be its cause, if that is about a directory in which `path` is. The fix of this
    /// one becomes a part of that of the cause.
    #[must_use]
    pub(super) fn follows_from_what_happened_to(mut self, path: &BString, rules: &[&'static Rule]) -> Self {
        let causes = rules.iter().map(|&rule| Cause { rule, path: Some(path.clone()), mends: false });
        self.follows_from.extend(causes);
        self
    }

    /// Sets the directory that it is about.
    #[must_use]
    pub(super) fn subject(mut self, dir: impl Into<BString>) -> Self {
        self.subject = Some(dir.into());
        self
    }

    /// Makes a consequence a part of this finding.
    pub(super) fn take_over(&mut self, consequence: &mut Self, mends: bool) {
        self.attached += 1;
        self.severity = self.severity.max(consequence.severity);
        if let Some(first) = consequence.evidence.first().filter(|_| self.attached <= MOST_ATTACHED) {
            let text = crate::text::sentence!("follows from this: ", consequence.message);
            self.evidence.push(Evidence::about(first.file.clone(), text));
        }
        match (&mut self.fix, consequence.fix.take().filter(|_| !mends)) {
            (Some(fix), Some(other)) => fix.take_over(other),
            (fix @ None, other) => *fix = other,
            (Some(_), None) => {}
        }
    }

    /// Sets what follows from it.
    #[must_use]
    pub fn effect(mut self, effect: impl Into<BString>) -> Self {
        self.effect = Some(effect.into());
        self
    }

    /// Sets the fix.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Shortens long texts. A hostile file may contain values of any length, and a finding quotes them several times.
    #[must_use]
    pub(super) fn bounded(mut self) -> Self {
        shorten(&mut self.message);
        self.effect.iter_mut().for_each(shorten);
        if let Some(fix) = &mut self.fix {
            shorten(&mut fix.advice);
            // A part of a command would do something else than the whole.
            if fix.commands.iter().any(|command| command.len() > LONGEST_COMMAND) {
                fix.leave_to_program();
            }
        }
        if self.evidence.len() > MOST_EVIDENCE {
            let more = format!("and {} more", self.evidence.len() - MOST_EVIDENCE + 1);
            self.evidence.truncate(MOST_EVIDENCE);
            self.evidence
                .iter_mut()
                .last()
                .into_iter()
                .for_each(|last| *last = Evidence::about(last.file.clone(), more.as_str()));
        }
        for evidence in &mut self.evidence {
            if evidence.text.len() > LONGEST {
                // The marked part keeps its column; if it was cut off, nothing is marked.
                let end = boundary(&evidence.text, LONGEST);
                evidence.text.truncate(end);
                evidence.text.extend_from_slice("…".as_bytes());
                evidence.span = evidence.span.take().filter(|span| span.end < LONGEST - 4);
            }
        }
        self
    }

    /// Sets the step that shows it.
    #[must_use]
    pub fn step(mut self, step: impl Into<Option<usize>>) -> Self {
        self.step = step.into();
        self
    }
}

/// Cuts out the middle of a long text, and keeps the end of the sentence.
fn shorten(text: &mut BString) {
    const TAIL: usize = 800;
    if text.len() > LONGEST {
        let head = boundary(text, LONGEST - TAIL - 8);
        let tail = text.len() - TAIL;
        let tail = tail + text[tail..].iter().take(3).take_while(|byte| is_inner(**byte)).count();
        *text = crate::text::sentence!(&text[..head], " … ", &text[tail..]);
    }
}

/// The last boundary between characters at or before `at`.
fn boundary(text: &BString, at: usize) -> usize {
    at - text[..=at].iter().rev().take(3).take_while(|byte| is_inner(**byte)).count()
}

/// Whether a byte of UTF-8 continues a character.
fn is_inner(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

#[cfg(test)]
mod tests {
    use bstr::ByteSlice;
    use proptest::prelude::*;

    use super::*;
    use crate::host::Platform;
    use crate::rules::Line;
    use crate::rules::prefix::home::HOME_GONE;

    #[test]
    fn long_texts_are_shortened() {
        let long = format!("{} ends so", "ß𝜋x".repeat(3000));
        let line = Line::new(Platform::Linux, "echo").word(long.repeat(2));
        let fix = Fix::advice(long.as_str()).command(line).safe();
        let evidence = || Evidence::line("f", 1, format!("a = {long}"));
        let finding = Finding::new(&HOME_GONE, long.as_str()).effect(long.as_str()).fix(fix);
        let finding = finding.all_evidence([evidence().marking("a"), evidence().marking("ends so")]).bounded();
        let fix = finding.fix.expect("a fix");
        for text in [&finding.message, &finding.effect.expect("an effect"), &fix.advice] {
            assert!(text.len() <= LONGEST && text.ends_with(b" ends so") && text.to_str().is_ok(), "{text}");
        }
        assert!(fix.commands.is_empty() && !fix.safe);
        let spans: Vec<_> = finding.evidence.iter().map(|evidence| evidence.span.clone()).collect();
        assert_eq!(spans, [Some(0..1), None]);
        assert!(
            finding.evidence.iter().all(|evidence| evidence.text.len() < LONGEST + 4 && evidence.text.to_str().is_ok())
        );
    }

    #[test]
    fn evidence_that_is_left_out_is_counted() {
        let all_evidence = (0..500).map(|number| Evidence::about(format!("f{number}"), "x"));
        let evidence = Finding::new(&HOME_GONE, "").all_evidence(all_evidence).bounded().evidence;
        assert_eq!((evidence.len(), evidence.last()), (200, Some(&Evidence::about("f199", "and 301 more"))));
    }

    proptest! {
        #[test]
        fn any_text_can_be_shortened(text in proptest::collection::vec(any::<u8>(), 3900..4100)) {
            let mut short = BString::from(text.clone());
            shorten(&mut short);
            prop_assert!(short.len() <= LONGEST && (text.len() > LONGEST || short == text));
        }
    }
}
