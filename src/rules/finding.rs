//! A finding: a rule that applies, and what proves it. Data; renderers choose how to show it.

use std::ops::Range;

use bstr::BString;

use super::code::Code;
use super::fix::Fix;
use super::rule::Rule;

/// The longest text of a finding in bytes: two paths as long as they can be, and a sentence around them.
const LONGEST: usize = 4000;
/// The longest command: nobody pastes a longer one, and no shell of some systems takes it.
const LONGEST_COMMAND: usize = 32 << 10;

/// So many places prove a finding to anybody.
const MOST_EVIDENCE: usize = 200;

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
pub struct Evidence {
    /// The file.
    pub file: BString,
    /// The line, from 1, where one line is meant.
    pub line: Option<usize>,
    /// The bytes of that line that are meant, where `text` is the whole line.
    pub span: Option<Range<usize>>,
    /// What stands there, or what was found out about it.
    pub text: BString,
}

impl Evidence {
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
    pub rule: &'static Rule,
    /// How bad it is in this case.
    pub severity: Severity,
    /// One sentence with the real paths.
    pub message: BString,
    /// The places that prove it.
    pub evidence: Vec<Evidence>,
    /// What Python, or whoever else reads it, does because of it.
    pub effect: Option<BString>,
    /// What to do, where something can be said.
    pub fix: Option<Fix>,
    /// The step of the explanation in which it shows.
    pub step: Option<usize>,
}

impl Finding {
    /// A finding as bad as its rule says, with nothing to prove it yet.
    pub fn new(rule: &'static Rule, message: impl Into<BString>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message: message.into(),
            evidence: Vec::new(),
            effect: None,
            fix: None,
            step: None,
        }
    }

    /// The code of its rule.
    pub fn code(&self) -> Code {
        self.rule.code
    }

    /// Milder, or worse, than its rule says.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// With one more evidence.
    #[must_use]
    pub fn evidence(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// With more evidence.
    #[must_use]
    pub fn all_evidence(mut self, all_evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(all_evidence);
        self
    }

    /// With what follows from it.
    #[must_use]
    pub fn effect(mut self, effect: impl Into<BString>) -> Self {
        self.effect = Some(effect.into());
        self
    }

    /// With what fixes it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// The same with nothing in it that is longer than anybody reads. A value may have as many bytes as a file that
    /// was made to do harm, and each finding quotes it several times.
    #[must_use]
    pub(super) fn bounded(mut self) -> Self {
        shorten(&mut self.message);
        self.effect.iter_mut().for_each(shorten);
        if let Some(fix) = &mut self.fix {
            shorten(&mut fix.advice);
            // Half a command does something else than the whole.
            if fix.commands.iter().any(|command| command.len() > LONGEST_COMMAND) {
                fix.commands.clear();
                fix.safe = false;
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
                // What is marked keeps its column, or the mark goes.
                let end = begin(&evidence.text, LONGEST);
                evidence.text.truncate(end);
                evidence.text.extend_from_slice("…".as_bytes());
                evidence.span = evidence.span.take().filter(|span| span.end < LONGEST - 4);
            }
        }
        self
    }

    /// With the step in which it shows.
    #[must_use]
    pub fn step(mut self, step: impl Into<Option<usize>>) -> Self {
        self.step = step.into();
        self
    }
}

/// Cuts a long text in the middle, and leaves the end of the sentence.
fn shorten(text: &mut BString) {
    const TAIL: usize = 800;
    if text.len() > LONGEST {
        let head = begin(text, LONGEST - TAIL - 8);
        let tail = text.len() - TAIL;
        let tail = tail + text[tail..].iter().take(3).take_while(|byte| is_inner(**byte)).count();
        *text = crate::text::sentence!(&text[..head], " … ", &text[tail..]);
    }
}

/// The end of the part before `at` that has only whole characters.
fn begin(text: &BString, at: usize) -> usize {
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
    fn nothing_endless_is_told() {
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
    fn what_is_not_shown_is_counted() {
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
