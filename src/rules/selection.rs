//! Which rules and findings are wanted: by code, by the beginning of codes, by name, by severity.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::finding::{Finding, Severity};
use super::registry::all_rules;

/// What the codes of all rules begin with.
const PREFIX: &str = "VD";
/// How alike a name has to be to be suggested, from 0 to 1.
const ALIKE: f64 = 0.8;

/// Names rules: by a code (`VD205`), by the beginning of codes (`VD2`), or by a name (`home-gone`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Selector {
    /// All rules whose codes begin so.
    Code(String),
    /// The rule with this name.
    Name(String),
}

impl Selector {
    /// Whether the rule with this code and name is meant.
    pub fn covers(&self, code: &str, name: &str) -> bool {
        match self {
            Self::Code(prefix) => code.starts_with(prefix.as_str()),
            Self::Name(own) => own == name,
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Code(text) | Self::Name(text)) = self;
        formatter.write_str(text)
    }
}

/// A text that names no rule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", self.text())]
pub struct SelectorError {
    kind: &'static str,
    similar: Option<String>,
}

impl SelectorError {
    /// What to do about it.
    fn text(&self) -> String {
        match &self.similar {
            Some(similar) => format!("no rule has this {}; did you mean `{similar}`?", self.kind),
            None => format!("no rule has this {}; `venv-doctor rule --all` lists all rules", self.kind),
        }
    }
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.to_ascii_lowercase();
        let upper = text.to_ascii_uppercase();
        if upper.starts_with(PREFIX) && rules().any(|(code, _)| code.starts_with(&upper)) {
            return Ok(Self::Code(upper));
        }
        if rules().any(|(_, name)| name == lower) {
            return Ok(Self::Name(lower));
        }
        let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
        let looks_like_code = upper.starts_with(PREFIX) || has_digit && !text.contains('-');
        Err(if looks_like_code {
            SelectorError { kind: "code", similar: similar(&upper, rules().map(|(code, _)| code)) }
        } else {
            SelectorError { kind: "name", similar: similar(&lower, rules().map(|(_, name)| name)) }
        })
    }
}

/// The code and the name of every rule.
fn rules() -> impl Iterator<Item = (&'static str, &'static str)> {
    all_rules().map(|rule| (rule.code.text(), rule.name))
}

/// The word that is most like what was typed, where one is.
fn similar(typed: &str, words: impl Iterator<Item = &'static str>) -> Option<String> {
    // No rule has a longer name, and comparing takes time with the product of the lengths.
    if typed.len() > 64 {
        return None;
    }
    // Jaro-Winkler prefers words that begin alike; of equal ones, the first is taken.
    let alike = |word: &'static str| (strsim::jaro_winkler(typed, word), word);
    let better = |best: (f64, &'static str), other: (f64, &'static str)| if other.0 > best.0 { other } else { best };
    let best = words.map(alike).reduce(better)?;
    (best.0 > ALIKE).then(|| best.1.to_owned())
}

/// Which findings are wanted.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Selection {
    /// Only findings of these rules; where there are none, of all.
    pub select: Vec<Selector>,
    /// And of those, none of these.
    pub ignore: Vec<Selector>,
    /// The minimum severity to show.
    pub severity: Severity,
}

impl Selection {
    /// Whether the finding is selected, whatever its severity.
    pub fn counts(&self, finding: &Finding) -> bool {
        let rule = finding.rule;
        let covered = |selectors: &[Selector]| selectors.iter().any(|one| one.covers(rule.code.text(), rule.name));
        (self.select.is_empty() || covered(&self.select)) && !covered(&self.ignore)
    }

    /// Whether the finding is shown.
    pub fn shows(&self, finding: &Finding) -> bool {
        self.counts(finding) && finding.severity >= self.severity
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::prefix::home::HOME_MASKED;
    use crate::rules::prefix::initialize::FAILS_TO_INITIALIZE;
    use crate::rules::startup_code::pth::PTH_TARGET_MISSING;

    #[test]
    fn rules_are_named_by_code_by_prefix_and_by_name() {
        for (text, covers) in
            [("vd2", true), ("VD201", true), ("VD202", false), ("Fails-To-Initialize", true), ("VD", true)]
        {
            let selector: Selector = text.parse().unwrap();
            assert_eq!(selector.covers("VD201", "fails-to-initialize"), covers, "{text}");
        }
    }

    #[test]
    fn what_names_no_rule_is_told_with_what_may_be_meant() {
        let cases = [
            ("VD206x", "no rule has this code; did you mean `VD206`?"),
            ("E501", "no rule has this code; `venv-doctor rule --all` lists all rules"),
            ("hom-gone", "no rule has this name; did you mean `home-gone`?"),
            ("dangling-symlinks", "no rule has this name; did you mean `dangling-symlink`?"),
            ("", "no rule has this name; `venv-doctor rule --all` lists all rules"),
            ("V", "no rule has this name; `venv-doctor rule --all` lists all rules"),
        ];
        for (text, said) in cases {
            let error = text.parse::<Selector>().unwrap_err().to_string();
            assert!(error.starts_with(said), "{text}: {error}");
        }
        assert!("-".repeat(1 << 20).parse::<Selector>().is_err());
    }

    #[test]
    fn what_is_ignored_is_neither_counted_nor_shown() {
        let selection = Selection {
            select: vec!["VD2".parse().unwrap()],
            ignore: vec!["VD202".parse().unwrap()],
            severity: Severity::Error,
        };
        let finding = |rule, severity| Finding::new(rule, "").severity(severity);
        assert!(selection.shows(&finding(&FAILS_TO_INITIALIZE, Severity::Error)));
        assert!(selection.counts(&finding(&FAILS_TO_INITIALIZE, Severity::Info)));
        assert!(!selection.shows(&finding(&FAILS_TO_INITIALIZE, Severity::Info)));
        assert!(!selection.counts(&finding(&HOME_MASKED, Severity::Error)));
        assert!(!selection.counts(&finding(&PTH_TARGET_MISSING, Severity::Error)));
    }
}
